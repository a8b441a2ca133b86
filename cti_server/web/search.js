// The search box: reached by a key from anywhere, its results walked by arrows, and Esc goes back to what one did.
//
// Enter on a result is the link's or the button's own; Enter in the box sends its form: that needs no script.

const form = /** @type {HTMLFormElement} */ (document.querySelector("form[data-search]"));
const field = /** @type {HTMLInputElement} */ (form.querySelector("input[type=search]"));
const found = /** @type {HTMLElement} */ (form.querySelector("#search-found"));
const atDesk = form.dataset.search === "desk";

/** @type {HTMLElement | null} Where one was before: Esc goes back there. */
let before = null;

/** @param {EventTarget | null} target */
const isTypedInto = (target) =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));

const results = () => /** @type {HTMLElement[]} */ ([...found.querySelectorAll(".search-one")]);

function enter() {
  if (!form.contains(document.activeElement)) before = /** @type {HTMLElement | null} */ (document.activeElement);
  field.focus();
  field.select();
  if (found.childElementCount && field.value.trim()) found.hidden = false;
}

function leave() {
  if (atDesk) found.hidden = true;
  if (before?.isConnected && before !== document.body) before.focus();
  else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  before = null;
}

/** Walk from the box through the results; up from the first one leads back into the box. @param {number} step */
function walk(step) {
  const all = [field, ...results()];
  const here = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  all[Math.min(Math.max(here + step, 0), all.length - 1)].focus();
}

document.addEventListener("keydown", (event) => {
  const key = (event.shiftKey ? "Shift+" : "") + event.key;
  const wanted = key === "F3" || (event.key === "/" && !isTypedInto(event.target));
  if (!wanted || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  enter();
});

form.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") walk(1);
  else if (event.key === "ArrowUp") walk(-1);
  else if (event.key === "Escape") leave();
  else return;
  event.preventDefault();
  event.stopPropagation();
});

form.addEventListener("focusin", (event) => {
  const from = /** @type {HTMLElement | null} */ (event.relatedTarget);
  if (from && !form.contains(from)) before = from;
  if (found.childElementCount && field.value.trim()) found.hidden = false;
});

if (atDesk) {
  form.addEventListener("focusout", (event) => {
    if (!form.contains(/** @type {Node | null} */ (event.relatedTarget))) found.hidden = true;
  });
  new MutationObserver(() => {
    found.hidden = !field.value.trim() || !form.contains(document.activeElement);
  }).observe(found, { childList: true });
}

// What was typed before the scripts were there is looked for as well.
addEventListener("load", () => {
  if (field.value !== field.defaultValue) field.dispatchEvent(new Event("input"));
});
