// The sound of a ringing phone, made on the spot: two tones, one second on, two seconds off.
import { playThrough } from "./microphone.js";

const TONES_HERTZ = [440, 480];
const RING_SECONDS = 1;
const PERIOD_SECONDS = 3;
const CHIME_HERTZ = [660, 880];
const CHIME_SECONDS = 0.2;
const LOUDNESS = 0.2;
const RINGS_AHEAD = 40;

export class Ring {
  /** @param {AudioContext} context @param {() => string | undefined} device where to ring */
  constructor(context, device) {
    this.context = context;
    this.device = device;
    this.output = context.createMediaStreamDestination();
    this.element = new Audio();
    this.element.srcObject = this.output.stream;
    /** @type {(() => void) | null} */
    this.hush = null;
  }

  async start() {
    if (this.hush) return;
    this.hush = this.#sound(RINGS_AHEAD);
    await playThrough(this.element, this.device());
    await this.context.resume();
    await this.element.play().catch(() => undefined); // the browser waits for a first key; the panel says so
  }

  stop() {
    this.hush?.();
    this.hush = null;
    this.element.pause();
  }

  /** One ring, to hear where it comes from. */
  async test() {
    await this.start();
    setTimeout(() => this.stop(), RING_SECONDS * 1000);
  }

  /** Two soft tones, upwards: there is something to look at, and nobody calls. */
  async chime() {
    if (this.hush) return;
    await playThrough(this.element, this.device());
    await this.context.resume();
    await this.element.play().catch(() => undefined);
    CHIME_HERTZ.forEach((frequency, at) => {
      const tone = new OscillatorNode(this.context, { frequency });
      tone.connect(new GainNode(this.context, { gain: LOUDNESS / 2 })).connect(this.output);
      tone.start(this.context.currentTime + at * CHIME_SECONDS);
      tone.stop(this.context.currentTime + (at + 1) * CHIME_SECONDS);
    });
  }

  /** @param {number} rings */
  #sound(rings) {
    const gain = this.context.createGain();
    gain.gain.value = 0;
    gain.connect(this.output);
    const now = this.context.currentTime;
    for (let ring = 0; ring < rings; ring += 1) {
      gain.gain.setValueAtTime(LOUDNESS, now + ring * PERIOD_SECONDS);
      gain.gain.setValueAtTime(0, now + ring * PERIOD_SECONDS + RING_SECONDS);
    }
    const tones = TONES_HERTZ.map((hertz) => {
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
