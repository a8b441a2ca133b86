// The city's page: fetches what has changed, counts the longest wait on, and says when its figures are old.
import { keepRenewed, showPassed } from "./renewing/renewing.js";

const city = document.getElementById("city");
const query = city?.dataset.query ?? "";
let ahead = 0; // by how much this browser's clock is ahead of the hotline's

function tick() {
  const line = document.getElementById("city-line");
  const now = Date.parse(line?.dataset.now ?? "");
  if (line && line.dataset.seen !== line.dataset.now) {
    line.dataset.seen = line.dataset.now;
    ahead = Date.now() - now;
  }
  showPassed(".city-wait", ahead);
}

if (city) {
  keepRenewed({
    stream: "/city/changes",
    parts: {
      line: [`/city/line${query}`, "city-line"],
      rest: [`/city/rest${query}`, "city-rest"],
      told: [`/on-now${query}`, "on-now"],
    },
    stale: document.getElementById("city-stale"),
    tick,
  });
}
