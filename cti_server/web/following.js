// An appeal followed, answered, a matter joined: sent without leaving the page, kept while there is no network, and what was
// seen in this tab is looked at again, with its hour. Without this script the forms go as any others.
import { keep, sent } from "./reporting/kept.js";
import { forgetSeen, isRestored, remember, sayAsOf } from "./reporting/seen.js";
import { again, sendWhatWaits, show } from "./reporting/waiting.js";

const SCOPES = ["/my", "/answer", "/matters"];

/** @param {HTMLFormElement} form @param {string} name */
const field = (form, name) => /** @type {HTMLInputElement | HTMLTextAreaElement | null} */ (form.querySelector(`[name=${name}]`));

/** Say it below the form. @param {HTMLFormElement} form @param {string} [text] */
function say(form, text = "") {
  let said = form.querySelector(".sent-said");
  if (!said) {
    said = document.createElement("p");
    said.className = "sent-said";
    said.setAttribute("role", "status");
    form.append(said);
  }
  said.textContent = text; // put in after it stands there: only then it is read aloud
}

/** Take back what was said below forms: by now it is otherwise. */
function sayNoMore() {
  for (const said of document.querySelectorAll(".sent-said")) said.textContent = "";
}

/** The form as it is sent, and by which button. @param {HTMLFormElement} form @param {HTMLElement | null} by */
function filled(form, by) {
  const data = new FormData(form);
  if (by instanceof HTMLButtonElement && by.name) data.set(by.name, by.value);
  for (const [name, value] of [...data]) if (value instanceof File && !value.name) data.delete(name); // none was chosen
  return data;
}

/** A "no" without a word is asked once more, as the hotline would. @param {HTMLFormElement} form @param {FormData} data */
function asksForWords(form, data) {
  if (!form.dataset.wordless || data.has("silent") || data.has("file") || String(data.get("text")).trim()) return false;
  const silent = Object.assign(document.createElement("input"), { type: "hidden", name: "silent", value: "yes" });
  form.append(silent);
  say(form, form.dataset.wordless);
  field(form, "text")?.focus();
  return true;
}

/** The next thing that is said by this form is another. @param {HTMLFormElement} form */
function renew(form) {
  const key = field(form, "key");
  if (key) key.value = crypto.randomUUID();
  if (form.dataset.one) return; // of this only the last word counts: it stands there to be looked at
  form.reset();
  for (const one of form.querySelectorAll("[type=file]")) one.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Keep what there is no network for. @param {HTMLFormElement} form @param {FormData} data @param {string} to @param {string} label */
async function keepBack(form, data, to, label) {
  sayAsOf();
  if (asksForWords(form, data)) return;
  const name = form.dataset.one && `${to} ${form.dataset.one}`;
  const kept = await keep(data, { to, label, name }).catch(() => false); // some browsers keep nothing in a private window
  if (kept) {
    renew(form);
    await show();
  }
  for (const other of document.forms) if (form.dataset.one && other.dataset.one === form.dataset.one) other.querySelector(".sent-said")?.remove();
  say(form, kept ? form.dataset.kept : form.dataset.full);
  await again();
}

/** @param {HTMLFormElement} form @param {SubmitEvent} event */
async function send(form, event) {
  if (form.dataset.goes !== undefined) return; // the server's page shows what is wrong
  event.preventDefault();
  if (form.getAttribute("aria-busy") === "true") return; // pressed twice
  const [by, to] = [event.submitter, new URL(form.action).pathname];
  form.setAttribute("aria-busy", "true");
  const data = filled(form, by);
  const outcome = await sent(data, to);
  if (outcome.how === "sent") return location.assign(outcome.receipt.page);
  form.removeAttribute("aria-busy");
  if (outcome.how === "away") return keepBack(form, data, to, (by?.textContent ?? "").trim());
  form.dataset.goes = "";
  form.requestSubmit(by);
}

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("main form[method=post]"))) {
  if (form.dataset.kept) form.addEventListener("submit", (event) => send(form, event));
  else if (form.dataset.away) {
    form.addEventListener("submit", (event) => {
      if (navigator.onLine) return;
      event.preventDefault();
      say(form, form.dataset.away);
    });
  }
  if (form.getAttribute("action") === "/my/leave") form.addEventListener("submit", forgetSeen);
}

if (isRestored()) {
  for (const form of document.forms) if (form.dataset.kept) renew(form);
} else remember();
if (isRestored() || !navigator.onLine) sayAsOf();
window.addEventListener("offline", sayAsOf);
window.addEventListener("pageshow", (event) => {
  for (const form of document.forms) {
    form.removeAttribute("aria-busy");
    delete form.dataset.goes;
  }
  if (event.persisted) sayAsOf(); // by Back, as it was then
});
sendWhatWaits((to) => [location.pathname, `${location.pathname}/join`].includes(to), sayNoMore);
for (const scope of SCOPES) {
  const here = location.pathname === scope || location.pathname.startsWith(`${scope}/`);
  if (here && "serviceWorker" in navigator) navigator.serviceWorker.register("/report-worker.js", { scope }).catch(() => undefined);
}
