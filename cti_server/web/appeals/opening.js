// Forms are opened one after another, each for the call that was meant when it was asked for. When another call is
// answered, what belongs to the one before folds away, and the new caller's form stands in its place.
import { setAside } from "./correcting.js";
import { flush, form } from "./kept.js";
import { callMeant, talking } from "./meant.js";

const PATIENCE_MS = 10_000;
/** @type {Promise<unknown>} */
let turn = Promise.resolve();

/** Do it when all before it is done; a hotline that does not answer holds no later key up. @param {() => Promise<unknown> | undefined} act */
function inTurn(act) {
  const asked = () => Promise.race([act(), new Promise((over) => setTimeout(over, PATIENCE_MS))]);
  turn = turn.then(asked).catch(() => undefined); // the page says so by itself
  return turn;
}

const place = () => /** @type {HTMLElement} */ (document.getElementById("appeal"));

/** @param {string} address */
const isEmergency = (address) => address.endsWith("/emergency");

/** @param {string} form @param {string} call @param {boolean} own it was asked for by the button that names its call */
function addressOf(form, call, own) {
  const asked = new URLSearchParams({ call, ...(own && { own: "yes" }) });
  return `${form}?${asked}`;
}

/** What is written down elsewhere keeps the cursor. */
function cursor() {
  const here = /** @type {HTMLElement | null} */ (document.activeElement);
  const typed = here?.matches("input, textarea, select") && !here.closest("#appeal") ? here : null;
  return () => void (typed?.isConnected && typed.focus());
}

/** Show what this address answers in the place of the form. @param {string} address */
async function show(address) {
  const before = place();
  const at = /** @type {HTMLElement | null} */ (before.contains(document.activeElement) ? document.activeElement : null);
  before.inert = true; // what is typed from now on is meant for the form that comes
  setTimeout(() => void (before.inert = false), PATIENCE_MS);
  try {
    await window.htmx.ajax("GET", address, { target: "#appeal", swap: "outerHTML" });
  } finally {
    before.inert = false;
    if (at?.isConnected) at.focus(); // nothing came: what stood there stands there yet
  }
}

/** @param {string} address @param {string} call @param {boolean} own */
async function go(address, call, own) {
  const text = document.getElementById("appeal-text");
  if (text && !isEmergency(address) && form()?.dataset.call === call) {
    document.dispatchEvent(new CustomEvent("task:wanted", { detail: call }));
    return text.focus();
  }
  await Promise.all([flush(), notesSaved()]);
  setAside();
  await show(addressOf(address, call, own));
}

/** Open the form that this button asks for. @param {HTMLElement} by */
export function open(by) {
  const address = by.dataset.form ?? "";
  const own = by.dataset.formCall;
  const call = own ?? callMeant();
  const ahead = isEmergency(address) ? enterAhead() : undefined;
  inTurn(() => go(address, call, own !== undefined)).then(() => {
    const register = document.querySelector(".appeal-emergency #appeal-register");
    if (ahead?.()) /** @type {HTMLElement | null} */ (register)?.click();
  });
}

/** Close what stands in the place of a form; a form itself is only folded by another. */
export function close() {
  const gone = document.createElement("section");
  gone.id = "appeal";
  gone.hidden = true;
  place().replaceWith(gone);
  document.dispatchEvent(new Event("appeal:closed"));
}

/** Whether something stands there that can be closed without losing a word. */
export const closes = () => !place().hidden && place().querySelector("[data-appeal-close]") !== null;

/** Another call is answered: a form of the one before folds, and what was to be read aloud to them goes. @param {string} call */
async function fold(call) {
  if (place().hidden || place().dataset.call === call || talking() !== call) return;
  if (!form()) return closes() ? close() : undefined; // what is being put right stays: it is kept nowhere yet
  await flush();
  const back = cursor();
  await show(addressOf("/desk/appeals/new", call, false));
  back();
}

/** Watch who is talked with. */
export function foldForTheNext() {
  let last = talking();
  document.addEventListener("desk:shown", () => {
    const now = talking();
    if (now === last) return;
    last = now;
    if (now) inTurn(() => fold(now)).then(() => document.dispatchEvent(new Event("appeal:answered")));
  });
}

/** An emergency is registered with the notes: those typed last are sent before it. */
function notesSaved() {
  /** @type {Promise<void>[]} */
  const saving = [];
  document.dispatchEvent(new CustomEvent("notes:wanted", { detail: saving }));
  return Promise.all(saving);
}

/** Catch an Enter that comes before the form it is meant for. @returns {() => boolean} ends it: whether one came */
function enterAhead() {
  let came = false;
  const over = new AbortController();
  /** @param {KeyboardEvent} event */
  const caught = (event) => {
    if (event.key === "Enter") {
      came = true;
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (!event.repeat) over.abort(); // the hand has gone on to something else
  };
  window.addEventListener("keydown", caught, { capture: true, signal: over.signal });
  return () => {
    over.abort();
    return came;
  };
}
