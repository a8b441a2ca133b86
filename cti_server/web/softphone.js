// The softphone of the page it is on: `<section data-softphone>` from desk/softphone.html.jinja2.
//
// It tells the page by events on the document, each with what is known in `detail`:
//   softphone:state    {state}                   "ready", "offline", "elsewhere" … whenever it changes
//   softphone:ringing  {id, number}              a call rings
//   softphone:talking  {id, number, incoming}    the two hear each other
//   softphone:ended    {id, number, cause}
import { listenForKeys } from "./softphone/keys.js";
import { Devices } from "./softphone/microphone.js";
import { clickedElsewhere, followNumbers } from "./softphone/links.js";
import { Outside } from "./softphone/outside.js";
import { Panel } from "./softphone/panel.js";
import { Softphone } from "./softphone/phone.js";
import { stay } from "./softphone/staying.js";
import { Telling } from "./softphone/telling.js";

/** @param {string} name @param {object} detail */
function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(`softphone:${name}`, { detail }));
}

/** @param {Softphone} phone @param {Panel} panel */
function tellThePage(phone, panel) {
  let state = "";
  const phases = new Map();
  phone.addEventListener("change", (event) => {
    if (panel.state !== state) tell("state", { state: (state = panel.state) });
    for (const { id, number, incoming, phase } of phone.calls) {
      if (phases.get(id) === phase) continue;
      phases.set(id, phase);
      if (phase === "ringing" || phase === "talking") tell(phase, { id, number, incoming });
    }
    const { ended } = /** @type {CustomEvent} */ (event).detail;
    if (ended && phases.delete(ended.id)) tell("ended", { id: ended.id, number: ended.number, cause: ended.cause });
  });
}

/**
 * Bring the panel to life and register.
 * @param {HTMLElement} root
 */
export function startSoftphone(root) {
  const words = JSON.parse(root.querySelector("[data-part=words]")?.textContent ?? "{}");
  const socket = new URL("/sip", location.href);
  socket.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const devices = new Devices();
  const addresses = { open: "/desk/phone", socket: socket.href, csrf: root.dataset.csrf ?? "" };
  const phone = new Softphone(addresses, devices);
  const outside = new Outside(addresses.csrf, (clicked) => phone.expect(clicked));
  const panel = new Panel(root, phone, outside, words);
  const telling = new Telling(words);
  tellThePage(phone, panel);
  stay(phone, outside);
  phone.addEventListener("change", () => {
    const ringing = phone.calls.find((call) => call.phase === "ringing");
    telling.show(ringing ? ringing.number || words["number-hidden"] : null, phone.calls.length > 0);
  });
  telling.offer(panel.part("notify"));
  document.addEventListener("softphone:state", (event) => {
    if (/** @type {CustomEvent} */ (event).detail.state === "ready") outside.look(); // it was away for a moment
  });
  listenForKeys((action) => panel.act(action));
  followNumbers((number, why) => panel.callOut(number, why));
  clickedElsewhere().addEventListener("message", (event) => {
    phone.expect(event.data);
    outside.look();
  });
  outside.look();
  phone.start();
  return phone;
}

const root = /** @type {HTMLElement | null} */ (document.querySelector("[data-softphone]"));
if (root) Object.assign(root, { softphone: startSoftphone(root) });
