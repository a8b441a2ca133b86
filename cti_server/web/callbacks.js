// The list of those to call back renews itself: entries come and go; what somebody is typing stays as it is.
import { Idiomorph } from "idiomorph";

const EVERY_MS = 5000;
const list = /** @type {HTMLElement} */ (document.getElementById("callbacks"));
let tag = list.dataset.tag ?? "";

/** @param {Element} field */
const changed = (field) =>
  field instanceof HTMLSelectElement
    ? field.value !== (field.querySelector("option[selected]")?.getAttribute("value") ?? "")
    : field instanceof HTMLInputElement && field.type !== "hidden" && field.value !== field.defaultValue;

/** @param {Node} node */
const beingTyped = (node) =>
  node instanceof HTMLElement && node.matches("li[id]") && [...node.querySelectorAll("input, select")].some(changed);

/** An entry that another has settled stays while one types in it, and says so. @param {Node} node */
function keeps(node) {
  if (!(node instanceof HTMLElement)) return false;
  if (node.matches(".number-note")) return true;
  if (!beingTyped(node)) return false;
  if (!node.querySelector(".callbacks-gone")) {
    const said = document.createElement("p");
    said.className = "callbacks-gone alert alert-warning mt-2 mb-0";
    said.setAttribute("role", "status");
    said.textContent = list.dataset.gone ?? "";
    node.querySelector(".card-body")?.append(said);
  }
  return true;
}

/** Whoever listens to a message goes on listening. @param {Node} node */
const beingHeard = (node) => node instanceof HTMLAudioElement && !node.paused;

const morphing = {
  ignoreActiveValue: true,
  callbacks: {
    beforeNodeMorphed: (/** @type {Node} */ now) => !beingTyped(now) && !beingHeard(now),
    beforeNodeRemoved: (/** @type {Node} */ node) => !keeps(node),
  },
};

const entries = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll("li[id]")]);

/** @param {Element} then */
function show(then) {
  const at = entries().findIndex((entry) => entry.contains(document.activeElement));
  Idiomorph.morph(list, then, morphing);
  const left = entries();
  if (at < 0 || left.length === 0 || document.activeElement !== document.body) return;
  // Whoever works through the list by keyboard goes on with the entry that has come to this place.
  /** @type {HTMLElement | null} */ (left[Math.min(at, left.length - 1)].querySelector("a, button, select, input"))?.focus();
}

/** @param {boolean} lost */
function tellLost(lost) {
  const said = document.getElementById("callbacks-lost");
  if (said) said.hidden = !lost;
}

async function renew() {
  if (document.hidden) return;
  const answer = await fetch(list.dataset.at ?? "", { headers: { "If-None-Match": tag }, redirect: "manual" }).catch(() => null);
  if (answer?.type === "opaqueredirect" && !entries().some(beingTyped)) return location.reload(); // signed out
  tellLost(!answer || !(answer.ok || answer.status === 304));
  if (!answer?.ok) return;
  const then = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("callbacks");
  if (!then) return;
  tag = answer.headers.get("ETag") ?? "";
  show(then);
}

setInterval(renew, EVERY_MS);
document.addEventListener("visibilitychange", renew);
