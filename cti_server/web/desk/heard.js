// What is said in a talk, on its card: unfolded or one line, as this dispatcher has it; it follows the end unless one
// has scrolled back. A screen reader reads it out only where that was asked for.

const UNFOLDED = "hotline:heard-unfolded";
const ALOUD = "hotline:heard-aloud";
const NEAR_END = 24;
/** The lists that were left at their end: they follow it. @type {WeakSet<Element>} */
const read = new WeakSet();

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
    if (!read.has(list)) list.scrollTop = list.scrollHeight;
  }
}

/** The words about which one is asked, else those of the task in sight. */
const inSight = () =>
  /** @type {HTMLDetailsElement | null} */ (document.querySelector("#pop details[data-heard]") ?? document.querySelector("#cards > article:not([data-folded]) details[data-heard]"));

/** Follow what is heard, how it is folded, and who scrolls. */
export function keepHeard() {
  document.addEventListener("desk:shown", arrange);
  document.addEventListener(
    "scroll",
    ({ target }) => {
      if (!(target instanceof HTMLElement) || !target.matches(".desk-heard-list")) return;
      if (atEnd(target)) read.delete(target);
      else read.add(target);
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
