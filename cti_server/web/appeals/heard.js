// What was heard in the talk is offered beside the field it belongs to, and taken by a key each: never by itself. The
// same key gives back what stood there. What was typed is only replaced when the key is pressed once more.
import { form } from "./kept.js";

/** @typedef {{kind: string, name: string, value: string, words: string, digit: string}} Slot */
/** @typedef {HTMLInputElement | HTMLTextAreaElement} Field */

/** What stood in a field before a slot was taken into it, by call and kind. @type {Map<string, string>} */
const before = new Map();
/** The slot that would replace what was typed, once it is pressed again. */
let asks = "";
/** What the offers were drawn from. */
let drawn = "";

/** @param {string} call @returns {Slot[]} */
function slotsOf(call) {
  const list = document.getElementById(`slots-${call}`);
  const items = /** @type {HTMLElement[]} */ ([...(list?.querySelectorAll("[data-slot]") ?? [])]);
  return items.map(({ dataset }) => ({
    kind: dataset.slot ?? "",
    name: dataset.name ?? "",
    value: dataset.value ?? "",
    words: dataset.words ?? "",
    digit: dataset.digitKey ?? "",
  }));
}

/** The field of its own that a kind has in the form; none: it is a line of the text. @param {string} kind @returns {Field | null} */
function fieldOf(kind) {
  const selector = { where: "#appeal-address", who: "#appeal-name", since: "#appeal-asked [data-asks=moment]" }[kind];
  return selector ? document.querySelector(`#appeal-form ${selector}`) : null;
}

const text = () => /** @type {Field | null} */ (document.getElementById("appeal-text"));

/** @param {Slot} slot */
const lineOf = (slot) => `${slot.name}: ${slot.value}`;

/** @param {Slot} slot */
function isTaken(slot) {
  const field = fieldOf(slot.kind);
  if (field) return field.value.trim() === slot.value;
  return (text()?.value.split("\n") ?? []).includes(lineOf(slot));
}

/** @param {Field} field @param {string} value */
function fill(field, value) {
  field.value = value;
  for (const told of ["input", "change"]) field.dispatchEvent(new Event(told, { bubbles: true }));
}

