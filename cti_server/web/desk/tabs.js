// One task in the middle: each call in hand is a tab, and of one alone stand card, notes and form, never of two people.
//
// Whoever is answered comes to the front by themselves. While somebody only rings, what is being worked on stays, and
// the ring is one line among the tabs. A form half filled in is a tab of its own sheet (appeals/form/left.html.jinja2).
import { desk } from "./posting.js";

/** @typedef {{name: string, word: string, state: string}} Tab */

const tasks = /** @type {HTMLElement} */ (document.getElementById("tasks"));
const tabs = /** @type {HTMLElement} */ (document.getElementById("tabs"));
/** Card, notes and form of the task in sight: the panel of the chosen tab (https://www.w3.org/WAI/ARIA/apg/patterns/tabs/). */
const panel = /** @type {HTMLElement} */ (document.getElementById("task"));
/** The call whose task is in sight; the empty one is of no call, null is none. @type {string | null} */
let task = null;
let last = { rings: "", talks: "", form: /** @type {string | null} */ (null) };
/** What the tabs were drawn from. */
let drawn = "";
/** The call whose person was asked for on the right, and whether what stands there is old by now. */
let asked = "";
let old = false;
/** The appeal that was registered last. */
let registered = "";

const cards = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll("#cards > article")]);
const pop = () => /** @type {HTMLElement} */ (document.getElementById("pop"));
const ringing = () => pop().dataset.call ?? "";
const talking = () => cards().find((one) => one.querySelector("[data-talking]"))?.dataset.call ?? "";
const drafts = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll("#appeal-left .appeal-draft")]);

/** What stands in the place of the form; null when nothing does. */
function form() {
  const place = /** @type {HTMLElement} */ (document.getElementById("appeal"));
  return place.hidden ? null : place;
}

/** @param {HTMLElement} place */
const nameOfForm = (place) =>
  (place.querySelector(".appeal-whose")?.firstChild ?? place.querySelector(".appeal-whom strong"))?.textContent?.trim() || tasks.dataset.form || "";

/** All that can be in sight, by call: who rings, the cards with the latest first, a form of any other call. */
function all() {
  /** @type {Map<string, Tab>} */
  const found = new Map();
  const words = tasks.dataset;
  const rings = ringing();
  if (rings) found.set(rings, { name: pop().dataset.name ?? "", word: words.ring ?? "", state: "ring" });
  for (const card of cards()) {
    const facts = /** @type {HTMLElement | null} */ (card.querySelector("[data-name]"));
    const call = card.dataset.call ?? "";
    if (!facts || found.has(call)) continue;
    const talks = facts.dataset.talking !== undefined;
    const word = talks ? words.talk : `${words.ended} · ${facts.dataset.at}`;
    found.set(call, { name: facts.dataset.name ?? "", word: word ?? "", state: talks ? "talk" : "ended" });
  }
  const place = form();
  const call = place?.dataset.call ?? "";
  if (place && !found.has(call)) found.set(call, { name: nameOfForm(place), word: "", state: "ended" });
  return found;
}

/** Whether something is worked on that a ring must not move. */
const atWork = () => form() !== null || document.activeElement?.matches("#cards textarea, #opened :is(input, textarea, select)") === true;

/** Say which task is in sight, after anything on the page has changed. */
export function arrange() {
  const found = all();
  const now = { rings: ringing(), talks: talking(), form: form()?.dataset.call ?? (form() ? "" : null) };
  const answered = now.talks !== "" && now.talks !== last.talks;
  if (answered) task = now.talks;
  else if (now.form !== null && now.form !== last.form) task = now.form;
  else if (now.rings && now.rings !== last.rings && !atWork()) task = now.rings;
  if (task === null || !found.has(task)) task = [now.talks, now.rings, ...found.keys()].find((one) => found.has(one)) ?? null;
  last = now;
  const number = form()?.querySelector(".appeal-number")?.textContent ?? "";
  if (number && number !== registered) old = true; // it belongs to the list on the right
  registered = number;
  const wrote = document.activeElement?.closest("#cards article");
  show(found);
  if (answered && wrote instanceof HTMLElement && wrote.dataset.folded !== undefined) notesOf(now.talks)?.focus();
  if (answered) putAside(now.talks);
}

/** @param {string} call @returns {HTMLTextAreaElement | null | undefined} */
const notesOf = (call) => cards().find((one) => one.dataset.call === call)?.querySelector("textarea");

/** @param {HTMLElement} element @param {boolean} away */
function fold(element, away) {
  if (away) element.dataset.folded = "";
  else delete element.dataset.folded;
}

/** @param {Map<string, Tab>} found */
function show(found) {
  if (task === null) delete tasks.dataset.task;
  else tasks.dataset.task = task;
  for (const card of cards()) fold(card, card.dataset.call !== task);
  const place = form();
  if (place) fold(place, (place.dataset.call ?? "") !== task);
  const opened = document.getElementById("opened");
  const of = opened?.dataset.of;
  if (opened && !opened.hidden) fold(opened, Boolean(of) && of !== task && of !== ringing());
  if (ringing() && ringing() !== task) pop().dataset.compact = "";
  else delete pop().dataset.compact;
  draw(found);
  tellWho();
}

