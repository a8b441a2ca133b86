// The list of what waits in this browser, and its sending: at once when the network is back, else after growing pauses.
import { all, forget, sendKept, stuck, whereto } from "./kept.js";

const AGAIN_MS = 2000;
const LONGEST_PAUSE_MS = 300_000;
const later = document.getElementById("report-kept");
/** What the list of this page shows: nobody reads on one page what was said on another. @type {(to: string) => boolean} */
let own = () => false;
/** Told once nothing of this page waits for a network any more. */
let settled = () => {};
const hour = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });

/** What was said, and when; of a report the place. @param {import("./kept.js").Kept} one */
function named(one) {
  const place = one.fields.find(([name]) => name === "address")?.[1];
  return one.label ? `${one.label} · ${hour.format(one.at)}` : typeof place === "string" ? place : "";
}

/** @param {import("./kept.js").Kept} one */
function line(one) {
  const item = document.createElement("li");
  item.dataset.waits = one.key;
  item.append(`${named(one)} `);
  if (one.refused) item.append(`(${[later?.dataset.refused, one.said].filter(Boolean).join(": ")}) `);
  else if (one.asks) item.append(`(${later?.dataset.asks ?? ""}) `);
  else if (stuck(one)) item.append(`(${later?.dataset.stuck ?? ""}) `);
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = later?.dataset.button ?? "plain";
  drop.textContent = (one.refused ? later?.dataset.remove : later?.dataset.drop) ?? "";
  drop.addEventListener("click", async () => {
    await forget(one.key);
    await show();
  });
  item.append(drop);
  return item;
}

/** Lists what waits; a receipt leads to the page of the appeal. */
export async function show() {
  const waiting = (await all()).filter((one) => own(whereto(one)));
  if (!waiting.some((one) => !one.refused && !one.asks)) settled();
  const list = later?.querySelector("ul");
  if (!later || !list) return;
  for (const one of list.querySelectorAll("[data-waits]")) one.remove();
  list.append(...waiting.map(line));
  later.hidden = !list.childElementCount;
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let pause = AGAIN_MS;
/** One round after another: two at once would show a receipt twice. @type {Promise<void>} */
let sending = Promise.resolve();

async function sendAll() {
  for (const { one, receipt } of await sendKept()) {
    if (!own(whereto(one))) continue;
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = receipt.page;
    link.textContent = `${later?.dataset.sent ?? ""} ${one.label ? named(one) : `№ ${receipt.number}`}`;
    item.append(link);
    later?.querySelector("ul")?.append(item);
  }
  await show();
}

/** Sends what waits, and again after growing pauses: a network that is back, or a hotline that is, may fail at first. */
function sendUntilNoneWaits() {
  clearTimeout(timer);
  return (sending = sending.catch(() => undefined).then(sendAll).then(again));
}

/** Try again later, if anything waits that only needs a network. */
export async function again() {
  clearTimeout(timer);
  if ((await all()).every((one) => one.refused || one.asks)) return;
  timer = setTimeout(sendUntilNoneWaits, pause);
  pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
}

function sendNow() {
  pause = AGAIN_MS;
  return sendUntilNoneWaits();
}

/**
 * Send what waits, now and whenever there is a network again.
 * @param {(to: string) => boolean} shown whose lines the list has @param {() => void} [then] none of them waits any more
 */
export function sendWhatWaits(shown, then) {
  own = shown;
  settled = then ?? settled;
  window.addEventListener("online", sendNow);
  sendNow();
}
