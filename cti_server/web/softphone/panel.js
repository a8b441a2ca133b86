// The softphone's panel: draws what the phone says, and tells it what the dispatcher wants.

import { everySecond } from "../look/clock.js";
import { Directory } from "./directory.js";
import { InName } from "./in_name.js";

const MINUTE = 60;
const SERVICE = /^(?:10[1-4]|112)$/;
const EXTENSION = /^(?!10[1-4]|112)[0-9]{3}$/; // an emergency service is nobody's extension

/** @typedef {import("./phone.js").Softphone} Softphone */
/** @typedef {import("./call.js").SoftphoneCall} SoftphoneCall */

/** @param {SoftphoneCall} call */
const fromColleague = (call) => call.incoming && EXTENSION.test(call.number);

export class Panel {
  /**
   * @param {HTMLElement} root
   * @param {Softphone} phone
   * @param {import("./outside.js").Outside} outside
   * @param {Record<string, string>} words
   */
  constructor(root, phone, outside, words) {
    this.root = root;
    this.phone = phone;
    this.outside = outside;
    this.words = words;
    this.notice = "";
    /** @type {HTMLInputElement} */
    this.number = this.part("number");
    this.directory = new Directory(this.number, this.part("directory"), this.part("directory-said"), (transfer) => this.act(transfer ? "transfer" : "call"));
    this.inName = new InName(this.part("in-name"), this.part("dial"), words["in-the-name"]);
    phone.addEventListener("change", (event) => {
      const { ended } = /** @type {CustomEvent} */ (event).detail;
      if (ended || phone.current?.phase === "ringing") this.#forgetNews();
      outside.watch(phone.calls.some((call) => call.phase === "talking" && fromColleague(call)));
      this.draw();
    });
    outside.addEventListener("change", () => this.draw());
    phone.devices.addEventListener("change", () => this.drawDevices());
    phone.devices.addEventListener("allowed", () => this.draw());
    root.addEventListener("click", (event) => this.#clicked(event));
    for (const touch of ["keydown", "pointerdown"]) document.addEventListener(touch, () => this.#letSound());
    this.part("dial").addEventListener("submit", (/** @type {SubmitEvent} */ event) => this.#submitted(event));
    for (const use of ["microphone", "talk", "ring"]) {
      this.part(`device-${use}`).addEventListener("change", (/** @type {any} */ event) =>
        phone.devices.choose(/** @type {any} */ (use), event.target.value));
    }
    const meter = this.part("meter");
    const fold = meter.closest("details"); // folded, nobody sees it: each drawing is work for the browser
    fold.addEventListener("toggle", () =>
      phone.devices.measure(fold.open ? (level) => meter.setAttribute("value", level.toFixed(2)) : null));
    this.draw();
    everySecond(() => this.#drawTimes());
  }

  /** @param {string} name @returns {any} */
  part(name) {
    const found = this.root.querySelector(`[data-part="${name}"]`);
    if (!found) throw new Error(`The softphone's panel has no part ${name}.`);
    return found;
  }

  draw() {
    this.#drawState();
    this.#drawCalls();
    this.#drawButtons();
    this.inName.draw();
  }

  /** Where the sound goes and comes from. */
  async drawDevices() {
    this.draw();
    const { inputs, outputs } = await this.phone.devices.list();
    this.#options("microphone", inputs);
    this.#options("talk", outputs);
    this.#options("ring", outputs);
  }

  /** The one thing that the dispatcher most needs to know, in words and as a value for styles and tests. */
  get state() {
    const { phone } = this;
    if (phone.devices.access === "refused") return "microphone-refused";
    if (phone.devices.access === "missing") return "microphone-missing";
    if (phone.devices.access === "insecure") return "microphone-insecure";
    if (phone.link !== "ready") return phone.link;
    if (!phone.devices.allowed) return "silent";
    return "ready";
  }

  /** @param {string} name */
  async act(name) {
    const { phone } = this;
    this.notice = "";
    this.outside.refusal = "";
    switch (name) {
      case "answer": return phone.answer();
      case "hang-up": return this.outside.aside ? this.outside.withThird("drop-third") : phone.hangUp();
      case "hold": return phone.hold();
      case "mute": return phone.mute();
      case "join": return this.outside.aside ? this.outside.withThird("join") : this.#told(await phone.join());
      case "drop-third":
      case "drop-citizen":
      case "leave": return this.outside.withThird(name);
      case "call": return this.#number((number) => this.#call(number));
      case "transfer": return this.#transfer();
      case "number": return this.directory.open();
      case "take-back": return this.#mayTake && phone.take();
      case "test-ring": return phone.ring.test();
      default: return undefined;
    }
  }

  /** What was said of a call goes with it. */
  #forgetNews() {
    this.notice = "";
    this.outside.forget();
  }

  /** Whether the phone can be taken here, or the microphone tried once more. */
  get #mayTake() {
    return ["elsewhere", "microphone-refused", "microphone-missing"].includes(this.state);
  }

  /** @param {boolean} taken */
  #told(taken) {
    this.notice = taken ? "" : this.words["transfer-refused"];
    this.draw();
  }

  /** In a talk a third is asked; else a colleague or somebody outside is called. @param {string} number */
  async #call(number) {
    if (this.phone.calls.length > 0) await this.outside.withThird("consult", number);
    else if (EXTENSION.test(number)) return this.phone.link === "ready" ? this.phone.call(number) : this.#keep(number);
    else return this.callOut(number, { about: this.inName.call });
    if (this.outside.refusal) this.#keep(number);
    return this.draw();
  }

