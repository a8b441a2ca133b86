// A field is heard as callers will hear it: the text goes to the voice, and its sound and words come back.

/** @typedef {{words?: string, seconds?: number, sound?: string, problem?: string}} Heard */

/** @type {{place: HTMLElement, sound: HTMLAudioElement, address: string} | undefined} */
let playing;
/** Sounds by their place, until the text is another. @type {WeakMap<HTMLElement, {typed: string, heard: Heard}>} */
const kept = new WeakMap();

/** @param {HTMLElement} place @param {string} name */
const part = (place, name) => /** @type {HTMLElement} */ (place.querySelector(name));

/** @param {HTMLElement} place @param {boolean} on */
function shows(place, on) {
  const text = part(place, "[data-part=text]");
  text.dataset.listen ??= text.textContent ?? "";
  text.textContent = on ? (place.dataset.stop ?? "") : text.dataset.listen;
  part(place, "button > span").textContent = on ? "■" : "▶";
}

function stop() {
  if (!playing) return;
  playing.sound.pause();
  URL.revokeObjectURL(playing.address);
  shows(playing.place, false);
  playing = undefined;
}

/** @param {HTMLElement} place @param {string} text @param {boolean} [wrong] */
function says(place, text, wrong = false) {
  const said = part(place, ".listen-said");
  said.textContent = text;
  said.classList.toggle("listen-wrong", wrong);
}

/** The field alone, or the whole form without its files. @param {HTMLElement} place */
function typed(place) {
  const form = place.closest("form");
  const sent = new URLSearchParams();
  const field = document.getElementById(place.dataset.of ?? "");
  if (field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) {
    sent.set("text", field.value);
    sent.set("language", place.dataset.language ?? "");
  } else if (form) {
    for (const [name, value] of new FormData(form)) if (typeof value === "string") sent.append(name, value);
  }
  sent.delete("csrf");
  return sent;
}

/** @param {HTMLElement} place @param {URLSearchParams} sent @returns {Promise<Heard>} */
async function asked(place, sent) {
  const token = place.closest("form")?.querySelector("[name=csrf]");
  try {
    const answer = await fetch(place.dataset.listen ?? "", {
      method: "POST",
      body: sent,
      headers: { Accept: "application/json", "X-CSRF-Token": token instanceof HTMLInputElement ? token.value : "" },
    });
    const heard = /** @type {Heard} */ (await answer.json());
    return heard.sound || heard.problem ? heard : { problem: place.dataset.lost };
  } catch {
    return { problem: place.dataset.lost };
  }
}

/** @param {HTMLElement} place @param {string} encoded */
async function play(place, encoded) {
  const octets = Uint8Array.from(atob(encoded), (one) => one.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([octets], { type: "audio/wav" }));
  const sound = new Audio(address);
  playing = { place, sound, address };
  shows(place, true);
  sound.addEventListener("ended", () => playing?.sound === sound && stop());
  try {
    await sound.play();
  } catch {
    if (playing?.sound !== sound) return; // stopped before it began
    stop();
    says(place, place.dataset.again ?? "", true);
  }
}

/** @param {HTMLElement} place */
async function listen(place) {
  const again = playing?.place === place;
  stop();
  if (again || place.hasAttribute("aria-busy")) return;
  const sent = typed(place);
  let heard = kept.get(place)?.typed === String(sent) ? kept.get(place)?.heard : undefined;
  if (!heard) {
    const busy = part(place, ".listen-busy");
    says(place, "");
    busy.hidden = false;
    place.setAttribute("aria-busy", "true");
    heard = await asked(place, sent);
    place.removeAttribute("aria-busy");
    busy.hidden = true;
    if (heard.sound) kept.set(place, { typed: String(sent), heard });
  }
  says(place, heard.problem ?? heard.words ?? "", Boolean(heard.problem));
  if (heard.sound && place.isConnected) {
    stop();
    await play(place, heard.sound);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest(".listen button") : null;
  const place = button?.closest(".listen");
  if (place instanceof HTMLElement) listen(place);
});

/** What was said of other words is taken away. */
document.addEventListener("input", ({ target }) => {
  if (!(target instanceof HTMLElement)) return;
  for (const place of target.closest("form")?.querySelectorAll(".listen") ?? []) {
    if (!(place instanceof HTMLElement) || (place.dataset.of && place.dataset.of !== target.id)) continue;
    if (playing?.place === place) stop();
    says(place, "");
  }
});
