// The form that registers an appeal: kept as it is typed, faults go as soon as they are mended, nothing is lost
// when another form is opened.

const SAVE_AFTER_MS = 300;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** One after another, so that what was typed first never comes last. @type {Promise<unknown>} */
let sent = Promise.resolve();

/** What was said last of appeals alike. */
let alike = "";

const form = () => /** @type {HTMLFormElement | null} */ (document.getElementById("appeal-form"));

/** @param {HTMLFormElement} filled */
const fields = (filled) => new URLSearchParams(/** @type {any} */ (new FormData(filled)));

/** @param {HTMLFormElement} filled */
async function send(filled) {
  const answer = await fetch("/desk/appeals/draft", { method: "POST", body: fields(filled), redirect: "manual" });
  if (answer.ok && filled.isConnected) mend((await answer.json()).faults);
}

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
  if (!document.querySelector("#appeal-form .appeal-fault")) document.getElementById("appeal-faults")?.remove();
}

/** Send what is still to be sent of the open form. */
async function flush() {
  if (timer === undefined) return sent;
  clearTimeout(timer);
  timer = undefined;
  const filled = form();
  if (filled) sent = sent.then(() => send(filled)).catch(() => later());
  return sent;
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(flush, SAVE_AFTER_MS);
}

/** Open a form; the one that is open is kept first, and is only gone to when it is the same. @param {HTMLElement} by */
async function open(by) {
  const wanted = by.dataset.formCall ?? document.querySelector("#cards > article")?.getAttribute("data-call") ?? "";
  const text = document.getElementById("appeal-text");
  if (text && !by.dataset.form?.endsWith("/emergency") && form()?.dataset.call === wanted) return text.focus();
  const ahead = by.dataset.form?.endsWith("/emergency") ? enterAhead() : undefined;
  try {
    await Promise.all([flush(), notesSaved()]);
    await window.htmx.ajax("GET", by.dataset.form ?? "", { target: "#appeal", swap: "outerHTML" });
  } finally {
    const register = document.querySelector(".appeal-emergency #appeal-register");
    if (ahead?.()) /** @type {HTMLElement | null} */ (register)?.click();
  }
}

/** An emergency is registered with the notes: those typed last are sent before it. */
function notesSaved() {
  /** @type {Promise<void>[]} */
  const saving = [];
  document.dispatchEvent(new CustomEvent("notes:wanted", { detail: saving }));
  return Promise.all(saving);
}

/** Catch an Enter that comes before the form it is meant for. @returns {() => boolean} ends it: whether one came */
function enterAhead() {
  let came = false;
  const over = new AbortController();
  /** @param {KeyboardEvent} event */
  const caught = (event) => {
    if (event.key === "Enter") {
      came = true;
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (!event.repeat) over.abort(); // the hand has gone on to something else
  };
  window.addEventListener("keydown", caught, { capture: true, signal: over.signal });
  return () => {
    over.abort();
    return came;
  };
}

/** Whoever is named and known to nobody is a new applicant: said on the form, and taken back as soon as it is not so. */
function newByItself() {
  const filled = form();
  const name = /** @type {HTMLInputElement | null} */ (document.getElementById("appeal-name"));
  const new_ = /** @type {HTMLInputElement | null | undefined} */ (filled?.querySelector("[name=applicant][value=new]"));
  if (!filled || !name || !new_) return;
  const known = document.querySelector("#appeal-people [name=applicant]") !== null;
  const chosen = filled.querySelector("[name=applicant]:checked");
  if (name.value.trim() && !known && !chosen) {
    new_.checked = true;
    new_.dataset.byItself = "";
  } else if (new_.dataset.byItself !== undefined && chosen === new_ && (known || !name.value.trim())) {
    new_.checked = false;
  } else return;
  new_.dispatchEvent(new Event("change", { bubbles: true }));
}

async function benefits() {
  const chosen = /** @type {HTMLInputElement | null | undefined} */ (form()?.querySelector("[name=applicant]:checked"));
  const place = document.getElementById("appeal-benefits");
  const answer = await fetch(`/desk/appeals/benefits?applicant=${encodeURIComponent(chosen?.value ?? "")}`);
  if (answer.ok && place) place.innerHTML = await answer.text();
}

/** @param {Event} event */
function changed(event) {
  const target = /** @type {HTMLInputElement} */ (event.target);
  if (!target.closest?.("#appeal-form")) return;
  later();
  if (event.type !== "change" || target.name !== "applicant") return;
  if (event.isTrusted) delete target.dataset.byItself;
  benefits();
}

/** Say in the form that it was not sent, and why; the form stays. @param {string} why */
function refused(why) {
  const place = document.querySelector("#appeal form");
  const said = document.getElementById("appeal-faults") ?? document.createElement("p");
  said.id = "appeal-faults";
  said.className = "alert alert-danger";
  said.setAttribute("role", "alert");
  said.textContent = why;
  if (!said.isConnected) place?.querySelector("h2")?.after(said);
}

/** Only a form's own answer takes its place: 422 is the form with its faults. @param {Event} event */
function swaps(event) {
  const { ctx } = /** @type {CustomEvent} */ (event).detail;
  const asked = /** @type {Element} */ (event.target);
  if (asked.id === "appeal-similar") {
    if (alike === ctx.text) event.preventDefault(); // read out again only when it says something else
    alike = ctx.text;
  }
  if (!asked.closest("#appeal") || ctx.response.status < 400 || ctx.response.status === 422) return;
  event.preventDefault();
  refused(new DOMParser().parseFromString(ctx.text, "text/html").querySelector("h1")?.textContent ?? ctx.text);
}

document.addEventListener("htmx:before:swap", swaps);
document.addEventListener("htmx:error", (event) => {
  const sent = /** @type {HTMLElement} */ (event.target);
  if (sent.matches("#appeal form")) refused(sent.dataset.lost ?? "");
});
document.addEventListener("input", changed);
document.addEventListener("change", changed);
document.addEventListener("htmx:after:swap", (event) => {
  if (/** @type {Element} */ (event.target).id === "appeal-name") newByItself();
});
document.addEventListener("click", (event) => {
  const by = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("button[data-form]"));
  if (by) open(by);
});
window.addEventListener("pagehide", () => {
  const filled = form();
  if (timer !== undefined && filled) navigator.sendBeacon("/desk/appeals/draft", fields(filled));
});

// What was half filled in when the page was left is open again.
const left = /** @type {HTMLElement | null} */ (document.querySelector("section#appeal[data-form]"));
if (left) window.htmx.ajax("GET", left.dataset.form ?? "", { target: "#appeal", swap: "outerHTML" });

export {};
