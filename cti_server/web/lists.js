// Lists: filters that are empty do not stand in the address, and rows are walked by j, k and arrows from within.

/** @param {EventTarget | null} target */
const isTypedInto = (target) => target instanceof HTMLElement && target.matches("input, textarea, select");

for (const form of document.querySelectorAll("form.list-form")) {
  form.addEventListener("submit", () => {
    const empty = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input, select")]).filter((one) => !one.value);
    for (const one of empty) one.disabled = true;
    // Whoever comes back to this page finds them as they were.
    setTimeout(() => empty.forEach((one) => (one.disabled = false)));
  });
}

const list = document.querySelector("[data-list]");
const rows = () => /** @type {HTMLElement[]} */ ([...(list?.querySelectorAll(".list-open, .list-walked") ?? [])]);

/** Walk to the next row or the one before; from the box, into the list. @param {number} step */
function walk(step) {
  const all = rows();
  const here = all.findIndex((one) => one.closest("tr, li")?.contains(document.activeElement));
  all[Math.min(Math.max(here + step, 0), all.length - 1)]?.focus();
}

list?.addEventListener("keydown", (event) => {
  if (!(event instanceof KeyboardEvent) || event.ctrlKey || event.altKey || event.metaKey || isTypedInto(event.target)) return;
  if (["ArrowDown", "j", "о"].includes(event.key)) walk(1);
  else if (["ArrowUp", "k", "л"].includes(event.key)) walk(-1); // the same keys, Ukrainian
  else return;
  event.preventDefault();
});

document.querySelector("[data-list-search]")?.addEventListener("keydown", (event) => {
  if (!(event instanceof KeyboardEvent) || event.key !== "ArrowDown" || !rows().length) return;
  rows()[0].focus();
  event.preventDefault();
});

// On a telephone the parts are one line, moved by the thumb: the chosen one is in sight.
for (const line of document.querySelectorAll(".list-parts, .list-views ul")) {
  const chosen = line.querySelector(".active");
  if (chosen instanceof HTMLElement) line.scrollLeft = chosen.offsetLeft - (line.clientWidth - chosen.offsetWidth) / 2;
}

/** What is folded open over the page closes by Escape and by a click elsewhere. */
for (const folded of document.querySelectorAll(".list-columns")) {
  if (!(folded instanceof HTMLDetailsElement)) continue;
  folded.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    folded.open = false;
    folded.querySelector("summary")?.focus();
  });
  document.addEventListener("click", ({ target }) => {
    if (target instanceof Node && !folded.contains(target)) folded.open = false;
  });
}
