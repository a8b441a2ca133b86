// What the telephone exchange does for this desk beyond a plain call: calls to the outside, and a third in a talk.

/** @typedef {{id: string, number: string, phase: string, outcome: string | null, words: string}} OutsideCall */
/** @typedef {{name: string, phase: string, words: string}} Third */

const LOOK_EVERY_MS = 500;
const MINUTE_MS = 60_000;

export class Outside extends EventTarget {
  /** @param {string} csrf @param {(clicked: string) => void} expect told the word by which our own phone knows the call */
  constructor(csrf, expect) {
    super();
    this.csrf = csrf;
    this.expect = expect;
    /** @type {OutsideCall | null} */
    this.call = null;
    /** @type {Third | null} */
    this.third = null;
    /** With whom the exchange has this desk talking: after a transfer our own phone still has the colleague's number. @type {string | null} */
    this.with = null;
    /** Whether somebody may be passed on to us, so that the exchange is asked though nothing of ours goes on. */
    this.watching = false;
    this.refusal = "";
    this.looking = 0;
    this.forgetting = 0;
  }

  /** Whether something goes on that the exchange has to be asked about. */
  get busy() {
    return Boolean((this.call && this.call.phase !== "over") || (this.third && this.third.phase !== "missed"));
  }

  /** Whether a number is being called and they have not come to the telephone yet. */
  get pending() {
    return Boolean(this.call && !["talking", "over"].includes(this.call.phase));
  }

  /** Whether the dispatcher is aside with a third, or rings one, while the citizen hears music. */
  get aside() {
    return this.third?.phase === "ringing" || this.third?.phase === "alone";
  }

  /** Call a number; the desk's own phone answers by itself, because somebody has just asked for it here.
   * @param {string} number @param {import("./links.js").Why} [why] */
  async place(number, { missed = "", about = "" } = {}) {
    const clicked = word();
    this.expect(clicked);
    await this.#send("/desk/call-out", { number, missed, about, clicked });
  }

  /** @param {string} act @param {string} [number] */
  async withThird(act, number = "") {
    await this.#send("/desk/third", { act, number });
  }

  /** Learn how things stand, and go on asking while something goes on. */
  async look() {
    clearTimeout(this.looking);
    try {
      const answer = await fetch("/desk/call-out", { headers: { Accept: "application/json" }, redirect: "error" });
      if (answer.ok) this.#take(await answer.json());
    } catch {
      // no network: the softphone's own state says so; what was known stays
    }
    if (this.busy || this.watching) this.looking = window.setTimeout(() => this.look(), LOOK_EVERY_MS);
  }

  /** What was refused, and whom nobody could reach, is no news any more. */
  forget() {
    this.refusal = "";
    if (this.third?.phase === "missed") this.third = null;
  }

  /** Go on asking for as long as a colleague is on the telephone. @param {boolean} asked */
  watch(asked) {
    if (this.watching === asked) return;
    this.watching = asked;
    if (asked) this.look();
    else this.with = null;
  }

  /** @param {string} address @param {Record<string, string>} fields */
  async #send(address, fields) {
    const { ok, body } = await post(address, this.csrf, fields);
    this.refusal = ok ? "" : body.message ?? "";
    if (ok) this.#take(body);
    this.dispatchEvent(new Event("change"));
    await this.look();
  }

  /** @param {{call: OutsideCall | null, third: Third | null, with?: string | null}} state */
  #take(state) {
    const before = JSON.stringify([this.call, this.third, this.with]);
    this.call = state.call;
    this.third = state.third;
    this.with = state.with ?? null;
    if (JSON.stringify([this.call, this.third, this.with]) === before) return;
    clearTimeout(this.forgetting);
    if (!this.busy && (this.call || this.third)) this.forgetting = window.setTimeout(() => this.look(), MINUTE_MS);
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {string} address @param {string} csrf @param {Record<string, string>} fields */
export async function post(address, csrf, fields) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "X-CSRF-Token": csrf, Accept: "application/json" },
      body: new URLSearchParams(fields),
      redirect: "error",
    });
    const body = await answer.json();
    return { ok: answer.ok, body };
  } catch {
    return { ok: false, body: {} };
  }
}

/** A word that nobody can guess. */
export function word() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (one) => one.toString(16).padStart(2, "0")).join("");
}
