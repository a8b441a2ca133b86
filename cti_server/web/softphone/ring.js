// The sound of a ringing phone, made on the spot: two tones, one second on, two seconds off.
import { playThrough } from "./microphone.js";

const ORDINARY = { hertz: [440, 480], seconds: 1, period: 3 };
/** An emergency rings higher, and three times as fast. */
const EMERGENCY = { hertz: [880, 1109], seconds: 0.5, period: 1 };
const WARNING_HERTZ = 880;
const WARNING_SECONDS = 0.12;
const CHIME_HERTZ = [660, 880];
const CHIME_SECONDS = 0.2;
const LOUDNESS = 0.2;
const LONGEST_SECONDS = 120;

export class Ring {
  /** @param {import("./microphone.js").Devices} devices */
  constructor(devices) {
    this.devices = devices;
    this.context = devices.context;
    this.output = this.context.createMediaStreamDestination();
    this.element = new Audio();
    this.element.srcObject = this.output.stream;
    /** @type {(() => void) | null} */
    this.hush = null;
    this.kind = ORDINARY;
    /** How many sounds are being played. */
    this.playing = 0;
    this.trying = 0;
  }

  /** @param {boolean} [urgent] somebody with an emergency calls */
  async start(urgent) {
    const kind = urgent ? EMERGENCY : ORDINARY;
    // Who rings now is not to end with what was only tried, and may have become an emergency while it rings.
    if (this.trying || this.kind !== kind) this.stop();
    await this.#begin(kind);
  }

  stop() {
    clearTimeout(this.trying);
    this.trying = 0;
    if (!this.hush) return;
    this.hush();
    this.hush = null;
    this.#end();
  }

  /** One ring, to hear where it comes from. */
  async test() {
    if (this.hush) return;
    this.trying = window.setTimeout(() => this.stop(), ORDINARY.seconds * 1000);
    await this.#begin(ORDINARY);
  }

  /** Two soft tones, upwards: there is something to look at, and nobody calls. */
  async chime() {
    await this.#tones(CHIME_HERTZ, CHIME_SECONDS);
  }

  /** One short soft tone into a talk: an emergency waits. The citizen does not hear it. */
  async warn() {
    await this.#tones([WARNING_HERTZ], WARNING_SECONDS);
  }

  /** @param {number[]} hertz one after the other @param {number} seconds of each */
  async #tones(hertz, seconds) {
    if (this.hush) return;
    await this.#play();
    const tones = hertz.map((frequency, at) => {
      const tone = new OscillatorNode(this.context, { frequency });
      tone.connect(new GainNode(this.context, { gain: LOUDNESS / 2 })).connect(this.output);
      tone.start(this.context.currentTime + at * seconds);
      tone.stop(this.context.currentTime + (at + 1) * seconds);
      return tone;
    });
    tones[tones.length - 1].addEventListener("ended", () => this.#end());
  }

  /** @param {typeof ORDINARY} kind */
  async #begin(kind) {
    if (this.hush) return;
    this.kind = kind;
    this.hush = this.#sound(kind);
    await this.#play();
  }

  async #play() {
    this.playing += 1;
    await Promise.all([this.devices.wake(), playThrough(this.element, this.devices.choices.ring)]);
    if (this.playing) await this.element.play().catch(() => undefined); // the browser waits for a first key; the panel says so
  }

  #end() {
    this.playing -= 1;
    if (!this.playing) this.element.pause();
    this.devices.rest();
  }

  /** @param {typeof ORDINARY} kind */
  #sound(kind) {
    const gain = this.context.createGain();
    gain.gain.value = 0;
    gain.connect(this.output);
    const now = this.context.currentTime;
    for (let begins = 0; begins < LONGEST_SECONDS; begins += kind.period) {
      gain.gain.setValueAtTime(LOUDNESS, now + begins);
      gain.gain.setValueAtTime(0, now + begins + kind.seconds);
    }
    const tones = kind.hertz.map((hertz) => {
      const tone = new OscillatorNode(this.context, { frequency: hertz });
      tone.connect(gain);
      tone.start();
      return tone;
    });
    return () => {
      for (const tone of tones) tone.stop();
      gain.disconnect();
    };
  }
}
