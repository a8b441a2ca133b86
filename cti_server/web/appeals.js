// The form that registers an appeal: kept as it is typed, faults go as soon as they are mended, nothing is lost
// when another form is opened.
import { followCategory } from "./appeals/asked.js";
import { offerHeard } from "./appeals/heard.js";
import { corrects, keepCorrections, leaveCorrection } from "./appeals/correcting.js";
import { flush, forget, form, keep, sendLeft } from "./appeals/kept.js";
import { close, closes, foldForTheNext, open } from "./appeals/opening.js";
import { propose } from "./appeals/proposed.js";

/** What Escape closes before the place of the form. */
const OVER = "dialog[open], [data-combo-popup]:not([hidden]), #opened:not([hidden], [data-folded]), .menu-folded[open], #appeal[data-folded]";
/** What was said last of appeals alike. */
let alike = "";
/** The faults that are shown: the first of them is gone to once. @type {HTMLElement | null} */
let shown = null;

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

/** Show the categories of whoever is chosen; those of somebody chosen before are gone at once. */
async function benefits() {
  const chosen = /** @type {HTMLInputElement | null | undefined} */ (form()?.querySelector("[name=applicant]:checked"));
  const place = document.getElementById("appeal-benefits");
  place?.replaceChildren();
  const answer = await fetch(`/desk/appeals/benefits?applicant=${encodeURIComponent(chosen?.value ?? "")}`);
  const text = await answer.text();
  const stillChosen = chosen ? chosen.isConnected && chosen.checked : !form()?.querySelector("[name=applicant]:checked");
  if (answer.ok && place?.isConnected && stillChosen) place.innerHTML = text;
}

/** @param {Event} event */
function changed(event) {
  const target = /** @type {HTMLInputElement} */ (event.target);
  const filled = form();
  if (!filled?.contains(target)) return;
  keep(filled);
  if (event.type !== "change" || target.name !== "applicant") return;
  if (event.isTrusted) delete target.dataset.byItself;
  benefits();
}

/** The text of the open form, whose cursor stands behind what it came with. @type {Element | null} */
let goneOn = null;

/** A form that comes with notes in it is gone on with behind them. */
function goOn() {
  const text = document.getElementById("appeal-text");
  if (text === goneOn) return;
  goneOn = text;
  if (text instanceof HTMLTextAreaElement) text.setSelectionRange(text.value.length, text.value.length);
}

/** Go to the field that this fault is of. @param {string} field */
function goTo(field) {
  const name = field === "category" ? "category_search" : field;
  const all = `#appeal-form [name="${name}"]`;
  const found = document.querySelector(`${all}:checked`) ?? document.querySelector(all);
  if (!(found instanceof HTMLElement)) return;
  found.focus({ preventScroll: true });
  found.scrollIntoView({ block: "center" });
}

/** What is looked up while one types is written anew: the choice where the cursor stood has it again. */
function keepCursorIn(/** @type {Element} */ part) {
  const at = document.activeElement;
  if (!(at instanceof HTMLInputElement) || !part.contains(at)) return;
  const same = `#${part.id} [name="${at.name}"][value="${CSS.escape(at.value)}"]`;
  const again = () => /** @type {HTMLElement | null} */ (document.querySelector(same))?.focus();
  part.addEventListener("htmx:after:swap", again, { once: true });
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

/** Only a form's own answer takes its place: with its faults, or with the question whose it is. @param {Event} event */
function swaps(event) {
  const { ctx } = /** @type {CustomEvent} */ (event).detail;
  const asked = /** @type {Element} */ (event.target);
  if (asked.id === "appeal-similar") {
    if (alike === ctx.text) event.preventDefault(); // read out again only when it says something else
    alike = ctx.text;
    keepCursorIn(asked);
  }
  if (!asked.closest("#appeal") || ctx.response.status < 400 || ctx.text.includes('id="appeal"')) return;
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
document.addEventListener("htmx:after:swap", goOn);
document.addEventListener("htmx:after:swap", (event) => {
  if (/** @type {Element} */ (event.target).id === "appeal-name") newByItself();
  const faults = document.getElementById("appeal-faults");
  const first = /** @type {HTMLElement | null | undefined} */ (faults?.querySelector("[data-fault]"));
  if (first && faults !== shown) goTo(first.dataset.fault ?? "");
  shown = faults;
  drafts();
});
document.addEventListener("appeal:closed", drafts);
document.addEventListener("appeal:answered", () => {
  opened = undefined; // a colleague may have begun a form for whoever was passed on
  drafts();
});
document.addEventListener("click", (event) => {
  const by = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("button"));
  if (by?.dataset.form) open(by);
  if (by?.dataset.fault) goTo(by.dataset.fault);
  if (by?.dataset.appealClose !== undefined) close();
  const thrownAway = by?.matches(".appeal-discard") ? form() : null;
  if (thrownAway) forget(thrownAway);
});
// Before the others that listen: what they close is open yet, and Escape closes one thing at a time.
document.addEventListener("keydown", closeByEscape, { capture: true });

/** @param {KeyboardEvent} event */
function closeByEscape(event) {
  if (event.key !== "Escape") return;
  const over = document.querySelector(OVER);
  const searched = /** @type {Element} */ (event.target).closest(".search");
  if (over || searched) return;
  if (closes()) close();
  else if (corrects(event.target)) {
    event.preventDefault(); // else the question that it opens would be closed by the same key
    leaveCorrection();
  } else if (form()?.contains(/** @type {Element} */ (event.target))) leave(event);
}

/** Escape in the form closes a list first; what was typed is thrown away only when that is said. @param {KeyboardEvent} event */
function leave(event) {
  const filled = form();
  const discard = /** @type {HTMLElement | null | undefined} */ (filled?.querySelector(".appeal-discard"));
  if (!filled || !discard || filled.querySelector("[aria-expanded=true]")) return;
  event.preventDefault();
  const typed = new FormData(filled);
  const fields = /** @type {NodeListOf<HTMLInputElement>} */ (filled.querySelectorAll("input:not([type])"));
  const some = ["text", "category", "name"].some((name) => String(typed.get(name) ?? "").trim());
  if (!some && [...fields].every((one) => one.value === one.defaultValue)) delete discard.dataset.sure;
  discard.click();
}

/** The call whose form is open; null without one. */
let opened = /** @type {string | null | undefined} */ (undefined);

/** Say which forms are half filled in, whenever another is open than before. */
async function drafts() {
  const now = form()?.dataset.call ?? null;
  if (now === opened || !document.getElementById("appeal-left")) return;
  opened = now;
  await flush();
  const asked = now === null ? "" : `?${new URLSearchParams({ open: now })}`;
  const answer = await fetch(`/desk/appeals/left${asked}`, { redirect: "manual" }).catch(() => null);
  const here = document.getElementById("appeal-left");
  if (answer?.ok && here && now === opened) here.outerHTML = await answer.text();
  document.dispatchEvent(new Event("appeal:left"));
}

goOn();
keepCorrections();
foldForTheNext();
followCategory();
propose();
offerHeard();
// What was half filled in when the page was left is open again.
const before = await sendLeft();
const left = /** @type {HTMLElement | null} */ (document.querySelector("section#appeal[data-form]"));
const address = left?.dataset.form ?? (before === null ? "" : `/desk/appeals/new?${new URLSearchParams({ call: before })}`);
if (address && document.querySelector("section#appeal")) window.htmx.ajax("GET", address, { target: "#appeal", swap: "outerHTML" });
else drafts();
