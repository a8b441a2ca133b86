// An appeal that is looked at beside what is being typed: opened by a key, closed by Escape, back to the field.
import { desk, explain } from "./posting.js";

/** @type {HTMLElement | null} */
let typedIn = null;

/** @param {string} address */
async function open(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html", "HX-Request": "true" }, redirect: "manual" });
  if (answer.type === "opaqueredirect") return location.reload();
  if (!answer.ok) return explain(answer);
  const opened = /** @type {HTMLElement} */ (document.getElementById("opened"));
  opened.outerHTML = await answer.text();
  document.getElementById("opened-title")?.focus();
}

function close() {
  const opened = document.getElementById("opened");
  if (!opened || opened.hidden) return;
  opened.hidden = true;
  opened.replaceChildren();
  if (typedIn?.isConnected) typedIn.focus();
}

/** Listen for what is opened and closed. */
export function keepOpened() {
  desk.addEventListener("focusin", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.matches(".desk-middle input, .desk-middle textarea, .desk-middle select")) typedIn = target;
  });
  desk.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("button"));
    if (button?.dataset.open) open(button.dataset.open);
    if (button?.dataset.close !== undefined) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) close();
  });
}
