// Cameras: all pictures of the page come by one socket and are drawn as they come; an incident goes by two keys.
// A camera with WebRTC is played by the browser itself: offer and answer go by the same socket.
const SILENCE_MS = 12_000;
const AGAIN_MS = 2_000;
const HERE_MS = 20_000;
const POLICY_VIOLATION = 1008;
const GATHERED_MS = 2_000;
const SEEN_MS = 1_000;
const STILL_WIDEST = 1280;
/** Made once: it is asked with every picture of every camera. */
const moment = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "medium" });

const tiles = new Map(
  [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-camera]:not([data-out])"))].map((tile) => [
    Number(tile.dataset.camera),
    tile,
  ]),
);
const stale = document.getElementById("cameras-stale");
const ended = document.getElementById("cameras-ended");
const asleep = document.getElementById("cameras-asleep");
/** @type {WebSocket | null} */
let socket = null;
let heard = Date.now();
let said = 0;
/** The newest picture of a camera that is still being drawn. @type {Map<number, Blob | null>} */
const drawing = new Map();

/** Connections with the city's server of streams, by camera. @type {Map<number, RTCPeerConnection>} */
const playing = new Map();

/** @param {object} what */
function say(what) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(what));
}

function show() {
  if (asleep) asleep.hidden = true;
  if (document.hidden) stop();
  say({ show: document.hidden ? [] : [...tiles.keys()] });
}

/** Somebody is there: a key, a press, a move. What nobody looks at is not watched. */
function here() {
  if (asleep && !asleep.hidden) show();
  else if (Date.now() - said > HERE_MS) say({ here: true });
  else return;
  said = Date.now();
}

/** @param {HTMLElement} tile @param {string} text */
function stand(tile, text) {
  const state = /** @type {HTMLElement} */ (tile.querySelector(".camera-state"));
  if (state.textContent !== text) state.textContent = text;
  state.hidden = text === "";
}

/** @param {HTMLElement} tile */
function wipe(tile) {
  const canvas = tile.querySelector("canvas");
  canvas?.getContext("2d")?.clearRect(0, 0, canvas.width, canvas.height);
  const video = tile.querySelector("video");
  if (video) video.srcObject = null;
  const camera = Number(tile.dataset.camera);
  playing.get(camera)?.close();
  playing.delete(camera);
}

function stop() {
  for (const camera of [...playing.keys()]) wipe(/** @type {HTMLElement} */ (tiles.get(camera)));
}

/** @param {HTMLElement} tile */
function tick(tile) {
  stand(tile, "");
  const clock = tile.querySelector(".camera-clock");
  const now = moment.format();
  if (clock && clock.textContent !== now) clock.textContent = now;
}

/** Make an offer for a camera, and show what comes once it is answered. @param {number} camera */
async function play(camera) {
  const tile = tiles.get(camera);
  const video = tile?.querySelector("video");
  if (!tile || !video) return;
  wipe(tile);
  const peer = new RTCPeerConnection();
  playing.set(camera, peer);
  peer.addTransceiver("video", { direction: "recvonly" });
  peer.addEventListener("track", ({ track }) => {
    video.srcObject = new MediaStream([track]);
    let told = 0;
    const seen = () => {
      if (playing.get(camera) !== peer) return;
      tick(tile);
      if (Date.now() - told >= SEEN_MS) {
        told = Date.now();
        say({ seen: camera });
      }
      video.requestVideoFrameCallback(seen);
    };
    video.requestVideoFrameCallback(seen);
  });
  await peer.setLocalDescription();
  await new Promise((done) => {
    setTimeout(done, GATHERED_MS);
    peer.addEventListener("icegatheringstatechange", () => peer.iceGatheringState === "complete" && done(null));
  });
  if (playing.get(camera) === peer) say({ offer: { camera, sdp: peer.localDescription?.sdp } });
}

/** @param {number} camera @param {Blob} jpeg */
async function draw(camera, jpeg) {
  const tile = tiles.get(camera);
  const canvas = tile?.querySelector("canvas");
  if (!tile || !canvas) return;
  if (drawing.has(camera)) {
    drawing.set(camera, jpeg); // the one before it is not done: of what came meanwhile the newest alone is drawn
    return;
  }
  for (let next = /** @type {Blob | null | undefined} */ (jpeg); next; next = drawing.get(camera)) {
    drawing.set(camera, null);
    const picture = await createImageBitmap(next).catch(() => null);
    if (!picture || document.hidden) continue;
    if (canvas.width !== picture.width || canvas.height !== picture.height) {
      canvas.width = picture.width;
      canvas.height = picture.height;
    }
    canvas.getContext("2d")?.drawImage(picture, 0, 0);
    picture.close();
    tick(tile);
  }
  drawing.delete(camera);
}

