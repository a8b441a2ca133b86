// The list renews itself; what is ticked, focused or typed stays.
import { Idiomorph } from "idiomorph";

const EVERY_MS = 15_000;

/** @param {ParentNode} where */
const ticks = (where) => /** @type {HTMLInputElement[]} */ ([...where.querySelectorAll("input[name=ticked]")]);

/** @param {HTMLElement} live */
export function renewList(live) {
  const told = /** @type {HTMLElement} */ (document.getElementById("work-told"));

  function count() {
    const shown = document.getElementById("work-ticked");
    const all = document.getElementById("work-all");
    const number = ticks(live).filter((one) => one.checked).length;
    if (shown) {
      shown.hidden = !number;
      shown.textContent = `(${number})`;
    }
    if (all) {
      all.hidden = !ticks(live).length;
      all.dataset.tick ??= all.textContent;
      all.textContent = (number && number === ticks(live).length ? all.dataset.untick : all.dataset.tick) ?? "";
    }
    document.getElementById("work-acts")?.classList.toggle("work-idle", !number);
  }

  /** @param {string} text */
  function show(text) {
    const then = document.createElement("template");
    then.innerHTML = text;
    const kept = ticks(live).filter((one) => one.checked);
    const gone = [];
    for (const one of kept) {
      const same = /** @type {HTMLInputElement | null} */ (then.content.getElementById(one.id));
      if (same) same.setAttribute("checked", "");
      else gone.push(one.value.split(":")[0]);
    }
    for (const one of live.querySelectorAll("details[open]")) then.content.getElementById(one.id)?.setAttribute("open", "");
    for (const part of [...then.content.children]) {
      const here = document.getElementById(part.id);
      if (here) Idiomorph.morph(here, part);
    }
    for (const one of ticks(live)) one.removeAttribute("checked");
    for (const one of kept) {
      const now = /** @type {HTMLInputElement | null} */ (document.getElementById(one.id));
      if (now) now.checked = true;
    }
    if (gone.length) told.textContent = `${live.dataset.gone} ${gone.join(", ")}`;
    count();
  }

  async function renew() {
    if (document.hidden) return;
    try {
      const answer = await fetch(live.dataset.renew ?? "", { headers: { "HX-Request": "true" } });
      if (answer.ok) show(await answer.text());
      else if (answer.status === 401) location.reload();
    } catch {
      // No network in a cellar: the next time will do.
    }
  }

  live.addEventListener("change", count);
  live.addEventListener("work:renew", renew);
  document.addEventListener("visibilitychange", renew);
  document.getElementById("work-all")?.addEventListener("click", () => {
    const every = ticks(live).every((one) => one.checked);
    for (const one of ticks(live)) one.checked = !every;
    count();
  });
  live.querySelector("#work-tabs > .active")?.scrollIntoView({ inline: "center", block: "nearest" });
  setInterval(renew, EVERY_MS);
  count();
}
