// The desk in the browser: what the hotline sends is put into the page, what is typed is sent as typed.
//
// A module of our own instead of htmx's WebSocket extension: the desk has to say when a caller is on the screen
// (the telephone rings after that), to read everything anew after a gap, and never to touch what is being typed.
import { showKeysWhileHeld } from "./desk/chips.js";
import { keepHeard } from "./desk/heard.js";
import { listenForKeys } from "./desk/keys.js";
import { closeMenus } from "./desk/menus.js";
import { keepNotes, save } from "./desk/notes.js";
import { desk, explain, post } from "./desk/posting.js";
import { keepOpened } from "./desk/opened.js";
import { soundAlerts, soundHelp, turnUrgent, warnOfEmergencies } from "./desk/alerting.js";
import { tellWithoutPhone } from "./desk/phoneless.js";
import { show, tick } from "./desk/showing.js";
import { keepTabs } from "./desk/tabs.js";
import { takeTurns } from "./desk/turns.js";
import { tellUnkept } from "./desk/unkept.js";
import { keepCount } from "./desk/waiting.js";
import { everySecond } from "./look/clock.js";

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 3000;
const RIGHT_ENDED = 1008;
let pause = FIRST_PAUSE_MS;

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

function connect() {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/desk/events`);
  socket.addEventListener("message", (event) => {
    pause = FIRST_PAUSE_MS;
    element("desk-offline").hidden = true;
    show(event.data);
    soundAlerts();
    warnOfEmergencies();
    turnUrgent();
    soundHelp();
    const call = element("pop").dataset.call;
    if (call) socket.send(call);
  });
  socket.addEventListener("close", (event) => {
    if (event.code === RIGHT_ENDED) {
      document.dispatchEvent(new Event("desk:over"));
      return location.reload(); // nobody goes on reading what is on it
    }
    element("desk-offline").hidden = pause === FIRST_PAUSE_MS;
    setTimeout(connect, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  });
}

/** @param {HTMLElement} button */
function fieldsOf(button) {
  /** @type {Record<string, string>} */
  const fields = {};
  for (const [name, value] of Object.entries(button.dataset)) {
    if (name.startsWith("field")) fields[name.slice("field".length).toLowerCase()] = value ?? "";
  }
  return fields;
}

/**
 * Ask the hotline for something: the page shows what has changed, or why nothing has.
 * @param {string} address
 * @param {Record<string, string> | URLSearchParams} fields
 * @returns {Promise<boolean>} whether it was done
 */
async function ask(address, fields) {
  const answer = await post(address, fields).catch(() => null);
  if (!answer) element("desk-offline").hidden = false; // no network: nothing was done
  if (answer?.ok) show(await answer.text());
  if (answer) await explain(answer);
  return Boolean(answer?.ok);
}

/** @param {HTMLElement} button */
async function press(button) {
  const card = button.closest("article");
  const notes = card?.querySelector("textarea");
  if (notes) await save(notes);
  if ((await ask(button.dataset.post ?? "", fieldsOf(button))) && card) card.remove();
}

/** Send a small form of an entry; it closes when it was taken. @param {HTMLFormElement} form */
function send(form) {
  return ask(form.dataset.send ?? "", new URLSearchParams(/** @type {any} */ (new FormData(form))));
}

// The second of a double click, before any other hears of it: what stands there now may be another act, or somebody else's entry.
desk.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("button");
  if (event.detail < 2 || !button || button.closest("[data-softphone]")) return;
  event.preventDefault();
  event.stopPropagation();
}, { capture: true });

desk.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("button"));
  if (button?.dataset.post) press(button);
  if (button?.dataset.presses) /** @type {HTMLElement | null} */ (document.querySelector(button.dataset.presses))?.click();
  if (button?.dataset.show) /** @type {HTMLDialogElement} */ (element(button.dataset.show)).showModal();
  if (button?.dataset.unfold) {
    const form = element(button.dataset.unfold);
    form.hidden = !form.hidden;
    /** @type {HTMLElement | null} */ (form.querySelector("[name=note]"))?.focus();
  }
});

desk.addEventListener("submit", (event) => {
  if (!(event.target instanceof HTMLFormElement) || !event.target.dataset.send) return;
  event.preventDefault();
  send(event.target);
});

document.addEventListener("desk:fragment", (event) => show(/** @type {CustomEvent} */ (event).detail));
listenForKeys();
showKeysWhileHeld();
closeMenus();
keepTabs();
keepNotes();
keepHeard();
keepOpened();
tellWithoutPhone();
tellUnkept();
takeTurns();
keepCount();
everySecond(tick);
soundAlerts();
connect();
