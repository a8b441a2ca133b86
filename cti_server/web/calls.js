// The player of recordings: the browser's own controls, an outline above them that shows who spoke when, and
// keys while the focus is in it: space plays and pauses, ← → go back and on by five seconds, Home to the start.
//
// A canvas of our own instead of a waveform library: those put a <style> into the page, which our
// Content-Security-Policy forbids, and fetch the whole recording, which would count as listening to it.

const STEP_SECONDS = 5;
const LOUDEST = 100;
const root = document.documentElement;

/**
 * @typedef {{ kind: string, begins: number, ends: number }} Mark a span, in seconds
 * @typedef {{ sides: number[][], marks: Mark[] }} Shape how loud each side was, up to LOUDEST
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Shape} shape
 * @param {number} at
 * @param {number} length both in seconds
 */
function draw(canvas, { sides, marks }, at, length) {
  const pen = canvas.getContext("2d");
  if (!pen) return;
  const scale = window.devicePixelRatio;
  const [width, height] = [canvas.clientWidth * scale, canvas.clientHeight * scale];
  [canvas.width, canvas.height] = [width, height];
  const style = getComputedStyle(canvas);
  const [heard, ahead] = [style.getPropertyValue("--player-heard"), style.color];
  for (const { kind, begins, ends } of length ? marks : []) {
    pen.fillStyle = style.getPropertyValue(`--mark-${kind}`);
    pen.fillRect((begins / length) * width, 0, ((ends - begins) / length) * width, height);
  }
  const [played, band] = [length ? at / length : 0, height / sides.length];
  sides.forEach((side, row) => {
    const step = width / side.length;
    side.forEach((loudness, column) => {
      pen.fillStyle = column / side.length < played ? heard : ahead;
      const tall = Math.max(scale, (loudness / LOUDEST) * band * 0.95);
      pen.fillRect(column * step, row * band + (band - tall) / 2, Math.max(1, step * 0.7), tall);
    });
  });
}

/** A pause before the sound has come is no fault. @param {HTMLAudioElement} sound */
function play(sound) {
  sound.play().catch(() => {});
}

/** @param {HTMLAudioElement} sound @param {number} seconds forwards, or back when negative */
function move(sound, seconds) {
  sound.currentTime = Math.max(0, sound.currentTime + seconds);
}

/** @param {HTMLAudioElement} sound @param {string} key whether the key was one of the player's */
function pressed(sound, key) {
  if (key === " ") sound.paused ? play(sound) : sound.pause();
  else if (key === "ArrowLeft") move(sound, -STEP_SECONDS);
  else if (key === "ArrowRight") move(sound, STEP_SECONDS);
  else if (key === "Home") sound.currentTime = 0;
  else return false;
  return true;
}

/** @param {HTMLElement} player @param {HTMLAudioElement} sound */
function listen(player, sound) {
  player.addEventListener("keydown", (event) => {
    const elsewhere = event.target instanceof Element && event.target.closest("select, button, a, summary");
    if (elsewhere || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target !== sound && pressed(sound, event.key)) event.preventDefault();
  });
  for (const button of player.querySelectorAll("button[data-move]")) {
    const seconds = Number(button instanceof HTMLElement && button.dataset.move);
    button.addEventListener("click", () => move(sound, seconds));
  }
  for (const mark of player.querySelectorAll(".player-marks a[data-at]")) {
    mark.addEventListener("click", (event) => {
      event.preventDefault();
      sound.currentTime = Number(mark instanceof HTMLElement && mark.dataset.at);
      play(sound);
    });
  }
  const speed = player.querySelector("select");
  speed?.addEventListener("change", () => {
    sound.playbackRate = Number(speed.value);
  });
}

/**
 * What was said goes along with the sound: the word that sounds is marked, and a press on a word plays from there.
 *
 * @param {HTMLElement} player @param {HTMLAudioElement} sound
 */
