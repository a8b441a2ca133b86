// What was typed into the acts of an opened appeal and not sent: it is there again when the appeal is opened anew.
import { begun } from "../look/begun.js";

/** @type {Map<string, [string, string][]>} */
const kept = new Map();

/** @param {HTMLFormElement} form */
const nameOf = (form) => form.getAttribute("action") ?? "";

/** @param {Element | null} opened */
const formsOf = (opened) => /** @type {HTMLFormElement[]} */ ([...(opened?.querySelectorAll("details.act form") ?? [])]);

/** @param {HTMLFormElement} form @param {string} name @param {string} value */
function fill(form, name, value) {
  const field = form.elements.namedItem(name);
  if (field instanceof RadioNodeList) field.value = value;
  else if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.value = value;
  else if (field instanceof HTMLSelectElement) field.value = value;
}

export const unsent = {
  /** Remember the forms that somebody has begun to fill in. @param {Element | null} opened */
  keep(opened) {
    for (const form of formsOf(opened)) {
      if (begun(form)) kept.set(nameOf(form), /** @type {[string, string][]} */ ([...new FormData(form)]));
    }
  },
  /** Fill them in again, with the version that was seen then. @param {Element | null} opened */
  restore(opened) {
    for (const form of formsOf(opened)) {
      const fields = kept.get(nameOf(form));
      if (!fields || form.closest("details")?.querySelector("[aria-invalid], .act-why")) continue;
      for (const [name, value] of fields) fill(form, name, value);
      for (let one = form.closest("details"); one; one = one.parentElement?.closest("details") ?? null) one.open = true;
    }
  },
  /** @param {HTMLFormElement} form */
  forget(form) {
    kept.delete(nameOf(form));
  },
};
