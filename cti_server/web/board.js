// The supervisors' board: kept as it stands, with clocks; its acts go by press and by key.
import { keepRenewed, showPassed } from "./renewing/renewing.js";

const refused = document.getElementById("board-refused");
let asked = new Set(); // who asked for help, and threats, when this page looked last
let ahead = 0; // by how much this browser's clock is ahead of the hotline's

/** Two soft tones for each who asks for help, and for each threat. The browser sounds after a first press on the page. */
function sound() {
  const shown = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-help]"));
  const now = new Set([...shown].map((one) => one.dataset.help ?? ""));
  if (navigator.userActivation.hasBeenActive && [...now].some((id) => !asked.has(id))) {
    const context = new AudioContext();
    for (const [place, hertz] of [660, 880].entries()) {
      const tone = new OscillatorNode(context, { frequency: hertz });
      tone.connect(new GainNode(context, { gain: 0.2 })).connect(context.destination);
      tone.start(place * 0.2);
      tone.stop(place * 0.2 + 0.2);
    }
    setTimeout(() => context.close(), 1000);
  }
  asked = now;
}

function tick() {
  sound();
  const board = document.getElementById("board-live");
  const now = Date.parse(board?.dataset.now ?? "");
  if (board && board.dataset.seen !== board.dataset.now) {
    board.dataset.seen = board.dataset.now;
    ahead = Date.now() - now;
  }
  showPassed(".board-clock", ahead);
}

/** @param {HTMLElement} button */
async function act(button) {
  const form = new FormData();
  for (const [name, value] of Object.entries(button.dataset)) {
    if (name.startsWith("field")) form.set(name.slice("field".length).toLowerCase(), value ?? "");
  }
  const ground = document.getElementById("ground");
  if (ground instanceof HTMLSelectElement && !form.has("ground")) form.set("ground", ground.value);
  const token = JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}");
  const answer = await fetch(`/board/${button.dataset.act}`, { method: "POST", headers: token, body: form }).catch(() => null);
  if (!refused) return;
  const told = answer?.ok ? null : await answer?.json().catch(() => null);
  refused.hidden = answer?.ok ?? false;
  refused.textContent = told?.message ?? refused.dataset.text ?? "";
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-act]") : null;
  if (button instanceof HTMLElement && !event.defaultPrevented) act(button);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
  if (event.target instanceof Element && event.target.closest("input, select, textarea")) return;
  const button = document.querySelector(`[data-board-key="${CSS.escape(event.key)}"]`);
  if (button instanceof HTMLElement) button.click();
});

keepRenewed({
  stream: "/board/changes",
  parts: { board: ["/board/live", "board-live"] },
  stale: document.getElementById("board-stale"),
  tick,
});
