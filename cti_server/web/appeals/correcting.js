// What is being put right has a way back to what is read aloud, and waits while another form stands in its place.
import { begun } from "../look/begun.js";
import { talking } from "./meant.js";

/** What was read aloud before it was to be put right. */
let aloud = "";
/** What was put right half-way when another form was asked for, the latest last. @type {{section: HTMLElement, aloud: string}[]} */
const aside = [];
/** Whether the desk is going by itself: nobody is asked then. */
let over = false;

const place = () => /** @type {HTMLElement | null} */ (document.getElementById("appeal"));
const form = () => /** @type {HTMLFormElement | null} */ (place()?.querySelector("form[data-correcting]") ?? null);
const way = () => /** @type {HTMLElement | null} */ (form()?.querySelector("[data-correction-leave]") ?? null);

/** Whether something was typed that the appeal does not have. */
const changed = () => {
  const filled = form();
  return filled !== null && (filled.dataset.begun !== undefined || begun(filled));
};

/** Whether somebody who is here puts an appeal right. @param {EventTarget | null} at */
export const corrects = (at) => form() !== null && (at === document.body || (at instanceof Node && place()?.contains(at) === true));

/** Go back to what was read aloud; what was typed is thrown away only when that is said. */
export const leaveCorrection = () => way()?.click();

/** Another form is to stand here: what is half-way goes out of sight, and comes back when the place is free. */
export function setAside() {
  const section = place();
  if (!section || !changed()) return;
  aside.push({ section, aloud });
  const free = document.createElement("section");
  free.id = "appeal";
  free.hidden = true;
  section.replaceWith(free);
}

/** @param {HTMLElement} section @param {string} cursor where it goes, unless somebody types elsewhere */
function put(section, cursor) {
  place()?.replaceWith(section);
  window.htmx.process(section);
  if (!document.activeElement?.matches("input, textarea, select")) {
    /** @type {HTMLElement | null} */ (section.querySelector(cursor))?.focus();
  }
  document.dispatchEvent(new Event("appeal:back"));
}

/** The latest comes back first; never before whoever is on the line by then, nor while the other form is on its way. */
function comeBack() {
  const free = place();
  if (!free?.hidden || free.inert) return;
  const at = aside.findLastIndex(({ section }) => !talking() || talking() === section.dataset.call);
  if (at < 0) return;
  const [back] = aside.splice(at, 1);
  aloud = back.aloud;
  put(back.section, "#appeal-text");
}

function goBack() {
  const kept = document.createElement("template");
  kept.innerHTML = aloud;
  const section = kept.content.firstElementChild;
  if (section instanceof HTMLElement) put(section, "#appeal-title");
}

/** Only what was typed is asked about. */
function ask() {
  const button = way();
  if (!button) return;
  if (changed()) button.dataset.sure = button.dataset.asks;
  else delete button.dataset.sure;
}

/** Follow the form of corrections. */
export function keepCorrections() {
  document.addEventListener("htmx:before:swap", () => {
    const section = place();
    if (section?.querySelector("[data-correct]")) aloud = section.outerHTML;
  });
  for (const told of ["input", "change", "htmx:after:swap", "appeal:back"]) document.addEventListener(told, ask);
  for (const told of ["htmx:after:swap", "appeal:closed", "desk:shown"]) document.addEventListener(told, comeBack);
  document.addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).closest("[data-correction-leave]")) goBack();
  });
  document.addEventListener("desk:over", () => void (over = true));
  addEventListener("beforeunload", (event) => {
    if (!over && (aside.length > 0 || changed())) event.preventDefault();
  });
}
