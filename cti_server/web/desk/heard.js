// What is said in a talk, on its card: unfolded or one line, as this dispatcher has it; it follows the end unless one
// has scrolled back. A screen reader reads it out only where that was asked for.

const UNFOLDED = "hotline:heard-unfolded";
const ALOUD = "hotline:heard-aloud";
const NEAR_END = 24;
const BACK = new Set(["Home", "PageUp", "ArrowUp"]);
/** The lists in which somebody has gone back: they stand still. All others follow their end. @type {WeakSet<Element>} */
const read = new WeakSet();
/** Where each list stood last, for where it goes now. @type {WeakMap<Element, number>} */
const stood = new WeakMap();

const lists = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".desk-heard-list")]);

/** @param {HTMLElement} list */
const atEnd = (list) => list.scrollTop + list.clientHeight >= list.scrollHeight - NEAR_END;

/** @param {string} name */
const isOn = (name) => localStorage.getItem(name) === "yes";

/** @param {string} name @param {boolean} on */
const remember = (name, on) => localStorage.setItem(name, on ? "yes" : "no");

/** Have all cards as it was chosen, and each list at its end. */
function arrange() {
  for (const list of lists()) {
    const words = /** @type {HTMLDetailsElement | null} */ (list.closest("details"));
    const aloud = /** @type {HTMLInputElement | null | undefined} */ (words?.querySelector("[data-heard-aloud]"));
    if (words && words.dataset.met === undefined) {
      words.dataset.met = "";
      words.open = isOn(UNFOLDED);
    }
    if (aloud) aloud.checked = isOn(ALOUD);
    list.setAttribute("aria-live", isOn(ALOUD) ? "polite" : "off");
    if (read.has(list)) continue;
    list.scrollTop = list.scrollHeight;
    stood.set(list, list.scrollTop);
  }
}

/** The list in which this happened. @param {Event} event */
const listOf = ({ target }) =>
  target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest(".desk-heard-list")) : null;

/** Somebody goes back: from now on, for where scrolling glides it begins later, and new words would undo it. @param {Event} event */
function goesBack(event) {
  const list = listOf(event);
  if (list && list.scrollTop > 0) read.add(list);
}

/** The words about which one is asked, else those of the task in sight. */
const inSight = () =>
  /** @type {HTMLDetailsElement | null} */ (document.querySelector("#pop details[data-heard]") ?? document.querySelector("#cards > article:not([data-folded]) details[data-heard]"));

/** Follow what is heard, how it is folded, and who scrolls. */
export function keepHeard() {
  document.addEventListener("desk:shown", arrange);
  document.addEventListener("keydown", (event) => BACK.has(event.key) && goesBack(event), { capture: true });
  document.addEventListener("wheel", (event) => event.deltaY < 0 && goesBack(event), { capture: true, passive: true });
  document.addEventListener(
    "scroll",
    (event) => {
      const list = listOf(event);
      if (!list) return;
      const before = stood.get(list) ?? 0;
      stood.set(list, list.scrollTop);
      if (!atEnd(list)) {
        if (list.scrollTop !== before) read.add(list); // else it has not moved: words have come since it was put there
      } else if (list.scrollTop > before) read.delete(list); // else we put it there, and somebody goes back by now
    },
    { capture: true },
  );
  document.addEventListener(
    "toggle",
    ({ target }) => {
      if (!(target instanceof HTMLDetailsElement) || target.dataset.heard === undefined) return;
      remember(UNFOLDED, target.open);
      arrange();
    },
    { capture: true },
  );
  document.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target.dataset.heardAloud === undefined) return;
    remember(ALOUD, target.checked);
    arrange();
  });
  document.addEventListener("keydown", (event) => {
    if (event.code !== "Digit0" || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const words = inSight();
    if (!words || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    words.open = !words.open;
  });
  arrange();
}
