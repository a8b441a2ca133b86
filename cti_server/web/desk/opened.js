// An appeal beside what is being typed: opened by a key or a click, acted on, closed by Escape, back to the field.
import { unsent } from "./unsent.js";
import { desk, explain, post } from "./posting.js";

/** @type {HTMLElement | null} */
let typedIn = null;

const here = () => /** @type {HTMLElement | null} */ (document.getElementById("opened"));

/** Whether the cursor is where something is written down. */
const types = () => typedIn !== null && document.activeElement === typedIn && typedIn.closest("#appeal, #cards") !== null;

/** Put the appeal into the page; the focus goes there unless somebody types. @param {string} text @param {boolean} follow */
function put(text, follow) {
  unsent.keep(here());
  const opened = here();
  if (!opened) return;
  opened.outerHTML = text;
  const now = here();
  if (now) now.dataset.of = document.getElementById("who")?.dataset.call ?? "";
  unsent.restore(now);
  if (follow) goTo();
}

/** Go to the first thing that is wrong, to what is said, or to the heading. */
function goTo() {
  const opened = here();
  for (const wanted of ["[aria-invalid=true]", "[autofocus]", "#opened-title"]) {
    const found = /** @type {HTMLElement | null | undefined} */ (opened?.querySelector(wanted));
    if (found) return found.focus();
  }
}

/** @param {string} address @param {boolean} follow */
async function open(address, follow) {
  const answer = await fetch(address, { headers: { Accept: "text/html", "HX-Request": "true" }, redirect: "manual" });
  if (answer.type === "opaqueredirect") return location.reload();
  if (!answer.ok) return explain(answer);
  put(await answer.text(), follow);
}

/** Say in the appeal that nothing was done. @param {string} why */
function refuse(why) {
  const said = /** @type {HTMLElement | null | undefined} */ (here()?.querySelector(".act-refused"));
  if (!said) return;
  said.textContent = why;
  said.hidden = false;
}

/** Send an act; the answer is the appeal as it is then, with the form again where it was not done. @param {HTMLFormElement} form */
async function act(form) {
  const fields = new URLSearchParams(/** @type {any} */ (new FormData(form)));
  const answer = await post(form.getAttribute("action") ?? "", fields).catch(() => undefined);
  if (!answer) return refuse(form.dataset.lost ?? "");
  const text = await answer.text();
  if (!text.includes('id="opened"')) {
    return refuse(new DOMParser().parseFromString(text, "text/html").querySelector("h1")?.textContent ?? "");
  }
  unsent.forget(form);
  document.dispatchEvent(new Event("person:changed"));
  const follow = here()?.contains(document.activeElement) || document.activeElement === document.body;
  put(text, Boolean(follow));
}

function close() {
  const opened = here();
  if (!opened || opened.hidden || opened.dataset.folded !== undefined) return;
  unsent.keep(opened);
  opened.hidden = true;
  opened.replaceChildren();
  if (typedIn?.isConnected) typedIn.focus();
}

/** Listen for what is opened, acted on and closed. */
export function keepOpened() {
  desk.addEventListener("focusin", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest("#opened")) return;
    if (target.matches(".desk-middle input, .desk-middle textarea, .desk-middle select")) typedIn = target;
  });
  desk.addEventListener("mousedown", (event) => {
    // A click on an appeal leaves the cursor where one types; by keyboard one goes there.
    const button = /** @type {Element} */ (event.target).closest("button[data-open]");
    if (button && types()) event.preventDefault();
  });
  desk.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("button"));
    if (button?.dataset.open) open(button.dataset.open, !types());
    if (button?.dataset.close !== undefined) close();
  });
  desk.addEventListener("submit", (event) => {
    if (!(event.target instanceof HTMLFormElement) || !event.target.closest("#opened")) return;
    event.preventDefault();
    act(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) close();
  });
}
