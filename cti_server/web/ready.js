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

/** The ready answers that are nearest to the cursor: of its field, its form, or the first in sight. */
function nearest() {
  const lists = /** @type {HTMLDetailsElement[]} */ ([...document.querySelectorAll("details.ready")]);
  const within = document.activeElement?.closest("form, dialog");
  return lists.find((one) => within?.contains(one)) ?? lists.find((one) => !one.closest("[hidden], [data-folded]"));
}

/** The field where one wrote when the key led to this list: notes take them as well. @type {{field: HTMLTextAreaElement, list: Element} | null} */
let wrote = null;

/** The field that an answer of this list goes into. @param {Element} list */
function fieldOf(list) {
  if (wrote?.list === list && wrote.field.isConnected) return wrote.field;
  const named = /** @type {HTMLElement | null} */ (list.querySelector("[data-into]"))?.dataset.into;
  const field = document.getElementById(named ?? "");
  return field instanceof HTMLTextAreaElement ? field : null;
}

document.addEventListener("focusin", ({ target }) => {
  if (target instanceof HTMLTextAreaElement) wrote = null; // the hand has gone on
});

document.addEventListener("click", ({ target }) => {
  const by = /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest("[data-ready]"));
  const list = by?.closest("details");
  const into = list && fieldOf(list);
  if (!by || !list || !into) return;
  put(into, by.dataset.ready ?? "");
  list.open = false;
});

document.addEventListener("keydown", (event) => {
  const list = /** @type {HTMLDetailsElement | null} */ (/** @type {Element} */ (event.target).closest("details.ready[open]"));
  if (event.key === "Escape" && list) {
    event.preventDefault();
    event.stopImmediatePropagation();
    list.open = false;
    fieldOf(list)?.focus();
  }
  const found = event.ctrlKey && event.key === "F3" ? nearest() : null;
  if (!found) return;
  event.preventDefault();
  const at = document.activeElement;
  wrote = at instanceof HTMLTextAreaElement ? { field: at, list: found } : null;
  for (let one = /** @type {Element | null | undefined} */ (found); one; one = one.parentElement?.closest("details")) one.setAttribute("open", "");
  /** @type {HTMLElement | null} */ (found.querySelector("[data-ready]"))?.focus();
}, { capture: true });
