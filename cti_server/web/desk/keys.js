// The desk's keys: function keys that no browser needs, so that they work while one types; arrows in lists.
//
// `data-key="Shift+F7"` on an element: it is focused, and pressed if it is a button without `data-focus`.
// `data-arrows` on a list: its key goes to its first entry, up and down go among its `data-item`s. `data-digit="1"` on a button of an entry:
// the digit presses it while the entry has the focus. `data-enter` on a field, or on all of a form: Ctrl+Enter presses that button.

/** @param {EventTarget | null} target */
const typesIn = (target) =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));

/** @param {string | undefined} id */
function press(id) {
  if (id) document.getElementById(id)?.click();
}

/** @param {KeyboardEvent} event @returns {boolean} whether the key meant a button of its field */
function enters(event) {
  const { key, ctrlKey, target } = event;
  if (key !== "Enter" || !(target instanceof HTMLElement)) return false;
  const alone = target instanceof HTMLSelectElement ? target.dataset.enter : undefined;
  const wanted = ctrlKey ? /** @type {HTMLElement | null} */ (target.closest("[data-enter]"))?.dataset.enter : alone;
  press(wanted);
  return wanted !== undefined;
}

/** @param {Element} list */
const itemsOf = (list) => /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[data-item], a.number")]);

/** @param {KeyboardEvent} event */
function goes(event) {
  if (!["ArrowDown", "ArrowUp"].includes(event.key) || typesIn(event.target)) return false;
  const list = /** @type {Element} */ (event.target).closest?.("[data-arrows]");
  if (!list) return false;
  const items = itemsOf(list);
  const entry = /** @type {Element} */ (event.target).closest("li");
  const at = items.findIndex((one) => one === event.target || entry?.contains(one));
  items[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
  return true;
}

/** @param {KeyboardEvent} event */
function digits(event) {
  if (typesIn(event.target) || !/^[0-9]$/.test(event.key)) return false;
  const entry = /** @type {Element} */ (event.target).closest?.("li");
  const button = /** @type {HTMLElement | null | undefined} */ (entry?.querySelector(`[data-digit="${event.key}"]`));
  button?.click();
  return Boolean(button);
}

/** What a key means may be folded: a list in its menu, the notes of a call that is not in sight. @param {HTMLElement} wanted */
function unfold(wanted) {
  const menu = wanted.matches("[data-arrows]") ? wanted.closest("details") : null;
  if (menu) menu.open = true;
  const folded = /** @type {HTMLElement | null} */ (wanted.closest("[data-folded]"));
  if (folded) document.dispatchEvent(new CustomEvent("task:wanted", { detail: folded.dataset.call }));
}

/** @param {KeyboardEvent} event */
function shortcut(event) {
  const key = (event.ctrlKey ? "Ctrl+" : "") + (event.shiftKey ? "Shift+" : "") + event.key;
  const asked = event.key === "?" && !typesIn(event.target) ? "F1" : key;
  const all = /** @type {NodeListOf<HTMLElement & {disabled?: boolean}>} */ (document.querySelectorAll("[data-key]"));
  const meant = [...all].filter((one) => one.dataset.key === asked && !one.disabled);
  const wanted = meant.find((one) => one.checkVisibility()) ?? meant[0];
  if (!wanted) return false;
  unfold(wanted);
  (wanted.matches("[data-arrows]") ? itemsOf(wanted)[0] : wanted)?.focus();
  if (wanted.matches("button:not([data-focus])")) wanted.click();
  return true;
}

/** Listen for all of them. */
export function listenForKeys() {
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    if (enters(event)) return event.preventDefault();
    if (event.altKey || event.metaKey || event.repeat) return;
    if (event.ctrlKey) {
      if (shortcut(event)) event.preventDefault();
      return;
    }
    if (goes(event) || digits(event) || shortcut(event)) event.preventDefault();
  });
}
