// A ring is told outside the page too: in the title and the sign of its tab, and by the system where that is allowed.

const SIGN = (/** @type {string} */ colour) =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="8" fill="${colour}"/></svg>`)}`;
const SIGNS = { none: "data:,", call: SIGN("#1b7a3a"), ringing: SIGN("#0b63ce"), emergency: SIGN("#c01c28") };
const BLINK_MS = 1000;

export class Telling {
  /** @param {Record<string, string>} words */
  constructor(words) {
    this.words = words;
    this.title = document.title;
    this.blinking = 0;
    this.text = "";
    /** @type {Notification | null} */
    this.notification = null;
  }

  /** Let a button ask for the system's word of a ring; it is there as long as nobody has said yes or no. @param {HTMLElement} button */
  offer(button) {
    button.hidden = globalThis.Notification?.permission !== "default";
    button.addEventListener("click", async () => {
      button.hidden = (await Notification.requestPermission()) !== "default";
    });
  }

  /** @param {string | null} ringing who rings, none otherwise @param {boolean} talking */
  show(ringing, talking) {
    const emergency = Boolean(document.querySelector("#pop[data-emergency]"));
    const icon = /** @type {HTMLLinkElement | null} */ (document.querySelector('link[rel="icon"]'));
    const sign = ringing === null ? (talking ? "call" : "none") : emergency ? "emergency" : "ringing";
    if (icon && icon.getAttribute("href") !== SIGNS[sign]) icon.href = SIGNS[sign];
    if (ringing === null) return this.#hush();
    const text = [emergency ? "⚠" : "☎", this.words.ringing, ringing].join(" ");
    const changed = text !== this.text;
    this.text = text;
    if (!this.blinking) this.blinking = window.setInterval(() => this.#turn(), BLINK_MS);
    if (changed) this.#notify(text);
    document.title = text;
    return undefined;
  }

  #turn() {
    document.title = document.title === this.text ? this.title : this.text;
  }

  #hush() {
    clearInterval(this.blinking);
    this.blinking = 0;
    this.text = "";
    document.title = this.title;
    this.notification?.close();
    this.notification = null;
  }

  /** @param {string} text */
  #notify(text) {
    if (document.hasFocus() || globalThis.Notification?.permission !== "granted") return;
    this.notification?.close();
    this.notification = new Notification(text, { tag: "hotline-ring", requireInteraction: true });
    this.notification.addEventListener("click", () => window.focus());
  }
}
