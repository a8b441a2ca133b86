// Fragments are put into the page, each element in the place of the one with its id; clocks go on.
import { Idiomorph } from "idiomorph";
import { calmly, written } from "../look/clock.js";
import { desk } from "./posting.js";

/**
 * Whether an element stays as it is: typed text, a clock that goes on.
 * @param {Node} now
 * @param {Node} then
 */
function stays(now, then) {
  if (!(now instanceof HTMLElement) || !(then instanceof HTMLElement)) return false;
  if (now.dataset.keep !== undefined) return true;
  const goes = now.dataset.since ?? now.dataset.until;
  return goes !== undefined && goes === (then.dataset.since ?? then.dataset.until);
}

const morphing = {
  callbacks: {
    beforeAttributeUpdated: (/** @type {string} */ name, /** @type {Node} */ node) =>
      !(name === "open" && node instanceof HTMLDetailsElement), // whoever looks at it closes it
    beforeNodeMorphed: (/** @type {Node} */ now, /** @type {Node} */ then) => !stays(now, then),
  },
};

/**
 * Show a fragment; an element that is new goes where it says: to the top by `data-into`, to the end by `data-behind`.
 * @param {string} fragment
 */
export function show(fragment) {
  const template = document.createElement("template");
  template.innerHTML = fragment;
  for (const one of /** @type {HTMLElement[]} */ ([...template.content.children])) {
    const here = document.getElementById(one.id);
    // Of a field that one types into nothing changes; a button or a list with the focus says what is so, as all else does.
    const ignoreActiveValue = document.activeElement?.matches("input, textarea, select") ?? false;
    if (here) Idiomorph.morph(here, one, { ...morphing, ignoreActiveValue });
    else if (one.dataset.into) document.getElementById(one.dataset.into)?.prepend(one);
    else if (one.dataset.behind) document.getElementById(one.dataset.behind)?.append(one);
  }
  tick();
  document.dispatchEvent(new Event("desk:shown"));
}

/** Fill in how long each thing has lasted, or will last yet. */
export function tick() {
  const now = Date.now();
  for (const clock of /** @type {NodeListOf<HTMLElement>} */ (desk.querySelectorAll("[data-since], [data-until]"))) {
    const { since, until } = clock.dataset;
    const ms = until ? Date.parse(until) - now : now - Date.parse(since ?? "");
    const seconds = Math.max(0, until ? Math.ceil(ms / 1000) : Math.floor(ms / 1000));
    const text = clock.dataset.calm === undefined ? written(seconds) : calmly(seconds);
    if (clock.textContent !== text) clock.textContent = text; // the same once more would be laid out and drawn anew
  }
}
