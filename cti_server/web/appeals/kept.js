// What is typed into the form is kept by the hotline as it is typed: in its order, and again until it is.

const SAVE_AFTER_MS = 300;
const AGAIN_AFTER_MS = 3000;
const PATIENCE_MS = 5000;
const UNSENT = "hotline:unsent";
const AN_HOUR = 3_600_000;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** The form that was typed into since it was sent last. @type {HTMLFormElement | null} */
let typedInto = null;
/** One after another, so that what was typed first never comes last. @type {Promise<unknown>} */
let sent = Promise.resolve();
/** What the hotline does not have yet, by the call it is from. @type {Map<string, URLSearchParams>} */
const unsent = new Map();

export const form = () => /** @type {HTMLFormElement | null} */ (document.getElementById("appeal-form"));

/** @param {HTMLFormElement} filled */
const fields = (filled) => new URLSearchParams(/** @type {any} */ (new FormData(filled)));

/** Take away what is said about fields that are right by now. @param {string[]} faults */
function mend(faults) {
  for (const said of document.querySelectorAll("#appeal-form .appeal-fault")) {
    const field = said.id.replace(/-fault$/, "");
    if (field === "earlier" || faults.includes(field)) continue;
    for (const one of document.querySelectorAll(`[aria-describedby="${said.id}"]`)) {
      one.removeAttribute("aria-invalid");
      one.removeAttribute("aria-describedby");
    }
    said.remove();
  }
  for (const link of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#appeal-faults [data-fault]"))) {
    if (link.dataset.fault !== "earlier" && !faults.includes(link.dataset.fault ?? "")) link.closest("li")?.remove();
  }
  if (!document.querySelector("#appeal-form .appeal-fault")) document.getElementById("appeal-faults")?.remove();
}

/** @param {string} call */
async function send(call) {
  const typed = unsent.get(call);
  if (!typed) return;
  const asked = { method: "POST", body: typed, redirect: /** @type {const} */ ("manual"), signal: AbortSignal.timeout(PATIENCE_MS) };
  // An answer that breaks off in the middle is none: the next in turn must not fail with it.
  const kept = await fetch("/desk/appeals/draft", asked)
    .then((answer) => (answer.ok ? answer.json() : null))
    .catch(() => null);
  document.dispatchEvent(new CustomEvent("typed:kept", { detail: { what: `form ${call}`, kept: kept !== null } }));
  if (!kept) return later(AGAIN_AFTER_MS);
  if (unsent.get(call) !== typed) return; // what was typed since then has an answer of its own
  unsent.delete(call);
  if (form()?.dataset.call === call) mend(kept.faults);
}

/** Remember what stands in the form: it may be gone from the page when the hotline is asked to keep it. */
function take() {
  if (typedInto?.isConnected) unsent.set(typedInto.dataset.call ?? "", fields(typedInto));
  typedInto = null;
  clearTimeout(timer);
}

/** Send what is still to be sent. */
export function flush() {
  take();
  for (const call of unsent.keys()) sent = sent.then(() => send(call));
  return sent;
}

/** @param {number} ms */
function later(ms) {
  clearTimeout(timer);
  timer = setTimeout(flush, ms);
}

/** Have the hotline keep what was typed into this form, soon. @param {HTMLFormElement} filled */
export function keep(filled) {
  typedInto = filled;
  later(SAVE_AFTER_MS);
}

/** Forget what was typed into this form: it is thrown away. @param {HTMLFormElement} filled */
export function forget(filled) {
  typedInto = null;
  const call = filled.dataset.call ?? "";
  unsent.delete(call);
  document.dispatchEvent(new CustomEvent("typed:kept", { detail: { what: `form ${call}`, kept: true } }));
}

const user = () => document.documentElement.dataset.user ?? "";

window.addEventListener("pagehide", () => {
  take();
  for (const typed of unsent.values()) navigator.sendBeacon("/desk/appeals/draft", typed);
  // The beacon of a session that has ended is refused: whoever signs in again in this window has it sent once more.
  const forms = [...unsent].map(([call, typed]) => [call, String(typed)]);
  if (forms.length) sessionStorage.setItem(UNSENT, JSON.stringify({ user: user(), at: Date.now(), forms }));
});

/** Send what could not be sent when the page went. @returns {Promise<string | null>} a call whose form it was */
export async function sendLeft() {
  const left = JSON.parse(sessionStorage.getItem(UNSENT) ?? "null");
  sessionStorage.removeItem(UNSENT);
  if (!left || left.user !== user() || Date.now() - left.at > AN_HOUR) return null;
  const csrf = /** @type {HTMLInputElement | null} */ (document.querySelector("input[name=csrf]"))?.value ?? "";
  for (const [call, text] of left.forms) {
    const typed = new URLSearchParams(text);
    typed.set("csrf", csrf);
    unsent.set(call, typed);
  }
  await flush();
  return left.forms[0]?.[0] ?? null;
}
