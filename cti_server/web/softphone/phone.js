// The phone without its panel: registers by itself, keeps the calls, says what its state is.
import JsSIP from "jssip";
import { CONNECTION, PAGE_LEFT, SoftphoneCall } from "./call.js";
import { Holding } from "./holding.js";
import { Ring } from "./ring.js";

/** @typedef {"opening" | "registering" | "ready" | "offline" | "exchange-away" | "elsewhere" | "signed-out"} Link */

const REGISTER_SECONDS = 120;
const RETRY_MS = 1500;
const LOOK_AGAIN_MS = 3000;
const REGISTERED_WITHIN_MS = 4000; // an exchange that is just starting leaves a REGISTER unanswered
const RECONNECT_SECONDS = { connection_recovery_min_interval: 1, connection_recovery_max_interval: 4 };
const CLICKED = "X-Hotline-Clicked";
const EXPECTED_FOR_MS = 15_000;
const ELSEWHERE = 4001;
const SIGNED_OUT = 1008;
const EXCHANGE_AWAY = 4002;

/**
 * Its own stop() waits two seconds for answers, and meanwhile opens the socket again that the service has closed:
 * that would put out whoever has the phone by now, in the middle of a talk.
 * @param {any} agent
 */
function end(agent) {
  agent.stop();
  agent.transport.disconnect();
}

export class Softphone extends EventTarget {
  /**
   * @param {{open: string, socket: string, csrf: string}} addresses
   * @param {import("./microphone.js").Devices} devices
   */
  constructor(addresses, devices) {
    super();
    this.addresses = addresses;
    this.devices = devices;
    this.ring = new Ring(devices);
    /** @type {Link} */
    this.link = "opening";
    this.extension = "";
    /** @type {SoftphoneCall[]} */
    this.calls = [];
    /** @type {any} */
    this.agent = null;
    this.retry = 0;
    this.starting = false;
    /** Whether a call goes on where the phone is open, as we were told when we asked for it. */
    this.engagedElsewhere = false;
    this.holding = new Holding(() => this.start(), () => this.#lost());
    /** Words of calls that were asked for here: the phone answers them by itself. @type {Set<string>} */
    this.expected = new Set();
    devices.addEventListener("change", () => this.#devicesChanged());
    addEventListener("pagehide", () => this.#leave());
  }

  /**
   * Ask for the microphone and for a password, and register; a phone that is open elsewhere stays there.
   * @param {"open" | "wait" | "take" | "tear"} how wait: only when the phone is free; take: from elsewhere, unless a
   *   call goes on there; tear: even then
   */
  async start(how = "open") {
    clearTimeout(this.retry);
    this.starting = true;
    if (how !== "wait" && this.link !== "elsewhere") this.#become("opening");
    if (this.devices.access !== "granted") await this.devices.open();
    const account = this.devices.access === "granted" ? await this.#account(how) : null;
    this.starting = false;
    if (account) this.#register(account);
  }

  /** Take the phone from another window or computer; a call that goes on there is torn only when asked twice. */
  async take() {
    await this.start(this.link !== "elsewhere" ? "open" : this.engagedElsewhere ? "tear" : "take");
  }

  /** The call that the keys and buttons are for: one that rings, else the one that is not held. */
  get current() {
    return this.calls.find((call) => call.phase === "ringing")
      ?? this.calls.find((call) => !call.held)
      ?? this.calls[0];
  }

  /** Another call of ours, to which the current one may be joined. */
  get other() {
    return this.calls.find((call) => call !== this.current && call.phase === "talking");
  }

  /** Answer the call that brings this word by itself: somebody has just asked for it. @param {string} clicked */
  expect(clicked) {
    this.expected.add(clicked);
    setTimeout(() => this.expected.delete(clicked), EXPECTED_FOR_MS);
  }

  /** @param {string} number a colleague's extension */
  async call(number) {
    this.#holdAll();
    const microphone = this.devices.track();
    const session = this.agent.call(`sip:${number}@${this.agent.configuration.uri.host}`, {
      mediaStream: microphone,
      pcConfig: CONNECTION,
    });
    const call = this.calls.find((one) => one.session === session);
    if (call) call.microphone = microphone;
  }

  async answer() {
    const ringing = this.calls.find((call) => call.phase === "ringing");
    this.#holdAll();
    await ringing?.answer();
  }

  hangUp() {
    this.current?.hangUp();
  }

  mute() {
    if (this.current?.phase === "talking") this.current.mute();
  }

  hold() {
    if (this.current?.phase === "talking") this.current.hold();
  }

  /** @param {string} keys */
  press(keys) {
    if (this.current?.phase === "talking") this.current.press(keys);
  }

  /** Pass the current caller on to a number at once. @param {string} number @returns {Promise<boolean>} */
  async transfer(number) {
    return (await this.current?.transfer(`sip:${number}@${this.agent.configuration.uri.host}`)) ?? false;
  }

  /** Join the held caller with the colleague who was asked. @returns {Promise<boolean>} */
  async join() {
    const asked = this.current;
    const caller = this.other;
    if (!asked || !caller) return false;
    const [one, two] = caller.incoming || !asked.incoming ? [caller, asked] : [asked, caller];
    return one.transfer(two.session.remote_identity.uri.toString(), two);
  }

  #holdAll() {
    for (const call of this.calls) if (call.phase === "talking") call.keepHeld(true);
  }

  /** @param {"open" | "wait" | "take" | "tear"} how */
  async #account(how) {
    const taking = how === "take" || how === "tear";
    if (!taking && !(await this.holding.ask())) return this.#waitElsewhere(false);
    try {
      const answer = await fetch(this.addresses.open, {
        method: "POST",
        headers: { "X-CSRF-Token": this.addresses.csrf },
        body: new URLSearchParams({ how }),
        redirect: "error",
      });
      if (answer.ok) {
        if (taking) await this.holding.take();
        this.engagedElsewhere = false;
        return answer.json();
      }
      if (answer.status === 409) {
        const { engaged } = await answer.json();
        return this.#waitElsewhere(engaged && (taking || this.engagedElsewhere));
      }
      if (answer.status === 401 || answer.status === 403) {
        this.#become("signed-out");
        return null;
      }
      this.#become("exchange-away");
    } catch {
      this.#become("offline");
    }
    this.#again();
    return null;
  }

  /** The phone is open elsewhere: it comes here when it is closed there. @param {boolean} engaged */
  #waitElsewhere(engaged) {
    this.engagedElsewhere = engaged;
    this.#become("elsewhere");
    if (this.holding.held) this.retry = window.setTimeout(() => this.start("wait"), LOOK_AGAIN_MS);
    return null;
  }

