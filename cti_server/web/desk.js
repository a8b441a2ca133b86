// The desk in the browser: what the hotline sends is put into the page, what is typed is sent as typed.
//
// A module of our own instead of htmx's WebSocket extension: the desk has to say when a caller is on the screen
// (the telephone rings after that), to read everything anew after a gap, and never to touch what is being typed.
import { Idiomorph } from "idiomorph";

const desk = document.getElementById("desk");
const SAVE_AFTER_MS = 300;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 3000;

/** Whether an element stays as it is: typed text, a clock that goes on, text that is being chosen. */
function stays(now, then) {
  return now.dataset?.keep !== undefined || (now.dataset?.since && now.dataset.since === then.dataset?.since);
}

const morphing = {
  ignoreActiveValue: true,
  callbacks: { beforeNodeMorphed: (now, then) => !stays(now, then) },
};

/** Put each element of the fragment in the place of the one with its id; one that is new goes where it says. */
function show(fragment) {
  const template = document.createElement("template");
  template.innerHTML = fragment;
  for (const one of [...template.content.children]) {
    const here = document.getElementById(one.id);
    if (here) Idiomorph.morph(here, one, morphing);
    else document.getElementById(one.dataset.into)?.prepend(one);
  }
  tick();
}

/** Fill in how long each thing has lasted. */
function tick() {
  for (const clock of desk.querySelectorAll("[data-since]")) {
    const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(clock.dataset.since)) / 1000));
    const hours = Math.floor(seconds / 3600);
    const rest = String(Math.floor(seconds / 60) % 60).padStart(hours ? 2 : 1, "0");
    clock.textContent = `${hours ? `${hours}:` : ""}${rest}:${String(seconds % 60).padStart(2, "0")}`;
  }
}

let pause = FIRST_PAUSE_MS;

function connect() {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/desk/events`);
  socket.addEventListener("message", (event) => {
    pause = FIRST_PAUSE_MS;
    document.getElementById("desk-offline").hidden = true;
    show(event.data);
    const call = document.getElementById("pop").dataset.call;
    if (call) socket.send(call);
  });
  socket.addEventListener("close", () => {
    document.getElementById("desk-offline").hidden = pause === FIRST_PAUSE_MS;
    setTimeout(connect, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  });
}

/** POST to the hotline; the answer says what has changed on the page. */
async function post(address, fields) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "X-CSRF-Token": desk.dataset.csrf, Accept: "text/html" },
    body: new URLSearchParams(fields),
    redirect: "manual",
  });
  if (answer.type === "opaqueredirect") location.reload(); // the session is over: sign in and come back
  return answer;
}

async function press(button) {
  const fields = {};
  for (const [name, value] of Object.entries(button.dataset)) {
    if (name.startsWith("field")) fields[name.slice("field".length).toLowerCase()] = value;
  }
  if (button.dataset.reasonFrom) fields.reason = document.getElementById(button.dataset.reasonFrom).value;
  const card = button.closest("article");
  if (card) await save(card.querySelector("textarea"));
  const answer = await post(button.dataset.post, fields);
  const refused = document.getElementById("desk-refused");
  refused.hidden = answer.ok;
  if (answer.ok) show(await answer.text());
  else refused.textContent = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("h1")?.textContent ?? answer.statusText;
  if (answer.ok && card) card.remove();
}

const unsaved = new Map();

/** Send the notes of a call as they stand; what could not be sent is sent again. */
async function save(notes) {
  clearTimeout(unsaved.get(notes));
  unsaved.delete(notes);
  const status = document.getElementById(notes.id.replace("notes-", "saved-"));
  const saved = await post(notes.dataset.notes, { text: notes.value }).then((answer) => answer.ok, () => false);
  status.textContent = saved ? desk.dataset.saved : desk.dataset.unsaved;
  if (!saved && notes.isConnected) later(notes, LONGEST_PAUSE_MS);
}

function later(notes, ms) {
  clearTimeout(unsaved.get(notes));
  unsaved.set(notes, setTimeout(() => save(notes), ms));
}

desk.addEventListener("input", (event) => {
  if (event.target.dataset.notes) later(event.target, SAVE_AFTER_MS);
});

desk.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-post]");
  if (button) press(button);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "Enter" && event.target.dataset.enter) {
    event.preventDefault();
    document.getElementById(event.target.dataset.enter).click();
    return;
  }
  if (event.key === "Enter" && event.target.matches("select[data-enter]")) {
    event.preventDefault();
    document.getElementById(event.target.dataset.enter).click();
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const key = (event.shiftKey ? "Shift+" : "") + event.key;
  const wanted = [...desk.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key && !one.disabled);
  if (!wanted) return;
  event.preventDefault();
  wanted.focus();
  if (wanted.matches("button")) wanted.click();
});

window.addEventListener("pagehide", () => {
  for (const notes of unsaved.keys()) {
    const body = new URLSearchParams({ text: notes.value, csrf: desk.dataset.csrf });
    navigator.sendBeacon(notes.dataset.notes, body);
  }
});

setInterval(tick, 1000);
tick();
connect();