/** @param {MessageEvent} message */
function hear({ data }) {
  heard = Date.now();
  if (stale) stale.hidden = true;
  if (data instanceof ArrayBuffer) {
    draw(new DataView(data).getUint32(0), new Blob([data.slice(4)], { type: "image/jpeg" }));
    return;
  }
  const told = JSON.parse(data);
  if (told.asleep && asleep) asleep.hidden = false;
  if (told.asleep) for (const tile of tiles.values()) wipe(tile);
  if (told.play) {
    play(told.camera);
    return;
  }
  if (told.answer) {
    playing.get(told.camera)?.setRemoteDescription({ type: "answer", sdp: told.answer }).catch(() => {}); // nothing comes then
    return;
  }
  const tile = tiles.get(told.camera);
  if (!tile || told.shows) return;
  wipe(tile);
  stand(tile, told.text);
}

function open() {
  if (!tiles.size) return;
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  socket = new WebSocket(`${scheme}//${location.host}/cameras/watch`);
  socket.binaryType = "arraybuffer";
  socket.addEventListener("open", show);
  socket.addEventListener("message", hear);
  socket.addEventListener("close", ({ code }) => {
    stop();
    if (code === POLICY_VIOLATION) {
      for (const tile of tiles.values()) wipe(tile);
      if (ended) ended.hidden = false;
      if (stale) stale.hidden = true;
      tiles.clear();
    } else setTimeout(open, AGAIN_MS);
  });
}

setInterval(() => {
  if (stale && tiles.size && Date.now() - heard > SILENCE_MS) stale.hidden = false;
}, AGAIN_MS);
document.addEventListener("visibilitychange", show);
for (const kind of ["pointerdown", "pointermove", "keydown"]) document.addEventListener(kind, here, { passive: true });
open();

// An incident: Enter on the button that has the focus keeps the picture, a figure says what it is.
let busy = false;
let pressed = ""; // a figure that came before the kinds did

/** What a camera shows that the browser plays itself; null where it shows nothing. @returns {Promise<Blob | null>} */
async function still() {
  const video = document.querySelector(".camera-large video");
  if (!(video instanceof HTMLVideoElement) || !video.videoWidth || !video.srcObject) return null;
  const width = Math.min(video.videoWidth, STILL_WIDEST);
  const canvas = new OffscreenCanvas(width, Math.round((video.videoHeight * width) / video.videoWidth));
  canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
}

/** @param {HTMLFormElement} form @param {HTMLElement | null} by */
async function send(form, by) {
  if (busy) return;
  busy = true;
  const typed = new FormData(form, by instanceof HTMLButtonElement ? by : null);
  const picture = form.action.endsWith("/still") ? await still() : null;
  if (picture) typed.append("picture", picture, "still.jpg");
  const part = document.getElementById("incident");
  part?.setAttribute("aria-busy", "true");
  const answer = await fetch(form.action, { method: "POST", headers: { "HX-Request": "true" }, body: typed }).catch(() => null);
  const text = answer && (answer.ok || answer.status === 422) ? await answer.text() : null;
  busy = false;
  if (text === null) {
    form.submit(); // as without scripts: the page that comes says what is wrong
    return;
  }
  const template = document.createElement("template");
  template.innerHTML = text;
  const then = template.content.getElementById("incident");
  if (part && then) part.replaceWith(then);
  /** @type {HTMLElement | null | undefined} */ (then?.querySelector("[data-focus]"))?.focus();
  const key = pressed;
  pressed = "";
  if (key && form.action.endsWith("/still")) kind(key);
}

/** @param {string} key @returns {boolean} */
function kind(key) {
  const button = document.querySelector(`[data-kind-key="${CSS.escape(key)}"]`);
  if (button instanceof HTMLElement) button.click();
  return button !== null;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !("incident" in form.dataset)) return;
  event.preventDefault();
  send(form, event.submitter);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || document.querySelector("dialog[open]")) return;
  if (event.target instanceof Element && event.target.closest("input, select, textarea")) return;
  if (/^\d$/.test(event.key)) {
    if (busy) pressed = event.key;
    else if (!kind(event.key)) follow(`[data-tile-key="${event.key}"]`);
  }
  if (event.key === "PageUp") follow("[rel=prev]");
  if (event.key === "PageDown") follow("[rel=next]");
});

/** @param {string} link */
function follow(link) {
  const found = document.querySelector(link);
  if (found instanceof HTMLElement) found.click();
}

/** @type {HTMLElement | null} */ (document.querySelector("#incident [data-focus]"))?.focus({ preventScroll: true });
