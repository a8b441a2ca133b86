// A length of time as people read it: 0:05, 12:40, 1:00:05; where seconds do not matter 12 хв, 1 год 5 хв.

const SECOND_MS = 1000;
const MINUTE = 60;

/** @param {number} seconds whole ones */
export function written(seconds) {
  const hours = Math.floor(seconds / 3600);
  const minutes = String(Math.floor(seconds / MINUTE) % MINUTE).padStart(hours ? 2 : 1, "0");
  return `${hours ? `${hours}:` : ""}${minutes}:${String(seconds % MINUTE).padStart(2, "0")}`;
}

/** In minutes once it has lasted one: what stands there for hours does not move each second. @param {number} seconds whole ones */
export function calmly(seconds) {
  if (seconds < MINUTE) return written(seconds);
  const minutes = Math.floor(seconds / MINUTE);
  const hours = Math.floor(minutes / MINUTE);
  return [hours && unit(hours, "hour"), (minutes % MINUTE || !hours) && unit(minutes % MINUTE, "minute")].filter(Boolean).join(" ");
}

/** @param {number} count @param {"hour" | "minute"} name */
function unit(count, name) {
  return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: name, unitDisplay: "short" }).format(count);
}

/**
 * Draw it now and as each second begins, so that all clocks of a page are drawn at once; not while nobody sees the page.
 * @param {() => void} draw
 */
export function everySecond(draw) {
  let timer = 0;
  const go = () => {
    draw();
    timer = window.setTimeout(go, SECOND_MS - (Date.now() % SECOND_MS));
  };
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden) go();
  });
  go();
}
