// What a category asks comes as soon as it is chosen, without the form being redrawn; what was answered already stays,
// also when another category is chosen in between. It is asked anew where an appeal is put right.
import { form, keep } from "./kept.js";

/** What was answered in each form, by field: those of categories chosen before too. @type {WeakMap<HTMLFormElement, Map<string, string>>} */
const answers = new WeakMap();

/** @param {HTMLFormElement} filled */
function remember(filled) {
  const typed = answers.get(filled) ?? new Map();
  answers.set(filled, typed);
  for (const [name, value] of new FormData(filled)) if (name.startsWith("details.")) typed.set(name, String(value));
}

/** @param {Element} asked @param {HTMLFormElement} filled */
function restore(asked, filled) {
  const fields = /** @type {NodeListOf<HTMLInputElement | HTMLSelectElement>} */ (asked.querySelectorAll("[name^='details.']"));
  for (const field of fields) {
    const value = answers.get(filled)?.get(field.name);
    if (value === undefined) continue;
    if (field instanceof HTMLInputElement && field.type === "radio") field.checked = field.value === value;
    else field.value = value;
  }
}

/** Show in one form what the category asks that is chosen there now. @param {HTMLElement} asked */
async function follow(asked) {
  const filled = asked.closest("form");
  if (!filled) return;
  const chosen = new FormData(filled);
  const category = String(chosen.get("category") ?? "");
  if (asked.dataset.category === category) return;
  const { of = "", within = "" } = asked.dataset;
  const address = String(chosen.get("address") ?? "");
  /** @type {Record<string, string>} */
  const about = of ? { category, of, within } : { category, address };
  remember(filled);
  asked.dataset.category = category;
  const answer = await fetch(`/desk/appeals/asked?${new URLSearchParams(about)}`, { redirect: "manual" }).catch(() => null);
  if (!asked.isConnected || asked.dataset.category !== category) return;
  if (!answer?.ok) {
    asked.dataset.category = "?"; // asked for again with the next key
    return;
  }
  asked.innerHTML = await answer.text();
  restore(asked, filled);
  document.dispatchEvent(new Event("appeal:asked"));
  asked.querySelector(".asked-grave")?.scrollIntoView({ block: "nearest" }); // to be said now, wherever the cursor is
  if (filled === form()) keep(filled);
}

function followAll() {
  for (const asked of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-asked]"))) follow(asked);
}

/** Follow the category, however it is chosen. */
export function followCategory() {
  for (const told of ["input", "change", "htmx:after:swap"]) document.addEventListener(told, followAll);
}