/** @param {Map<string, Tab>} found */
function draw(found) {
  const left = new Set(drafts().map((one) => one.dataset.formCall));
  const shown = [...found].filter(([call, { state }]) => {
    if (call === task) return true;
    return state !== "ring" && !(state === "ended" && left.has(call)); // these are lines of their own beside the tabs
  });
  const signature = JSON.stringify([task, shown, left.size > 0, pop().dataset.compact]);
  if (signature === drawn) return;
  drawn = signature;
  tabs.hidden = shown.length < 2 && left.size === 0 && pop().dataset.compact === undefined;
  const focused = tabs.contains(document.activeElement);
  tabs.replaceChildren(...shown.map(([call, tab]) => tabOf(call, tab)));
  const chosen = tabs.hidden || task === ringing() ? null : tabs.querySelector("[aria-selected=true]");
  if (chosen) {
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", chosen.id);
  } else {
    panel.removeAttribute("role");
    panel.removeAttribute("aria-labelledby");
  }
  if (focused) /** @type {HTMLElement | null} */ (tabs.querySelector("[aria-selected=true]"))?.focus();
}

/** @param {string} call @param {Tab} tab */
function tabOf(call, { name, word, state }) {
  const button = document.createElement("button");
  const selected = call === task;
  button.type = "button";
  button.className = "desk-tab";
  button.id = `tab-${call}`;
  button.setAttribute("role", "tab");
  button.setAttribute("aria-controls", state === "ring" ? pop().id : panel.id);
  button.setAttribute("aria-selected", String(selected));
  button.tabIndex = selected ? 0 : -1;
  Object.assign(button.dataset, { state, showTask: call });
  const who = document.createElement("strong");
  who.textContent = name;
  const what = document.createElement("span");
  what.textContent = word;
  button.append(who, " ", what);
  return button;
}

/** The right side tells of the person whose task is in sight; of who rings the hotline tells it by itself. */
async function tellWho() {
  const here = /** @type {HTMLElement} */ (document.getElementById("who"));
  if (!task || ringing() || (here.dataset.call === task && !old)) return void (asked = "");
  if (asked === task && !old) return;
  old = false;
  const call = (asked = task);
  const answer = await fetch(`/desk/calls/${encodeURIComponent(call)}/who`, { redirect: "manual" }).catch(() => null);
  if (answer?.status !== 200 || task !== call || ringing()) return;
  document.dispatchEvent(new CustomEvent("desk:fragment", { detail: await answer.text() }));
}

/** Ended calls of which nothing was written down go by themselves when the next one is answered. @param {string} answered */
function putAside(answered) {
  const left = new Set([answered, form()?.dataset.call, ...drafts().map((one) => one.dataset.formCall)]);
  for (const card of cards()) {
    if (left.has(card.dataset.call) || card.querySelector("[data-talking]") || card.querySelector("textarea")?.value.trim()) continue;
    /** @type {HTMLElement | null} */ (card.querySelector("button[data-post$='/done']"))?.click();
  }
}

/** Bring a task to the front. @param {string} call @param {boolean} into whether the cursor goes there */
function choose(call, into) {
  task = call;
  show(all());
  if (!into) return;
  const place = form();
  const field = place && place.dataset.folded === undefined ? /** @type {HTMLElement | null} */ (place.querySelector("textarea, button[autofocus], h2[tabindex]")) : null;
  (field ?? notesOf(call))?.focus();
}

/** @param {number} step */
function goOn(step) {
  const line = /** @type {HTMLElement[]} */ ([...tasks.querySelectorAll(".desk-tab, .appeal-draft, [data-compact] [data-show-task]")]);
  const at = line.findIndex((one) => one.getAttribute("aria-selected") === "true");
  const next = line[(at + step + line.length) % line.length];
  if (!next) return;
  if (next.dataset.showTask === undefined) next.click();
  else choose(next.dataset.showTask, true);
}

/** @param {KeyboardEvent} event */
function keys(event) {
  if (document.querySelector("dialog[open]") || event.altKey || event.metaKey) return;
  if (event.key === "F7" && event.ctrlKey) {
    event.preventDefault();
    return goOn(event.shiftKey ? -1 : 1);
  }
  const all = /** @type {HTMLElement[]} */ ([...tabs.children]);
  const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined || event.ctrlKey || event.shiftKey || !tabs.contains(document.activeElement)) return;
  event.preventDefault();
  const next = all[(to + all.length) % all.length];
  if (next) choose(next.dataset.showTask ?? "", false);
}

/** Follow what comes to the desk and what is opened on it. */
export function keepTabs() {
  for (const change of ["desk:shown", "appeal:closed", "appeal:back", "htmx:after:swap", "appeal:left"]) document.addEventListener(change, arrange);
  document.addEventListener("task:wanted", (event) => choose(/** @type {CustomEvent} */ (event).detail, false));
  document.addEventListener("keydown", keys);
  desk.addEventListener("click", (event) => {
    const by = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-show-task]"));
    if (by) choose(by.dataset.showTask ?? "", false);
  });
  document.addEventListener("person:changed", () => {
    old = true;
    tellWho();
  });
  arrange();
}
