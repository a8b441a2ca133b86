// One call of the softphone: a JsSIP session, its sound, and what the panel shows of it.
import { playThrough } from "./microphone.js";

/** @typedef {"ringing" | "calling" | "connecting" | "talking" | "ended"} Phase */

/** Q.850 cause 27, out of order: the caller is to go back to the line, nobody hung up on them. */
export const PAGE_LEFT = 'Reason: Q.850;cause=27;text="page left"';
/** An answer is waited for without servers of the outside world: the exchange is in our own network. */
export const CONNECTION = { iceServers: [] };
const GATHERING_MS = 100;
const SILENT_MS = 4000; // the exchange itself gives a leg up that sends nothing for three seconds
const HOLD_AGAIN_MS = 50;
const TONE_MS = 120;
const TONE_GAP_MS = 80;

export class SoftphoneCall extends EventTarget {
  /**
   * @param {any} session JsSIP's
   * @param {import("./microphone.js").Devices} devices
   */
  constructor(session, devices) {
    super();
    this.session = session;
    this.devices = devices;
    this.id = session.id;
    this.incoming = session.direction === "incoming";
    this.number = session.remote_identity.uri.user ?? "";
    this.name = session.remote_identity.display_name ?? "";
    /** @type {Phase} */
    this.phase = this.incoming ? "ringing" : "calling";
    this.held = false;
    this.toBeHeld = false;
    this.holding = 0;
    this.muted = false;
    this.cause = "";
    this.leaving = false;
    this.lost = 0;
    this.began = performance.now();
    /** @type {number | null} When the two could hear each other, in ms of the page's clock. */
    this.talkingSince = null;
    /** @type {MediaStream | null} */
    this.microphone = null;
    this.element = new Audio();
    this.element.autoplay = true;
    this.#follow();
  }

  get over() {
    return this.phase === "ended";
  }

  async answer() {
    if (this.phase !== "ringing") return;
    this.#become("connecting");
    this.microphone = this.devices.track();
    this.session.answer({ mediaStream: this.microphone, pcConfig: CONNECTION });
  }

  /** @param {string[]} [extraHeaders] */
  hangUp(extraHeaders = []) {
    if (!this.over && !this.session.isEnded()) this.session.terminate({ extraHeaders });
  }

  mute() {
    if (this.muted) this.session.unmute({ audio: true });
    else this.session.mute({ audio: true });
  }

  /** Hold, or take back: whichever was not asked for last. */
  hold() {
    this.keepHeld(!this.toBeHeld);
  }

  /** @param {boolean} held */
  keepHeld(held) {
    this.toBeHeld = held;
    if (!this.holding) this.#changeHold();
  }

  /** @param {string} keys */
  press(keys) {
    this.session.sendDTMF(keys, { transportType: "RFC2833", duration: TONE_MS, interToneGap: TONE_GAP_MS });
  }

  /**
   * Pass the other side on: to a number, or to the one whom another call of ours has reached.
   * @param {string} number
   * @param {SoftphoneCall} [asked]
   * @returns {Promise<boolean>} whether they were taken over; our own leg is hung up then
   */
  transfer(number, asked) {
    this.leaving = true;
    return new Promise((resolve) => {
      const refused = () => {
        this.leaving = false;
        resolve(false);
      };
      const done = () => {
        this.hangUp();
        resolve(true);
      };
      this.session.refer(number, {
        replaces: asked?.session,
        eventHandlers: { requestFailed: refused, failed: refused, accepted: done },
      });
      this.addEventListener("ended", () => resolve(true), { once: true });
    });
  }

  /** Speak into another microphone from now on. */
  async changeMicrophone() {
    const fresh = this.devices.track();
    const [track] = fresh?.getAudioTracks() ?? [];
    if (!track || this.over) return;
    track.enabled = !this.muted && !this.held;
    const senders = this.session.connection?.getSenders() ?? [];
    await Promise.all(senders.map((/** @type {RTCRtpSender} */ sender) => sender.replaceTrack(track)));
    this.#stopMicrophone();
    this.microphone = fresh;
  }

  async changeLoudspeaker() {
    await playThrough(this.element, this.devices.choices.talk);
  }

  /** The exchange takes one change after another (RFC 3261, 14.1): what was asked for meanwhile is done then. */
  #changeHold() {
    this.holding = 0;
    if (this.over || this.toBeHeld === this.held) return;
    if (this.toBeHeld) this.session.hold();
    else this.session.unhold();
    this.holding = window.setTimeout(() => this.#changeHold(), HOLD_AGAIN_MS);
  }

  #follow() {
    const { session } = this;
    if (session.connection) this.#connect(session.connection);
    session.on("peerconnection", (/** @type {any} */ event) => this.#connect(event.peerconnection));
    session.on("icecandidate", (/** @type {any} */ event) => setTimeout(event.ready, GATHERING_MS));
    session.on("accepted", () => this.phase !== "talking" && this.#become("connecting"));
    session.on("hold", (/** @type {any} */ event) => event.originator === "local" && this.#set("held", true));
    session.on("unhold", (/** @type {any} */ event) => event.originator === "local" && this.#set("held", false));
    session.on("muted", () => this.#set("muted", true));
    session.on("unmuted", () => this.#set("muted", false));
    for (const end of ["ended", "failed"]) session.on(end, (/** @type {any} */ event) => this.#end(event));
  }

  /** @param {RTCPeerConnection} connection */
  #connect(connection) {
    connection.addEventListener("track", (event) => {
      this.element.srcObject = event.streams[0] ?? new MediaStream([event.track]);
      this.changeLoudspeaker();
    });
    connection.addEventListener("connectionstatechange", () => {
      if (connection.connectionState === "connected" && !this.over) {
        this.talkingSince ??= performance.now();
        this.#become("talking");
      }
      this.#giveUpLost(connection);
    });
  }

  /** A call that ended while nobody could tell us (the service was away) is no call any more. @param {RTCPeerConnection} connection */
  #giveUpLost(connection) {
    clearTimeout(this.lost);
    if (this.over) return;
    if (connection.connectionState === "failed") this.hangUp();
    else if (connection.connectionState === "disconnected") this.lost = window.setTimeout(() => this.hangUp(), SILENT_MS);
  }

  /** @param {any} event */
  #end(event) {
    this.cause = event.cause;
    this.element.srcObject = null;
    this.#stopMicrophone();
    this.#become("ended");
    this.dispatchEvent(new Event("ended"));
  }

  #stopMicrophone() {
    this.microphone?.getTracks().forEach((track) => track.stop());
  }

  /** @param {Phase} phase */
  #become(phase) {
    this.phase = phase;
    this.dispatchEvent(new Event("change"));
  }

  /** @param {"held" | "muted"} what @param {boolean} value */
  #set(what, value) {
    this[what] = value;
    this.dispatchEvent(new Event("change"));
  }
}
