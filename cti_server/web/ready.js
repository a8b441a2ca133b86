// Ready answers: a click puts one into its field, Ctrl+F3 leads to those that belong to where one writes.

/** Put the text where the cursor is, or behind what stands in the field. @param {HTMLTextAreaElement} field @param {string} text */
function put(field, text) {
  const at = document.activeElement === field ? field.selectionEnd : field.value.length;
  const before = field.value.slice(0, at);
  const gap = before && !/\s$/.test(before) ? "\n" : "";
  field.focus();
  field.setRangeText(gap + text, at, at, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** The ready answers that are nearest to the cursor: of its field, its form, or the first of the page. */
function nearest() {
  const at = document.activeElement;
  const within = at?.closest("form, dialog");
  return /** @type {HTMLDetailsElement | null} */ (within?.querySelector("details.ready") ?? document.querySelector("details.ready"));
}

/** Where one wrote when the key was pressed: notes take them as well. @type {HTMLTextAreaElement | null} */
let wrote = null;

document.addEventListener("click", ({ target }) => {
  const by = /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest("[data-ready]"));
  const into = wrote?.isConnected ? wrote : document.getElementById(by?.dataset.into ?? "");
  if (!by || !(into instanceof HTMLTextAreaElement)) return;
  put(into, by.dataset.ready ?? "");
  wrote = null;
  const list = by.closest("details");
  if (list) list.open = false;
});

document.addEventListener("keydown", (event) => {
  const list = /** @type {HTMLDetailsElement | null} */ (/** @type {Element} */ (event.target).closest("details.ready[open]"));
  if (event.key === "Escape" && list) {
    event.preventDefault();
    event.stopImmediatePropagation();
    list.open = false;
    document.getElementById(/** @type {HTMLElement | null} */ (list.querySelector("[data-into]"))?.dataset.into ?? "")?.focus();
  }
  const found = event.ctrlKey && event.key === "F3" ? nearest() : null;
  if (!found) return;
  event.preventDefault();
  const at = document.activeElement;
  wrote = at instanceof HTMLTextAreaElement ? at : null;
  for (let one = /** @type {Element | null | undefined} */ (found); one; one = one.parentElement?.closest("details")) one.setAttribute("open", "");
  /** @type {HTMLElement | null} */ (found.querySelector("[data-ready]"))?.focus();
}, { capture: true });