  /** Another window of this browser has taken the phone. */
  #lost() {
    this.#stop();
    this.#waitElsewhere(false);
    this.holding.ask();
  }

  #stop() {
    for (const call of this.calls) call.hangUp();
    if (this.agent) end(this.agent);
    this.agent = null;
  }

  #again() {
    clearTimeout(this.retry);
    this.retry = window.setTimeout(() => this.start(), RETRY_MS);
  }

  /** @param {{uri: string, user: string, password: string, extension: string}} account */
  #register(account) {
    if (this.agent) end(this.agent);
    this.extension = account.extension;
    const socket = new JsSIP.WebSocketInterface(this.addresses.socket);
    const agent = new JsSIP.UA({
      sockets: [socket],
      uri: account.uri,
      authorization_user: account.user,
      password: account.password,
      register_expires: REGISTER_SECONDS,
      session_timers: false,
      ...RECONNECT_SECONDS,
    });
    this.agent = agent;
    const mine = (/** @type {(event: any) => void} */ act) => (/** @type {any} */ event) => {
      if (this.agent === agent) act(event);
    };
    agent.on("connected", mine(() => this.#registering()));
    agent.on("registered", mine(() => this.#become("ready")));
    agent.on("disconnected", mine((event) => this.#disconnected(event)));
    agent.on("registrationFailed", mine((event) => this.#refused(event)));
    agent.on("newRTCSession", mine((event) => this.#newCall(event.session, event.request)));
    this.#become("registering");
    agent.start();
  }

  #registering() {
    this.#become("registering");
    clearTimeout(this.retry);
    this.retry = window.setTimeout(() => this.link === "registering" && this.#startAnew(), REGISTERED_WITHIN_MS);
  }

  /** @param {{code?: number}} event */
  #disconnected(event) {
    if (event.code === ELSEWHERE) {
      this.#stop();
      this.#waitElsewhere(false);
    } else if (event.code === SIGNED_OUT) {
      this.#stop(); // also in a talk: the agent's own farewell is no loss of the network
      this.#become("signed-out");
    } else {
      this.#become(event.code === EXCHANGE_AWAY ? "exchange-away" : "offline");
    }
  }

  /** A password that Asterisk has forgotten, or that another opening of the desk has replaced. @param {any} event */
  #refused(event) {
    if (event.cause === JsSIP.C.causes.CONNECTION_ERROR) return;
    this.#startAnew();
  }

  #startAnew() {
    if (this.calls.length > 0) return;
    end(this.agent);
    this.agent = null;
    this.#become("exchange-away");
    this.#again();
  }

  /** @param {any} session @param {any} request */
  #newCall(session, request) {
    const call = new SoftphoneCall(session, this.devices);
    this.calls.push(call);
    call.addEventListener("change", () => this.#changed());
    call.addEventListener("ended", () => this.#ended(call), { once: true });
    if (call.incoming && this.expected.delete(request.getHeader(CLICKED) ?? "")) call.answer();
    this.#changed();
  }

  /** @param {SoftphoneCall} call */
  #ended(call) {
    this.calls = this.calls.filter((one) => one !== call);
    const [left] = this.calls;
    const heldAlone = this.calls.length === 1 && left.toBeHeld && left.phase === "talking" && !left.leaving;
    if (heldAlone) left.keepHeld(false); // the colleague is gone: back to the caller
    this.#changed(call);
  }

  /** Without a microphone nobody is to be rung here: the caller goes to a colleague. */
  #microphoneChanged() {
    const usable = this.devices.access === "granted";
    if (!usable && this.agent && this.calls.length === 0) {
      end(this.agent);
      this.agent = null;
      this.link = "opening";
    } else if (usable && !this.agent && !this.starting && this.link === "opening") {
      this.start();
    }
  }

  #devicesChanged() {
    this.#microphoneChanged();
    for (const call of this.calls) {
      call.changeMicrophone();
      call.changeLoudspeaker();
    }
    this.#changed();
  }

  /** The page goes: the caller goes back to the line at once instead of hearing silence. */
  #leave() {
    for (const call of this.calls) call.hangUp([PAGE_LEFT]);
  }

  /** @param {Link} link */
  #become(link) {
    this.link = link;
    this.#changed();
  }

  /** The page says otherwise who rings: with an emergency by now. */
  look() {
    this.#changed();
  }

  /** @param {SoftphoneCall} [ended] */
  #changed(ended) {
    if (this.calls.some((call) => call.phase === "ringing")) this.ring.start(document.getElementById("pop")?.dataset.emergency !== undefined);
    else this.ring.stop();
    this.dispatchEvent(new CustomEvent("change", { detail: { ended } }));
  }
}
