// Calling back one after another: whoever is next is shown for some seconds, and then dialled as by a click.
// Seconds are counted from when they came up here: the clocks of this machine and of the hotline may differ.
import { desk } from "./posting.js";
import { written } from "../look/clock.js";

const LOOK_EVERY_MS = 250;
let next = "";
let dialsAt = 0;
let dialled = false;
/** @type {ReturnType<typeof setInterval> | undefined} */
let looking;

const offline = () => !(/** @type {HTMLElement} */ (document.getElementById("desk-offline")).hidden);

function look() {
  const entry = /** @type {HTMLElement | null} */ (desk.querySelector("[data-next]"));
  if (!entry) {
    clearInterval(looking);
    looking = undefined;
    next = "";
    return;
  }
  const now = performance.now();
  if (entry.dataset.next !== next) {
    next = entry.dataset.next ?? "";
    dialsAt = now + Number(entry.dataset.seconds) * 1000;
    dialled = false;
  }
  const left = Math.max(0, Math.ceil((dialsAt - now) / 1000));
  const clock = /** @type {HTMLElement} */ (entry.querySelector(".desk-countdown"));
  const text = written(left);
  if (clock.textContent !== text) clock.textContent = text;
  if (left > 0 || dialled || offline()) return; // what stands here may be old when the hotline is not heard
  dialled = true;
  /** @type {HTMLElement | null} */ (entry.querySelector("a.number"))?.click();
}

/** Dial whoever is next when their seconds are over; while there is nobody, nothing is looked at. */
export function takeTurns() {
  const watch = () => {
    if (looking === undefined && desk.querySelector("[data-next]")) looking = setInterval(look, LOOK_EVERY_MS);
  };
  document.addEventListener("desk:shown", watch);
  watch();
}
