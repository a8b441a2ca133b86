// The player of recordings: the browser's own controls, and above them an outline that shows who spoke when.
//
// A canvas of our own instead of a waveform library: those put a <style> into the page, which our
// Content-Security-Policy forbids, and fetch the whole recording, which would count as listening to it.

const root = document.documentElement;

/** @param {HTMLCanvasElement} canvas @param {number[][]} sides @param {number} played from 0 to 1 */
function draw(canvas, sides, played) {
  const scale = window.devicePixelRatio;
  const [width, height] = [canvas.clientWidth * scale, canvas.clientHeight * scale];
  [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext("2d");
  const style = getComputedStyle(canvas);
  const colours = [style.getPropertyValue("--tblr-primary"), style.color];
  const band = height / sides.length;
  sides.forEach((side, row) => {
    side.forEach((loudness, column) => {
      pen.fillStyle = colours[column / side.length < played ? 0 : 1];
      const tall = Math.max(scale, loudness * band * 0.95);
      const step = width / side.length;
      pen.fillRect(column * step, row * band + (band - tall) / 2, Math.max(1, step * 0.7), tall);
    });
  });
}

/** @param {HTMLElement} player */
async function prepare(player) {
  const canvas = player.querySelector("canvas");
  const sound = player.querySelector("audio");
  const answer = await fetch(player.dataset.shape);
  if (!answer.ok) return; // the controls work without the outline
  const sides = await answer.json();
  const length = () => (Number.isFinite(sound.duration) ? sound.duration : Number(player.dataset.seconds));
  const redraw = () => draw(canvas, sides, length() ? sound.currentTime / length() : 0);
  canvas.hidden = false;
  canvas.addEventListener("click", (event) => {
    sound.currentTime = (event.offsetX / canvas.clientWidth) * length();
    sound.play();
  });
  for (const event of ["timeupdate", "seeked", "loadedmetadata"]) sound.addEventListener(event, redraw);
  root.addEventListener("hotline:theme", redraw);
  new ResizeObserver(redraw).observe(canvas);
  redraw();
}

for (const player of document.querySelectorAll("[data-player]")) prepare(player);
