// What sounds on the desk besides the telephone: a new alert of many reports, never into a call; an emergency that
// waits in the line, into a talk as well.

const HEARD = "hotline.alerts-heard";

/** The alerts that were on the desk in this window before. @type {Set<string>} */
const heard = new Set(JSON.parse(sessionStorage.getItem(HEARD) ?? "[]"));

/** Sound if an alert is new on the desk. Whoever rings or talks is not disturbed: the strip stays. */
export function soundAlerts() {
  const shown = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-alert]"));
  const fresh = [...shown].map((one) => one.dataset.alert ?? "").filter((id) => !heard.has(id));
  if (!fresh.length) return;
  for (const id of fresh) heard.add(id);
  sessionStorage.setItem(HEARD, JSON.stringify([...heard].slice(-100)));
  const phone = /** @type {any} */ (document.querySelector("[data-softphone]"))?.softphone;
  if (phone && !phone.calls.length) phone.ring.chime();
}

/** Who asked for help, and threats, when this window looked last. @type {Set<string>} */
let asked = new Set();

/** Sound once for each who asks the head for help, and for each threat; softly into a talk, too. */
export function soundHelp() {
  const shown = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-help]"));
  const now = new Set([...shown].map((one) => one.dataset.help ?? ""));
  if ([...now].some((id) => !asked.has(id))) {
    /** @type {any} */ (document.querySelector("[data-softphone]"))?.softphone?.ring.warn();
  }
  asked = now;
}

/** Whether the pop said that it is an emergency when this window looked last. */
let urgent = false;

/** Let a ring turn urgent whose caller has pressed the emergency's key meanwhile. */
export function turnUrgent() {
  const now = document.getElementById("pop")?.dataset.emergency !== undefined;
  if (now !== urgent) /** @type {any} */ (document.querySelector("[data-softphone]"))?.softphone?.look();
  urgent = now;
}

/** The emergencies that waited in the line when this window looked last. @type {Set<string>} */
let waited = new Set();

/** Show that an emergency waits for which nobody is free, and sound once for each; softly into a talk, too. */
export function warnOfEmergencies() {
  const places = document.querySelectorAll('.desk-place[data-priority="emergency"][data-state="waiting"]');
  const waiting = new Set([...places].map((one) => one.id));
  const shown = /** @type {HTMLElement} */ (document.getElementById("desk-emergency"));
  shown.hidden = waiting.size === 0;
  if ([...waiting].some((id) => !waited.has(id))) {
    /** @type {any} */ (document.querySelector("[data-softphone]"))?.softphone?.ring.warn();
  }
  waited = waiting;
}
