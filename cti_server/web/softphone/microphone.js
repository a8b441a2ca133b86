// The microphone and the loudspeakers: which are used, whether they may be, how loud it is.

const CHOICES = "hotline.softphone.devices";
const ABSENT = new Set(["OverconstrainedError", "NotFoundError"]);
const METER_PERIOD_MS = 100;
const FULL_SCALE = 4; // speech at arm's length reaches a quarter of full scale: that fills the meter

/** @typedef {{microphone?: string, talk?: string, ring?: string}} Choices device ids; none: the system's own */
/** @typedef {"asked" | "granted" | "refused" | "missing" | "insecure"} Access */

export class Devices extends EventTarget {
  constructor() {
    super();
    /** @type {Choices} */
    this.choices = JSON.parse(localStorage.getItem(CHOICES) ?? "{}");
    /** @type {Access} */
    this.access = "asked";
    /** @type {MediaStream | null} */
    this.stream = null;
    this.constraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    this.context = new AudioContext();
    /** Whether the browser has let the page sound, as it may at once or after a first key. */
    this.allowed = false;
    /** How many things need the sound now. */
    this.needed = 0;
    this.context.addEventListener("statechange", () => this.#settle());
    this.meter = this.context.createAnalyser();
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.measuring = undefined;
    /** @type {MediaStreamAudioSourceNode | null} */
    this.source = null;
    navigator.mediaDevices?.addEventListener("devicechange", () => this.#reopenIfGone());
  }

  /** Open the microphone, or the chosen one; `access` tells how it went. */
  async open() {
    try {
      this.#use(await this.#microphone());
    } catch (error) {
      const name = error instanceof DOMException ? error.name : "NotFoundError";
      // Browsers have no microphone at all for pages that came over plain HTTP from another machine.
      if (!window.isSecureContext) this.access = "insecure";
      else this.access = name === "NotAllowedError" || name === "SecurityError" ? "refused" : "missing";
    }
    this.dispatchEvent(new Event("change"));
  }

  /** The chosen microphone, or the system's own while that one is not plugged in. */
  async #microphone() {
    const wanted = this.choices.microphone;
    const media = navigator.mediaDevices;
    if (wanted) {
      try {
        return await media.getUserMedia({ audio: { ...this.constraints, deviceId: { exact: wanted } } });
      } catch (error) {
        if (!(error instanceof DOMException) || !ABSENT.has(error.name)) throw error;
      }
    }
    return media.getUserMedia({ audio: this.constraints });
  }

  /** A microphone track of one call's own: muting or holding it leaves the others alone. */
  track() {
    return this.stream ? this.stream.clone() : null;
  }

  /** @param {keyof Choices} use @param {string} id */
  async choose(use, id) {
    this.choices[use] = id || undefined;
    localStorage.setItem(CHOICES, JSON.stringify(this.choices));
    if (use === "microphone") await this.open();
    else this.dispatchEvent(new Event("change"));
  }

  /** @returns {Promise<{inputs: MediaDeviceInfo[], outputs: MediaDeviceInfo[]}>} */
  async list() {
    const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    return {
      inputs: all.filter((one) => one.kind === "audioinput"),
      outputs: all.filter((one) => one.kind === "audiooutput"),
    };
  }

  /** Let the sound run, until as many have called `rest` as have called this. */
  async wake() {
    this.needed += 1;
    await this.context.resume();
  }

  /** Sound that runs takes the processor though there is nothing to be heard. */
  rest() {
    this.needed -= 1;
    this.#settle();
  }

  #settle() {
    const running = this.context.state === "running";
    if (running && !this.needed) this.context.suspend();
    if (!running || this.allowed) return;
    this.allowed = true;
    this.dispatchEvent(new Event("allowed"));
  }

  /** Call `show` with the microphone's loudness, 0 to 1, ten times a second; with none, no more. @param {((level: number) => void) | null} show */
  measure(show) {
    if (this.measuring) {
      clearInterval(this.measuring);
      this.measuring = undefined;
      this.#listen();
      this.rest();
    }
    if (!show) return;
    this.wake();
    const samples = new Float32Array(this.meter.fftSize);
    this.measuring = setInterval(() => {
      this.meter.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, one) => sum + one * one, 0) / samples.length;
      show(Math.min(1, Math.sqrt(power) * FULL_SCALE));
    }, METER_PERIOD_MS);
    this.#listen();
  }

  /** The meter hears the microphone while it is looked at. */
  #listen() {
    this.source?.disconnect();
    this.source = this.measuring && this.stream ? this.context.createMediaStreamSource(this.stream) : null;
    this.source?.connect(this.meter);
  }

  /** @param {MediaStream} stream */
  #use(stream) {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = stream;
    this.access = "granted";
    this.#listen();
    stream.getAudioTracks()[0].addEventListener("ended", () => this.open());
  }

  async #reopenIfGone() {
    if (this.stream?.getAudioTracks()[0]?.readyState !== "live") await this.open();
    else this.dispatchEvent(new Event("change"));
  }
}

/** Play through a chosen loudspeaker; browsers that cannot choose use the system's. @param {HTMLMediaElement} element @param {string | undefined} id */
export async function playThrough(element, id) {
  if (!("setSinkId" in element)) return;
  try {
    await element.setSinkId(id ?? "");
  } catch {
    await element.setSinkId(""); // unplugged meanwhile
  }
}
