// What a category asks comes as soon as it is chosen, without the form being redrawn; what was answered already stays,
// also when another category is chosen in between.
import { form, keep } from "./kept.js";

/** What was answered in the open form, by field: those of categories chosen before too. @type {Map<string, string>} */
const answers = new Map();
/** The form that they are of. @type {HTMLFormElement | null} */
let of = null;

const place = () => document.getElementById("appeal-asked");

/** @param {HTMLFormElement} filled */
function remember(filled) {
  if (of !== filled) answers.clear();
  of = filled;
  for (const [name, value] of new FormData(filled)) if (name.startsWith("details.")) answers.set(name, String(value));
}

/** @param {Element} asked */
function restore(asked) {
  const fields = /** @type {NodeListOf<HTMLInputElement | HTMLSelectElement>} */ (asked.querySelectorAll("[name]"));
  for (const field of fields) {
    const value = answers.get(field.name);
    if (value === undefined) continue;
    if (field instanceof HTMLInputElement && field.type === "radio") field.checked = field.value === value;
    else field.value = value;
  }
}

/** Show what the category asks that is chosen now. */
async function follow() {
  const filled = form();
  const asked = place();
  if (!filled || !asked) return;
  const category = String(new FormData(filled).get("category") ?? "");
  if (asked.dataset.category === category) return;
  const address = String(new FormData(filled).get("address") ?? "");
  remember(filled);
  asked.dataset.category = category;
  const answer = await fetch(`/desk/appeals/asked?${new URLSearchParams({ category, address })}`, { redirect: "manual" }).catch(() => null);
  if (!asked.isConnected || asked.dataset.category !== category) return;
  if (!answer?.ok) {
    asked.dataset.category = "?"; // asked for again with the next key
    return;
  }
  asked.innerHTML = await answer.text();
  restore(asked);
  asked.querySelector(".asked-grave")?.scrollIntoView({ block: "nearest" }); // to be said now, wherever the cursor is
  keep(filled);
}

/** Follow the category, however it is chosen. */
export function followCategory() {
  for (const told of ["input", "change", "htmx:after:swap"]) document.addEventListener(told, follow);
}
