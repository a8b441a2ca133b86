// A calendar beneath a field of ours for a day or a moment: opened by the sign at its end or by Alt+↓, gone with Esc.
import { dayText, readMoment } from "./dates.js";

const SIGN_PX = 36;
const GAP_PX = 4;
const language = document.documentElement.lang;
const STEPS = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 });

/** @type {HTMLInputElement | null} */
let field = null;
let shown = new Date();
const box = document.createElement("div");
box.className = "calendar-box";
box.setAttribute("role", "dialog");

/** @param {EventTarget | null} target */
const fieldOf = (target) =>
  target instanceof HTMLInputElement && target.dataset.date && !target.readOnly ? target : null;

/** @param {number} days @param {Date} [from] */
const after = (days, from = shown) => new Date(from.getFullYear(), from.getMonth(), from.getDate() + days);

/** @param {number} months */
function monthAfter(months) {
  const last = new Date(shown.getFullYear(), shown.getMonth() + months + 1, 0);
  return new Date(last.getFullYear(), last.getMonth(), Math.min(shown.getDate(), last.getDate()));
}

/** @param {Date} at */
function allowed(at) {
  const [first, last] = [readMoment(field?.dataset.first ?? ""), readMoment(field?.dataset.last ?? "")];
  return (!first || at >= first) && (!last || at <= last);
}

/** @param {string} text @param {string} name @param {Date} to */
function turn(text, name, to) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "btn", textContent: text });
  button.setAttribute("aria-label", name);
  button.addEventListener("click", () => draw(to));
  return button;
}

/** @param {Date} at @param {string} chosen */
function dayOf(at, chosen) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "calendar-day", textContent: String(at.getDate()) });
  button.setAttribute("aria-label", at.toLocaleDateString(language, { dateStyle: "full" }));
  button.disabled = !allowed(at);
  button.tabIndex = dayText(at) === dayText(shown) ? 0 : -1;
  if (dayText(at) === chosen) button.setAttribute("aria-pressed", "true");
  if (dayText(at) === dayText(new Date())) button.setAttribute("aria-current", "date");
  if (at.getMonth() !== shown.getMonth()) button.classList.add("calendar-beside");
  button.addEventListener("click", () => choose(at));
  return button;
}

/** @param {Date} at the day that the keyboard stands on */
function draw(at) {
  if (!field) return;
  shown = at;
  const month = (/** @type {Date} */ of) => of.toLocaleDateString(language, { month: "long", year: "numeric" });
  const head = document.createElement("div");
  head.className = "calendar-head";
  const title = document.createElement("strong");
  title.textContent = month(shown);
  head.append(turn("‹", month(monthAfter(-1)), monthAfter(-1)), title, turn("›", month(monthAfter(1)), monthAfter(1)));
  const days = document.createElement("div");
  days.className = "calendar-days";
  const first = new Date(shown.getFullYear(), shown.getMonth(), 1);
  const monday = after(-((first.getDay() + 6) % 7), first);
  for (let number = 0; number < 7; number += 1) {
    const name = document.createElement("span");
    name.textContent = after(number, monday).toLocaleDateString(language, { weekday: "short" });
    days.append(name);
  }
  const chosen = dayText(readMoment(field.value) ?? new Date(0));
  for (let number = 0; number < 42; number += 1) days.append(dayOf(after(number, monday), chosen));
  box.setAttribute("aria-label", title.textContent);
  box.replaceChildren(head, days);
  place(field);
  const day = /** @type {HTMLElement | null} */ (box.querySelector(".calendar-day[tabindex='0']"));
  day?.focus({ preventScroll: true });
  day?.scrollIntoView({ block: "nearest" });
}

/** Beneath the field, or above it where there is more room. @param {HTMLInputElement} of */
function place(of) {
  const { left, top, bottom } = of.getBoundingClientRect();
  const above = bottom + box.offsetHeight > window.innerHeight && top > box.offsetHeight;
  const room = document.documentElement.clientWidth - box.offsetWidth - GAP_PX;
  box.style.left = `${Math.max(GAP_PX, Math.min(left, room)) + window.scrollX}px`;
  box.style.top = `${(above ? top - box.offsetHeight - GAP_PX : bottom + GAP_PX) + window.scrollY}px`;
}

/** @param {HTMLInputElement} of */
function open(of) {
  field = of;
  (of.closest("dialog") ?? document.body).append(box);
  draw(readMoment(of.value) ?? new Date());
}

function close() {
  box.remove();
  field?.focus();
  field = null;
}

/** @param {Date} at */
function choose(at) {
  if (!field) return;
  const clock = field.value.match(/\d{1,2}:\d{2}$/)?.[0] ?? "00:00";
  field.value = field.dataset.date === "moment" ? `${dayText(at)} ${clock}` : dayText(at);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  const of = field;
  close();
  if (of.dataset.date === "moment") of.setSelectionRange(dayText(at).length + 1, of.value.length);
}

document.addEventListener("click", (event) => {
  const clicked = fieldOf(event.target);
  const atSign = clicked && event.clientX > clicked.getBoundingClientRect().right - SIGN_PX;
  if (clicked && atSign && clicked !== field) open(clicked);
  else if (field && event.target instanceof Node && !box.contains(event.target) && event.target.isConnected) close();
});

document.addEventListener("keydown", (event) => {
  const typed = fieldOf(event.target);
  if (typed && event.altKey && event.key === "ArrowDown") {
    event.preventDefault();
    open(typed);
  }
});

box.addEventListener("keydown", (event) => {
  const to = { PageUp: monthAfter(-1), PageDown: monthAfter(1) }[event.key] ?? (STEPS[event.key] && after(STEPS[event.key]));
  if (event.key === "Escape") close();
  else if (to) draw(to);
  else return;
  event.preventDefault();
  event.stopPropagation();
});

box.addEventListener("focusout", ({ relatedTarget }) => {
  if (relatedTarget === field) return; // the click that follows closes it: else the sign would open it again
  if (relatedTarget instanceof Node && !box.contains(relatedTarget)) {
    box.remove();
    field = null;
  }
});
