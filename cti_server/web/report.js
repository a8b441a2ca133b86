// Reporting: sent without leaving the page, kept while there is no network. Without this script the form goes as any other.
import { all, forget, keep, sendKept, sent } from "./reporting/kept.js";

const AGAIN_MS = 2000;
const LONGEST_PAUSE_MS = 300_000;
const form = /** @type {HTMLFormElement | null} */ (document.getElementById("report"));
const said = document.getElementById("report-said");
const later = document.getElementById("report-kept");

/** @param {string} text */
function say(text) {
  if (said) said.textContent = text;
}

/** @param {HTMLFormElement} from */
function prepared(from) {
  const key = /** @type {HTMLInputElement} */ (from.elements.namedItem("key"));
  key.value ||= crypto.randomUUID();
  const data = new FormData(from);
  for (const [name, value] of [...data]) if (value instanceof File && !value.name) data.delete(name); // none was chosen
  return data;
}

if (form) {
  const { kept = "", full = "" } = form.dataset;
  const button = form.querySelector("button");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button) button.disabled = true;
    const data = prepared(form);
    const outcome = await sent(data);
    if (outcome.how === "sent") return location.assign(outcome.receipt.page);
    if (outcome.how !== "away") return form.submit(); // the server's page shows what is wrong, or why it takes none
    say((await keep(data)) ? kept : full);
    await show();
    await again();
    // The form stays as it is, and the button locked: what is kept is sent under this form's key.
  });
  window.addEventListener("pageshow", () => {
    if (button) button.disabled = false; // by Back: sent again under its key it is the same report
  });
}

/** Lists what waits; a receipt leads to the page of the appeal. */
async function show() {
  if (!later) return;
  const waiting = await all();
  const list = later.querySelector("ul");
  later.hidden = !waiting.length && !list?.querySelector("a");
  for (const one of list?.querySelectorAll("[data-waits]") ?? []) one.remove();
  for (const one of waiting) {
    const line = document.createElement("li");
    line.dataset.waits = one.key;
    const text = one.fields.find(([name]) => name === "address")?.[1];
    line.append(`${typeof text === "string" ? text : ""} `);
    if (one.refused) line.append(`(${later.dataset.refused ?? ""}) `);
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "plain";
    drop.textContent = later.dataset.drop ?? "";
    drop.addEventListener("click", async () => {
      await forget(one.key);
      await show();
    });
    line.append(drop);
    list?.append(line);
  }
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let pause = AGAIN_MS;
/** One round after another: two at once would show a receipt twice. @type {Promise<void>} */
let sending = Promise.resolve();

async function sendAll() {
  for (const receipt of await sendKept()) {
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = receipt.page;
    link.textContent = `${later?.dataset.sent ?? ""} № ${receipt.number}`;
    line.append(link);
    later?.querySelector("ul")?.append(line);
  }
  await show();
}

/** Sends what waits, and again after growing pauses: a network that is back, or a hotline that is, may fail at first. */
function sendUntilNoneWaits() {
  clearTimeout(timer);
  return (sending = sending.catch(() => undefined).then(sendAll).then(again));
}

async function again() {
  clearTimeout(timer);
  if ((await all()).every((one) => one.refused)) return;
  timer = setTimeout(sendUntilNoneWaits, pause);
  pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
}

function sendNow() {
  pause = AGAIN_MS;
  return sendUntilNoneWaits();
}

window.addEventListener("online", sendNow);
if (later) sendNow();
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/report-worker.js", { scope: "/report" }).catch(() => undefined);
