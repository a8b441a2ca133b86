// Reporting: sent without leaving the page, kept while there is no network. Without this script the form goes as any other.
import { keep, sent } from "./reporting/kept.js";
import { again, sendWhatWaits, show } from "./reporting/waiting.js";

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("report"));
const said = document.getElementById("report-said");

/** @param {string} text */
function say(text) {
  if (said) said.textContent = text;
}

/** @param {HTMLFormElement} from */
function prepared(from) {
  const key = /** @type {HTMLInputElement} */ (from.elements.namedItem("key"));
  key.value ||= crypto.randomUUID();
  const data = new FormData(from);
  for (const [name, value] of [...data]) if (value instanceof File && !value.name) data.delete(name); // none was chosen
  return data;
}

if (form) {
  const { kept = "", full = "" } = form.dataset;
  const button = form.querySelector("button");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button) button.disabled = true;
    const data = prepared(form);
    const outcome = await sent(data);
    if (outcome.how === "sent") return location.assign(outcome.receipt.page);
    if (outcome.how !== "away") return form.submit(); // the server's page shows what is wrong, or why it takes none
    say((await keep(data)) ? kept : full);
    await show();
    await again();
    // The form stays as it is, and the button locked: what is kept is sent under this form's key.
  });
  window.addEventListener("pageshow", () => {
    if (button) button.disabled = false; // by Back: sent again under its key it is the same report
  });
}

sendWhatWaits((to) => to === "/report");
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/report-worker.js", { scope: "/report" }).catch(() => undefined);