/** Fill the address without its list coming up. @param {Field} field @param {string} value */
function fillQuietly(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** @param {Slot} slot @param {string} value */
function put(slot, value) {
  const field = fieldOf(slot.kind);
  if (field) return slot.kind === "where" ? fillQuietly(field, value) : fill(field, value);
  const whole = text();
  if (!whole) return;
  const lines = whole.value.split("\n").filter((line) => line !== lineOf(slot));
  if (value) fill(whole, [...(lines.join("\n").trim() ? lines : []), value].join("\n"));
  else fill(whole, lines.join("\n"));
}

/** Take a slot, or give back what stood there; over what was typed it asks first. @param {string} call @param {Slot} slot */
function press(call, slot) {
  const key = `${call} ${slot.kind}`;
  const field = fieldOf(slot.kind);
  if (isTaken(slot)) {
    asks = "";
    put(slot, field ? before.get(key) ?? "" : "");
  } else if (field?.value.trim() && asks !== `${key} ${slot.value}`) {
    asks = `${key} ${slot.value}`;
  } else {
    asks = "";
    if (field) before.set(key, field.value);
    put(slot, field ? slot.value : lineOf(slot));
  }
  sync();
}

/** @param {string} call @param {Slot} slot */
function stateOf(call, slot) {
  if (isTaken(slot)) return "taken";
  return asks === `${call} ${slot.kind} ${slot.value}` ? "asks" : "offered";
}

/** Where the offers of a kind stand: within all of its field, or below the text. @param {string} kind @returns {HTMLElement | null} */
function placeOf(kind) {
  const within = /** @type {HTMLElement | null | undefined} */ (fieldOf(kind)?.closest("combo-box, .asked-one"));
  const beside = fieldOf(kind)?.closest(".appeal-new") ?? text();
  const there = /** @type {HTMLElement | null | undefined} */ (within ? within.querySelector(":scope > .heard-offers") : beside?.nextElementSibling);
  if (there?.matches(".heard-offers")) return there;
  const place = document.createElement("div");
  place.className = "heard-offers";
  if (within) within.append(place);
  else if (beside) beside.after(place);
  else return null;
  return place;
}

/** @param {string} tag @param {string} said */
function written(tag, said) {
  const element = document.createElement(tag);
  element.textContent = said;
  return element;
}

/** @param {string} call @param {Slot} slot */
function offerOf(call, slot) {
  const offer = document.createElement("div");
  const state = stateOf(call, slot);
  const words = form()?.dataset;
  offer.className = "heard-offer";
  Object.assign(offer.dataset, { offer: slot.kind, state });
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm";
  button.tabIndex = -1; // they come while one types
  button.setAttribute("aria-keyshortcuts", `Alt+${slot.digit}`);
  const value = fieldOf(slot.kind) ? slot.value : lineOf(slot);
  if (state === "taken") button.append(written("span", `${words?.heardTaken} ${slot.name.toLowerCase()}`));
  else button.append(written("span", (state === "asks" ? words?.heardAsks : words?.heardOffered) ?? ""), written("strong", value));
  button.append(written("kbd", `Alt+${slot.digit}`));
  button.addEventListener("mousedown", (event) => event.preventDefault()); // the cursor stays where one writes
  button.addEventListener("click", () => press(call, slot));
  offer.append(button);
  if (state !== "taken" && slot.words !== slot.value) offer.append(written("small", `«${slot.words}»`));
  offer.title = `«${slot.words}»`;
  return offer;
}

/** Whether the talk of this call is over: then the form says what was heard in it, taken or not. @param {string} call */
const isOver = (call) => !document.querySelector(`#facts-${CSS.escape(call)}[data-talking]`);

/** @param {string} call @param {Slot[]} slots */
function sumUp(call, slots) {
  const place = document.getElementById("appeal-heard");
  if (!place) return;
  place.hidden = !slots.length || !isOver(call);
  const words = form()?.dataset;
  place.querySelector("dl")?.replaceChildren(
    ...slots.map((slot) => {
      const row = document.createElement("div");
      const value = written("dd", `${slot.value} `);
      value.append(written("small", (isTaken(slot) ? words?.heardWasTaken : words?.heardNotTaken) ?? ""));
      row.append(written("dt", slot.name), value);
      return row;
    }),
  );
}

/** Draw the offers of the form that is open, where anything about them has changed. */
function sync() {
  const filled = form();
  const call = filled?.dataset.call ?? "";
  const slots = filled && call ? slotsOf(call) : [];
  const there = document.querySelectorAll("#appeal-form .heard-offer").length;
  const now = JSON.stringify([call, slots.map((slot) => [slot, stateOf(call, slot), fieldOf(slot.kind)?.id]), isOver(call)]);
  if (now === drawn && there === slots.length) return;
  drawn = now;
  for (const one of document.querySelectorAll("#appeal-form .heard-offers")) one.remove();
  for (const slot of slots) placeOf(slot.kind)?.append(offerOf(call, slot));
  sumUp(call, slots);
}

/** @param {KeyboardEvent} event */
function byKey(event) {
  const digit = /^Digit([3-6])$/.exec(event.code)?.[1];
  if (!digit || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const filled = form();
  if (!filled?.contains(/** @type {Node} */ (event.target))) return;
  event.preventDefault();
  const call = filled.dataset.call ?? "";
  const slot = slotsOf(call).find((one) => one.digit === digit);
  if (slot) press(call, slot);
}

/** Whether something was heard of the caller of this form. @param {HTMLFormElement} filled */
export const wasHeard = (filled) => document.querySelector(`#heard-list-${CSS.escape(filled.dataset.call ?? "")} [data-speaker=caller]`) !== null;

/** Offer what is heard while the form is open. */
export function offerHeard() {
  for (const told of ["desk:shown", "htmx:after:swap", "appeal:closed", "appeal:asked"]) document.addEventListener(told, sync);
  document.addEventListener("input", (event) => {
    if (event.isTrusted) asks = "";
    sync();
  });
  document.addEventListener("change", sync);
  document.addEventListener("keydown", byKey);
  sync();
}