  /** One press: in a talk the service is asked at once, the citizen hears music meanwhile. @param {string} number */
  #service(number) {
    this.notice = "";
    this.outside.refusal = "";
    return this.#mayCall ? this.#call(number) : undefined;
  }

  /** @param {string} number what was typed, and the hotline does not call */
  #keep(number) {
    this.number.value ||= number;
    this.number.setAttribute("aria-invalid", "true");
  }

  /** Call somebody outside; what was typed stays when the hotline does not. @param {string} number @param {import("./links.js").Why} [why] */
  async callOut(number, why = {}) {
    await this.outside.place(number, why);
    if (this.outside.refusal && !why.missed) this.#keep(number);
    this.draw();
  }

  /** @param {(number: string) => unknown} act */
  #number(act) {
    const number = this.number.value.trim();
    if (!number) return this.#wrong("number-missing");
    this.number.removeAttribute("aria-invalid");
    this.number.value = "";
    return act(number);
  }

  /** To a colleague at once; to anybody else as soon as they answer. */
  #transfer() {
    if (SERVICE.test(this.number.value.trim())) return this.#wrong("transfer-service");
    return this.#number(async (number) => {
      if (EXTENSION.test(number)) return this.#told(await this.phone.transfer(number));
      await this.outside.withThird("pass", number);
      if (this.outside.refusal) this.#keep(number);
      return this.draw();
    });
  }

  /** @param {string} why */
  #wrong(why) {
    this.number.setAttribute("aria-invalid", "true");
    this.notice = this.words[why];
    this.number.focus();
    return this.draw();
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = /** @type {HTMLElement} */ (event.target).closest("button");
    if (!button) return;
    if (event.detail > 1 && !button.dataset.digit) return; // of a double click: what stands there now is another act
    if (button.dataset.digit) this.phone.press(button.dataset.digit);
    else if (button.dataset.emergency) this.#service(button.dataset.emergency);
    else if (button.dataset.act && button.type === "button") this.act(button.dataset.act);
  }

  /** Browsers let a page sound only after somebody has touched it. */
  #letSound() {
    const { allowed, needed, context } = this.phone.devices;
    if (!allowed || needed) context.resume(); // what has stopped it by itself is over with the next key
  }

  /** @param {SubmitEvent} event */
  #submitted(event) {
    event.preventDefault();
    this.act(/** @type {HTMLElement | null} */ (event.submitter)?.dataset.act ?? "call");
  }

  #drawState() {
    const { state, words } = this;
    this.root.dataset.state = state;
    this.part("extension").textContent = this.phone.extension;
    this.part("state").textContent = state === "ready" && this.phone.calls.length > 0 ? "" : words[state];
    const engaged = state === "elsewhere" && this.phone.engagedElsewhere;
    const advice = words[engaged ? "elsewhere-engaged-advice" : `${state}-advice`] ?? "";
    this.part("advice").textContent = this.notice || this.outside.refusal || advice;
    this.#drawOutside();
    this.part("take-back").hidden = !this.#mayTake;
    this.part("take-back-word").textContent = words[engaged ? "take-back-even-so" : "take-back"];
  }

  #drawOutside() {
    const { call, third } = this.outside;
    this.root.dataset.outside = call?.phase ?? "none";
    this.root.dataset.outcome = call?.outcome ?? "";
    const told = this.part("outside");
    const lines = [
      call && call.phase !== "talking" ? `${call.number}: ${call.words}` : "",
      third ? [third.name, third.words].filter(Boolean).join(": ") : "",
    ];
    const text = lines.filter(Boolean).join(". ");
    if (told.textContent !== text) told.textContent = text;
    told.hidden = !text;
    this.root.dataset.third = third?.phase ?? "none";
    this.part("third").hidden = !third || third.phase === "missed";
    this.part("act-drop-third").disabled = !third;
    for (const act of ["drop-citizen", "leave"]) {
      this.part(`act-${act}`).disabled = !third || third.phase === "ringing";
    }
  }

  #drawCalls() {
    const rows = this.phone.calls.map((call) => this.#row(call));
    this.part("calls").replaceChildren(...rows);
    this.root.dataset.call = this.phone.current?.phase ?? "none";
    this.#drawTimes();
  }

  /** @param {SoftphoneCall} call */
  #row(call) {
    const row = this.part("call").content.cloneNode(true).firstElementChild;
    row.dataset.phase = call.held ? "held" : call.phase;
    if (fromColleague(call)) row.dataset.colleague = "";
    row.querySelector('[data-part="who"]').textContent = this.#who(call);
    const pending = this.outside.pending && call.phase === "talking" && !call.held;
    row.querySelector('[data-part="phase"]').textContent = this.words[pending ? "calling" : call.held ? "held" : call.phase];
    row.querySelector('[data-part="muted"]').hidden = !call.muted;
    return row;
  }

  /** A colleague may have passed a citizen on in the call that they began. @param {SoftphoneCall} call */
  #who(call) {
    if (fromColleague(call) && this.phone.calls.length === 1 && this.outside.with) return this.outside.with;
    return call.number || this.words["number-hidden"];
  }

  #drawTimes() {
    const times = this.root.querySelectorAll('[data-part="calls"] [data-part="time"]');
    times.forEach((time, place) => {
      const since = this.phone.calls[place]?.talkingSince;
      const seconds = since === null || since === undefined ? 0 : Math.floor((performance.now() - since) / 1000);
      const text = since === null || this.outside.pending ? "" : `${Math.floor(seconds / MINUTE)}:${String(seconds % MINUTE).padStart(2, "0")}`;
      if (time.textContent !== text) time.textContent = text;
    });
  }

  #drawButtons() {
    const { current, other, calls } = this.phone;
    const talking = current?.phase === "talking" && !this.outside.pending;
    const can = {
      answer: current?.phase === "ringing",
      "hang-up": Boolean(current),
      hold: talking,
      mute: talking,
      call: this.#mayCall,
      transfer: talking && calls.length === 1,
      join: talking && (Boolean(other) || this.outside.third?.phase === "alone"),
    };
    for (const [name, allowed] of Object.entries(can)) this.part(`act-${name}`).disabled = !allowed;
    this.part("act-hold").setAttribute("aria-pressed", String(Boolean(current?.held)));
    this.part("act-mute").setAttribute("aria-pressed", String(Boolean(current?.muted)));
    for (const word of ["act-call-word", "directory-call"]) {
      this.part(word).textContent = this.words[talking ? "consult" : "call"];
    }
    for (const key of this.root.querySelectorAll("button[data-digit]")) {
      /** @type {HTMLButtonElement} */ (key).disabled = !talking;
    }
    for (const service of this.root.querySelectorAll("button[data-emergency]")) {
      /** @type {HTMLButtonElement} */ (service).disabled = !this.#mayCall;
    }
  }

  /** Somebody may be called when nobody is, a third when there is none; without a browser's phone the desk's rings. */
  get #mayCall() {
    const { calls, link } = this.phone;
    const { third, pending } = this.outside;
    const free = calls.length < 2 && calls.every((call) => call.phase === "talking");
    return free && !pending && (!third || third.phase === "missed") && (link === "ready" || calls.length === 0);
  }

  /** @param {"microphone" | "talk" | "ring"} use @param {MediaDeviceInfo[]} devices */
  #options(use, devices) {
    const chosen = this.phone.devices.choices[use] ?? "";
    const options = devices
      .filter((one) => one.deviceId && one.deviceId !== "default")
      .map((one) => new Option(one.label || one.deviceId, one.deviceId, false, one.deviceId === chosen));
    this.part(`device-${use}`).replaceChildren(new Option(this.words["system-device"], ""), ...options);
  }
}
