// Entering an outage: streets are suggested for the line that is being typed, the end is one click away.

import { momentText, readMoment } from "./look/dates.js";

const MOST_MS = 150;

/** The end so many hours after the beginning, or after what stands there: both on the city's clock. */
function quickEnds() {
  const group = document.getElementById("outage-quick");
  const starts = /** @type {HTMLInputElement | null} */ (document.getElementById("starts"));
  const ends = /** @type {HTMLInputElement | null} */ (document.getElementById("ends"));
  const unknown = /** @type {HTMLInputElement | null} */ (document.getElementById("unknown"));
  if (!group || !starts || !ends || !unknown) return;
  group.hidden = false;
  group.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const since = readMoment(starts.value);
    if (!button || !since) return;
    since.setHours(since.getHours() + Number(button.dataset.hours));
    ends.value = momentText(since);
    unknown.checked = false;
    ends.dispatchEvent(new Event("change", { bubbles: true }));
  });
  unknown.addEventListener("change", () => {
    if (unknown.checked) ends.value = "";
  });
  ends.addEventListener("input", () => {
    if (ends.value) unknown.checked = false;
  });
}

function suggestStreets() {
  const areas = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("areas"));
  const list = document.getElementById("outage-streets");
  if (!areas || !list) return;
  areas.setAttribute("aria-autocomplete", "list");
  areas.setAttribute("aria-controls", list.id);
  let timer = 0;
  let asked = 0;

  const options = () => /** @type {HTMLElement[]} */ ([...list.children]);
  const chosen = () => options().findIndex((one) => one.getAttribute("aria-selected") === "true");

  /** The line in which the cursor stands: where it begins, and where it ends. */
  function line() {
    const at = areas?.selectionStart ?? 0;
    const text = areas?.value ?? "";
    const begins = text.lastIndexOf("\n", at - 1) + 1;
    const ends = text.indexOf("\n", at);
    return { begins, ends: ends < 0 ? text.length : ends };
  }

  function close() {
    asked += 1;
    clearTimeout(timer);
    if (list) {
      list.hidden = true;
      list.replaceChildren();
    }
    areas?.removeAttribute("aria-activedescendant");
  }

  /** @param {number} place */
  function mark(place) {
    options().forEach((one, index) => one.setAttribute("aria-selected", String(index === place)));
    const id = options()[place]?.id;
    if (id) areas?.setAttribute("aria-activedescendant", id);
    else areas?.removeAttribute("aria-activedescendant");
  }

  /** @param {HTMLElement} option */
  function take(option) {
    if (!areas) return;
    const { begins, ends } = line();
    areas.setRangeText(option.dataset.street ?? "", begins, ends, "end");
    close();
    areas.focus();
    areas.dispatchEvent(new Event("change", { bubbles: true }));
  }

  async function look() {
    if (!areas || !list) return;
    const { begins, ends } = line();
    const typed = areas.value.slice(begins, ends).trim();
    if (typed.length < 2 || typed.includes(",")) return close();
    const mine = (asked += 1);
    try {
      const answer = await fetch(`${areas.dataset.streets}?line=${encodeURIComponent(typed)}`, { headers: { "HX-Request": "true" } });
      if (!answer.ok || mine !== asked) return;
      list.innerHTML = await answer.text();
    } catch {
      return; // without a network nothing is suggested; what is typed stays
    }
    const [only] = options();
    const done = options().length === 1 && only?.dataset.street === typed;
    list.hidden = !options().length || done;
    mark(-1);
  }

  areas.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(look, MOST_MS);
  });
  areas.addEventListener("blur", close);
  areas.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const count = options().length;
    const at = chosen();
    if (event.key === "ArrowDown") mark((at + 1) % count);
    else if (event.key === "ArrowUp") mark((at - 1 + count) % count);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && at >= 0) take(/** @type {HTMLElement} */ (options()[at]));
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => {
    const option = event.target instanceof Element ? event.target.closest("li") : null;
    event.preventDefault();
    if (option) take(/** @type {HTMLElement} */ (option));
  });
}

quickEnds();
suggestStreets();