function follow(player, sound) {
  const said = player.querySelector("[data-spoken]");
  if (!(said instanceof HTMLElement)) return;
  const words = [...said.querySelectorAll("span[data-at]")]
    .filter((one) => one instanceof HTMLElement)
    .map((one) => ({ one, begins: Number(one.dataset.at), ends: Number(one.dataset.ends) }));
  /** @type {Element[]} */
  let now = [];
  let next = 0;
  const mark = () => {
    const at = sound.currentTime;
    const sounding = words.filter(({ begins, ends }) => begins <= at && at < ends).map(({ one }) => one);
    for (const one of now) one.classList.toggle("spoken-now", sounding.some((other) => other === one));
    for (const one of sounding) one.classList.add("spoken-now");
    if (sounding[0] && sounding[0] !== now[0]) reveal(said, sounding[0]);
    now = sounding;
    cancelAnimationFrame(next); // who seeks while it plays is followed once, not once more for each seek
    if (!sound.paused) next = requestAnimationFrame(mark);
  };
  for (const event of ["play", "seeked"]) sound.addEventListener(event, mark);
  said.addEventListener("click", (event) => {
    const word = event.target instanceof Element ? event.target.closest("[data-at]") : null;
    if (!(word instanceof HTMLElement) || window.getSelection()?.toString()) return;
    event.preventDefault();
    sound.currentTime = Number(word.dataset.at);
    play(sound);
  });
  const found = said.querySelector(".spoken-found");
  if (found instanceof HTMLElement) {
    sound.currentTime = Number(found.dataset.at);
    reveal(said, found);
  }
}

/** Scrolls the part alone: the page stays where its reader has it. @param {HTMLElement} part @param {Element} word */
function reveal(part, word) {
  const [around, box] = [part.getBoundingClientRect(), word.getBoundingClientRect()];
  if (box.top < around.top || box.bottom > around.bottom) part.scrollTop += box.top - around.top - around.height / 3;
}

/**
 * Says in the words of the sound's own address why it is not heard; the browser's controls say nothing.
 *
 * @param {HTMLElement} player @param {HTMLAudioElement} sound
 */
async function explain(player, sound) {
  const fault = player.querySelector(".player-fault");
  if (!(fault instanceof HTMLElement)) return;
  const answer = await fetch(sound.src, { headers: { Accept: "text/html", Range: "bytes=0-0" } });
  if (answer.ok) return;
  const told = new DOMParser().parseFromString(await answer.text(), "text/html");
  const words = [".empty-title", ".empty-subtitle"].map((part) => told.querySelector(part)?.textContent?.trim());
  fault.textContent = words.filter(Boolean).join(". ");
  fault.hidden = !fault.textContent;
}

/** @param {HTMLElement} player @param {HTMLAudioElement} sound @param {HTMLCanvasElement} canvas */
async function outline(player, sound, canvas) {
  const answer = await fetch(player.dataset.shape ?? "");
  if (!answer.ok) return; // the controls work without the outline
  /** @type {Shape} */
  const shape = await answer.json();
  const length = () => (Number.isFinite(sound.duration) ? sound.duration : Number(player.dataset.seconds));
  const redraw = () => draw(canvas, shape, sound.currentTime, length());
  canvas.hidden = false;
  canvas.addEventListener("click", (event) => {
    sound.currentTime = (event.offsetX / canvas.clientWidth) * length();
    play(sound);
  });
  for (const event of ["timeupdate", "seeked", "loadedmetadata"]) sound.addEventListener(event, redraw);
  new MutationObserver(redraw).observe(root, { attributeFilter: ["data-bs-theme"] });
  new ResizeObserver(redraw).observe(canvas);
  redraw();
}

for (const player of document.querySelectorAll("[data-player]")) {
  const [sound, canvas] = [player.querySelector("audio"), player.querySelector("canvas")];
  if (!(player instanceof HTMLElement) || !sound || !canvas) continue;
  listen(player, sound);
  follow(player, sound);
  sound.addEventListener("error", () => explain(player, sound));
  outline(player, sound, canvas);
}
