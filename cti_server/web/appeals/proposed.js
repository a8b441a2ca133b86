// What the text may be of is proposed while one types, and taken by Alt+1, Alt+2, a press, or Enter in an empty category: never
// by itself.
import { comboOf } from "./combobox.js";
import { wasHeard } from "./heard.js";
import { form } from "./kept.js";

const TYPING_MS = 400;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let turn = 0;
/** What is being asked, or about to be: a quick hand takes what comes of it. @type {Promise<void>} */
let asked = Promise.resolve();
/** The form whose text was asked about when it came. @type {HTMLFormElement | null} */
let of = null;
/** How often the caller was heard when it was asked about last. */
let heard = 0;

const place = () => document.getElementById("appeal-proposed");
const offered = () => /** @type {HTMLElement[]} */ ([...(place()?.querySelectorAll("[data-take]") ?? [])]);

/** @param {HTMLFormElement} filled */
const wanted = (filled) => {
  const typed = new FormData(filled);
  return (String(typed.get("text") ?? "").trim() !== "" || wasHeard(filled)) && !typed.get("category");
};

async function ask() {
  const filled = form();
  const shown = place();
  const mine = ++turn;
  if (!filled || !shown) return;
  if (!wanted(filled)) return shown.replaceChildren();
  const body = new URLSearchParams(/** @type {any} */ (new FormData(filled)));
  const answer = await fetch("/desk/appeals/proposals", { method: "POST", body, redirect: "manual" }).catch(() => null);
  const text = answer?.ok ? (await answer.text()).trim() : "";
  if (mine === turn && shown.isConnected && wanted(filled) && shown.innerHTML.trim() !== text) shown.innerHTML = text;
}

function askNow() {
  clearTimeout(timer);
  timer = undefined;
  asked = ask();
}

/** @param {number} ms */
function soon(ms) {
  clearTimeout(timer);
  timer = setTimeout(askNow, ms);
}

/** Take the first, second … of what is proposed, or is about to be. @param {number} which @returns {Promise<boolean>} whether there was one */
async function takeProposed(which) {
  if (timer !== undefined) askNow();
  await asked;
  return take(offered()[which]);
}

/** @param {HTMLElement | undefined} one @returns {boolean} whether there was one to take */
function take(one) {
  const filled = form();
  if (!one || !filled) return false;
  const urgency = /** @type {HTMLSelectElement | null} */ (filled.querySelector("[name=urgency]"));
  if (one.dataset.urgency && urgency && !urgency.value) urgency.value = one.dataset.urgency;
  const inside = place()?.contains(document.activeElement);
  comboOf("appeal-category")?.take(one.dataset.take ?? "");
  place()?.replaceChildren();
  if (inside) document.getElementById("appeal-category")?.focus();
  return true;
}

/** @param {KeyboardEvent} event */
function byKey(event) {
  const digit = /^Digit([12])$/.exec(event.code)?.[1];
  if (!digit || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!form()?.contains(/** @type {Node} */ (event.target))) return;
  event.preventDefault();
  void takeProposed(Number(digit) - 1);
}

/** A form that has come with a text in it is asked about once. */
function came() {
  const filled = form();
  if (filled === of) return;
  of = filled;
  if (filled) soon(0);
}

/** The caller has said more. */
function heardMore() {
  const filled = form();
  const said = filled ? document.querySelectorAll(`#heard-list-${CSS.escape(filled.dataset.call ?? "")} [data-speaker=caller]`).length : 0;
  if (said === heard) return;
  heard = said;
  if (said) soon(0);
}

/** Propose what the open form's text may be of. */
export function propose() {
  document.addEventListener("input", (event) => {
    if (/** @type {Element} */ (event.target).id === "appeal-text") soon(TYPING_MS);
  });
  document.addEventListener("change", (event) => {
    if (/** @type {HTMLElement} */ (event.target).matches("#appeal-form [name=category]")) soon(0);
  });
  document.addEventListener("keydown", byKey);
  document.addEventListener("click", (event) => {
    take(/** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("#appeal-proposed [data-take]")) ?? undefined);
  });
  document.addEventListener("combo:empty", (event) => {
    if (/** @type {Element} */ (event.target).querySelector("#appeal-category")) {
      /** @type {CustomEvent<Promise<boolean>[]>} */ (event).detail.push(takeProposed(0));
    }
  });
  document.addEventListener("htmx:after:swap", came);
  document.addEventListener("desk:shown", heardMore);
  came();
}
