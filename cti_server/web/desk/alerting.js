// A new alert of many reports sounds once, softly, through the device that rings; never into a call.

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
