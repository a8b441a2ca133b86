// Articles and bodies beside the talk: what fits the call in hand, its category and its words; one is opened, noted as told,
// or noted as missing by a key each. Nothing is shown without a call.
import { Idiomorph } from "idiomorph";
import { post } from "./desk/posting.js";

const SOON_MS = 250;
const AGAIN_MS = 5000;
/** What the section was asked for last. */
let asked = "";
let turn = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

const section = () => /** @type {HTMLElement} */ (document.getElementById("articles"));
const form = () => /** @type {HTMLFormElement | null} */ (document.getElementById("appeal-form"));
const articles = () => /** @type {HTMLDetailsElement[]} */ ([...section().querySelectorAll("details.desk-article")]);
const opened = () => articles().find((one) => one.open);

/** The call in hand, the category and text of its form. */
function about() {
  const filled = form();
  const card = /** @type {HTMLElement | null} */ (document.querySelector("#cards > article:not([data-folded])"));
  const call = filled?.dataset.call || card?.dataset.call || "";
  const typed = filled && filled.dataset.call === call ? new FormData(filled) : new FormData();
  return { call, category: String(typed.get("category") ?? ""), text: String(typed.get("text") ?? "") };
}

/** @param {string} text */
function put(text) {
  const there = section();
  const template = document.createElement("template");
  template.innerHTML = text;
  const came = /** @type {HTMLElement | null} */ (template.content.querySelector("#articles"));
  if (!came) return;
  if (there.dataset.of !== came.dataset.of) return there.replaceWith(came);
  Idiomorph.morph(there, came, {
    callbacks: {
      beforeAttributeUpdated: (/** @type {string} */ name) => name !== "open",
      beforeNodeMorphed: (/** @type {Node} */ now) => !(now instanceof HTMLElement && now.dataset.keep !== undefined),
    },
  });
}

async function follow() {
  const { call, category, text } = about();
  const heard = document.querySelectorAll(`#heard-list-${CSS.escape(call)} [data-speaker=caller]`).length;
  const wanted = JSON.stringify([call, category, text, heard]);
  if (wanted === asked) return;
  asked = wanted;
  const mine = ++turn;
  if (!call) {
    section().hidden = true;
    return;
  }
  const query = new URLSearchParams({ call, category, text });
  const answer = await fetch(`/knowledge/beside?${query}`, { redirect: "manual" }).catch(() => null);
  if (mine !== turn) return;
  if (answer?.ok) return put(await answer.text());
  if (!answer) {
    asked = "";
    setTimeout(soon, AGAIN_MS);
  }
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(follow, SOON_MS);
}

/** Ask the hotline for something; what is typed stays where it was not done. @param {string} address @param {Record<string, string>} fields */
async function act(address, fields) {
  const { call, category, text } = about();
  const answer = await post(address, { call: section().dataset.of || call, category, text, ...fields }).catch(() => null);
  if (answer?.ok) {
    turn += 1;
    put(await answer.text());
  }
  const lost = /** @type {HTMLElement | null} */ (section().querySelector("[data-lost]"));
  if (lost) lost.hidden = Boolean(answer?.ok);
  return Boolean(answer?.ok);
}

function next() {
  const all = articles();
  const now = opened();
  const wanted = all[now ? (all.indexOf(now) + 1) % all.length : 0];
  if (!wanted) return;
  if (now) now.open = false;
  wanted.open = wanted !== now;
  wanted.scrollIntoView({ block: "nearest" });
}

/** @param {HTMLElement | undefined} button */
function tell(button) {
  const article = /** @type {HTMLElement | null | undefined} */ (button?.closest("[data-article]"))?.dataset.article;
  if (article) void act(`/knowledge/${article}/told`, { told: button?.dataset.told ?? "yes" });
}

/** Open the line for what is missing, with what is typed in the form of the call; or close it. */
function toggleMissing() {
  const line = /** @type {HTMLFormElement | null} */ (document.getElementById("articles-missing"));
  const field = /** @type {HTMLInputElement | null} */ (document.getElementById("articles-question"));
  if (!line || !field) return;
  line.hidden = !line.hidden;
  section().querySelector("[data-asks]")?.setAttribute("aria-expanded", String(!line.hidden));
  if (line.hidden) return;
  if (!field.value) field.value = about().text.split("\n")[0]?.slice(0, field.maxLength) ?? "";
  field.focus();
  field.select();
}

/** @param {KeyboardEvent} event */
function byKey(event) {
  const digit = /^Digit([789])$/.exec(event.code)?.[1];
  if (!digit || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (section().hidden || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  if (digit === "7") next();
  else if (digit === "8") tell(/** @type {HTMLElement | undefined} */ (opened()?.querySelector("button[data-told]") ?? undefined));
  else toggleMissing();
}

document.addEventListener("click", ({ target }) => {
  const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest("#articles button"));
  if (button?.dataset.told) tell(button);
  if (button?.dataset.asks !== undefined) toggleMissing();
});
document.addEventListener("submit", async (event) => {
  const line = /** @type {HTMLFormElement} */ (event.target);
  if (line.id !== "articles-missing") return;
  event.preventDefault();
  const field = /** @type {HTMLInputElement} */ (line.elements.namedItem("question"));
  if (!field.value.trim() || !(await act("/knowledge/beside/missing", { question: field.value }))) return;
  field.value = "";
  toggleMissing();
  document.getElementById("appeal-text")?.focus();
});
document.addEventListener("keydown", byKey);
for (const told of ["desk:shown", "htmx:after:swap", "appeal:closed", "appeal:asked", "input", "change", "click", "keyup"]) {
  document.addEventListener(told, soon);
}
soon();
