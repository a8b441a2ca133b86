// A resident's call by the browser: one call to the hotline's own number, by our own socket.
import JsSIP from "jssip";
import { CONNECTION, SoftphoneCall } from "./softphone/call.js";
import { Devices } from "./softphone/microphone.js";

/** @typedef {"idle" | "asking" | "calling" | "talking" | "ended" | "refused" | "missing" | "insecure" | "too-many" | "closed" | "too-long" | "lost"} State */

const KEYS = /^[0-9*#]$/;
/** Close codes of the socket (cti_server/web_calls/line.py). @type {Record<number, State>} */
const CLOSED = { 4006: "too-long", 4007: "closed" };
const SECOND_MS = 1000;

const panel = /** @type {HTMLElement} */ (document.querySelector("[data-call]"));
const said = /** @type {HTMLElement} */ (document.getElementById("call-state"));
const form = /** @type {HTMLFormElement} */ (panel.querySelector("form"));
const clock = /** @type {HTMLElement} */ (panel.querySelector("[data-clock]"));
const mute = /** @type {HTMLButtonElement} */ (panel.querySelector("[data-mute]"));

/** @type {Devices | null} */
let devices = null;
/** @type {any} */
let agent = null;
/** @type {SoftphoneCall | null} */
let call = null;
let ticking = 0;

/** Say how it stands, and show what can be done now. @param {State} state */
function become(state) {
  said.dataset.state = state;
  said.textContent = panel.querySelector(`[data-word="${state}"]`)?.textContent ?? "";
  const shown = state === "calling" || state === "talking" ? state : "idle";
  for (const part of panel.querySelectorAll("[data-when]")) {
    const when = /** @type {HTMLElement} */ (part);
    when.hidden = !when.dataset.when?.split(" ").includes(shown);
  }
  const button = form.querySelector("button");
  if (button) button.disabled = state === "asking";
}

async function begin() {
  become("asking");
  devices ??= new Devices();
  await devices.open();
  if (devices.access !== "granted") {
    become(devices.access === "asked" ? "missing" : devices.access);
    return;
  }
  become("calling");
  said.focus(); // the button that was pressed is gone
  const own = devices;
  try {
    const fields = /** @type {any} */ (new FormData(form));
    const answer = await fetch("/call", { method: "POST", body: new URLSearchParams(fields), redirect: "error" });
    const guest = answer.ok ? await answer.json() : null;
    if (devices !== own) return; // they have hung up meanwhile
    if (guest) ring(guest);
    else end(answer.status === 403 ? "closed" : answer.status === 429 ? "too-many" : "lost");
  } catch {
    if (devices === own) end("lost");
  }
}

/** @param {{user: string, password: string, uri: string, target: string, socket: string}} guest */
function ring(guest) {
  const address = new URL(guest.socket, location.href);
  address.protocol = address.protocol.replace("http", "ws");
  const own = new JsSIP.UA({
    sockets: [new JsSIP.WebSocketInterface(address.href)],
    uri: guest.uri,
    authorization_user: guest.user,
    password: guest.password,
    register: false,
    session_timers: false,
  });
  agent = own;
  own.on("connected", () => {
    if (agent === own) dial(guest.target);
  });
  own.on("disconnected", (/** @type {{code?: number}} */ event) => {
    if (agent === own) end(CLOSED[event.code ?? 0] ?? "lost");
  });
  own.start();
}

/** @param {string} target */
function dial(target) {
  if (!devices) return;
  const microphone = devices.track();
  const session = agent.call(target, { mediaStream: microphone, pcConfig: CONNECTION });
  call = new SoftphoneCall(session, devices);
  call.microphone = microphone;
  call.addEventListener("change", () => changed());
  call.addEventListener("ended", () => end("ended"), { once: true });
}

function changed() {
  mute.setAttribute("aria-pressed", String(call?.muted ?? false));
  if (call?.phase !== "talking" || said.dataset.state === "talking") return;
  become("talking");
  const began = performance.now();
  ticking = window.setInterval(() => tell(performance.now() - began), SECOND_MS);
}

/** @param {number} ms */
function tell(ms) {
  const seconds = Math.floor(ms / SECOND_MS);
  clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** The first reason holds: what is left is put away after it. @param {State} state */
function end(state) {
  clearInterval(ticking);
  const [ended, gone] = [call, agent];
  [call, agent] = [null, null];
  if (!ended && !gone && said.dataset.state !== "calling") return;
  become(state);
  ended?.hangUp();
  gone?.stop();
  gone?.transport.disconnect(); // else it would try once more for two seconds
  for (const track of devices?.stream?.getTracks() ?? []) track.stop();
  devices?.context.close();
  devices = null;
  tell(0);
  said.focus();
}

/** @param {string} key */
function press(key) {
  if (call?.phase === "talking") call.press(key);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!call && !agent && said.dataset.state !== "asking") begin();
});
panel.addEventListener("click", (event) => {
  const pressed = /** @type {HTMLElement} */ (event.target).closest("button");
  if (pressed?.dataset.key) press(pressed.dataset.key);
  else if (pressed === mute) call?.mute();
  else if (pressed?.dataset.hangUp !== undefined) end("ended");
});
addEventListener("keydown", (event) => {
  if (KEYS.test(event.key) && !event.ctrlKey && !event.altKey && !event.metaKey) press(event.key);
});
addEventListener("pagehide", () => call?.hangUp());

panel.hidden = false;
become("idle");
