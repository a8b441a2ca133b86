// Announcements: one phrase plays at a time, and a voice is recorded, measured and heard before it is kept.

const LONGEST_SECONDS = 180;
// As the microphone hears it: loudness is levelled later, and what is made for talks eats the edges of words.
const AS_IT_IS = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

/** @type {{button: HTMLElement, sound: HTMLAudioElement} | undefined} */
let playing;

/** @param {HTMLElement} button @param {boolean} on */
function shows(button, on) {
  button.setAttribute("aria-pressed", String(on));
  button.replaceChildren(Object.assign(document.createElement("span"), { ariaHidden: "true", textContent: on ? "■" : "▶" }));
}

function stopPlaying() {
  playing?.sound.pause();
  if (playing) shows(playing.button, false);
  playing = undefined;
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-play]") : null;
  if (!(button instanceof HTMLElement)) return;
  const again = playing?.button === button;
  stopPlaying();
  if (again) return;
  const sound = new Audio(button.dataset.play);
  playing = { button, sound };
  shows(button, true);
  sound.addEventListener("ended", stopPlaying);
  sound.play().catch(() => playing?.sound === sound && stopPlaying());
});

class Recorder {
  /** @type {{media: MediaRecorder, stream: MediaStream, context: AudioContext, timer: number} | undefined} */
  running;
  address = "";

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.record = this.#part("record", HTMLButtonElement);
    this.stop = this.#part("stop", HTMLButtonElement);
    this.meter = this.#part("meter", HTMLMeterElement);
    this.clock = this.#part("clock", HTMLOutputElement);
    this.heard = this.#part("preview", HTMLAudioElement);
    this.note = this.#part("note", HTMLElement);
    this.file = this.#part("file", HTMLInputElement);
    this.origin = /** @type {HTMLInputElement} */ (form.elements.namedItem("origin"));
    this.record.addEventListener("click", () => this.begin());
    this.stop.addEventListener("click", () => this.end());
    this.file.addEventListener("change", () => this.#taken("file"));
    this.#part("tools", HTMLElement).hidden = false;
  }

  async begin() {
    this.note.hidden = true;
    stopPlaying();
    this.heard.pause();
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: AS_IT_IS });
    } catch {
      this.note.textContent = this.form.dataset.refused ?? "";
      this.note.hidden = false;
      return;
    }
    const media = new MediaRecorder(stream);
    /** @type {Blob[]} */
    const pieces = [];
    media.addEventListener("dataavailable", (event) => pieces.push(event.data));
    media.addEventListener("stop", () => this.#keep(pieces, media.mimeType || "audio/webm"));
    media.start();
    const context = new AudioContext();
    this.running = { media, stream, context, timer: this.#measure(context, stream) };
    this.#shows(true);
    this.stop.focus();
  }

  end() {
    if (!this.running) return;
    const { media, stream, context, timer } = this.running;
    this.running = undefined;
    clearInterval(timer);
    media.stop();
    for (const track of stream.getTracks()) track.stop();
    context.close();
    this.#shows(false);
    this.record.focus();
  }

  /** Show how loud it is and how long already. @param {AudioContext} context @param {MediaStream} stream */
  #measure(context, stream) {
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const begun = performance.now();
    this.clock.textContent = `0 / ${LONGEST_SECONDS}`;
    return window.setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      this.meter.value = samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
      const seconds = (performance.now() - begun) / 1000;
      this.clock.textContent = `${Math.floor(seconds)} / ${LONGEST_SECONDS}`;
      if (seconds > LONGEST_SECONDS - 1) this.end();
    }, 100);
  }

  /**
   * What was recorded is put where a chosen file would be: the form is sent as any other.
   * @param {Blob[]} pieces @param {string} type
   */
  #keep(pieces, type) {
    const carried = new DataTransfer();
    carried.items.add(new File(pieces, type.includes("ogg") ? "voice.ogg" : "voice.webm", { type }));
    this.file.files = carried.files;
    this.#taken("microphone");
  }

  /** @param {string} origin */
  #taken(origin) {
    const file = this.file.files?.[0];
    if (this.address) URL.revokeObjectURL(this.address);
    this.origin.value = origin;
    this.heard.hidden = !file;
    this.address = file ? URL.createObjectURL(file) : "";
    if (file) this.heard.src = this.address;
  }

  /** @param {boolean} recording */
  #shows(recording) {
    this.record.hidden = recording;
    this.stop.hidden = !recording;
    this.meter.hidden = !recording;
  }

  /** @template {HTMLElement} Kind @param {string} name @param {new () => Kind} kind @returns {Kind} */
  #part(name, kind) {
    const found = this.form.querySelector(`[data-part=${name}]`);
    if (!(found instanceof kind)) throw new TypeError(`The recorder has no ${name}.`);
    return found;
  }
}

if (navigator.mediaDevices && window.MediaRecorder) {
  for (const form of document.querySelectorAll("[data-recorder]")) {
    if (form instanceof HTMLFormElement) new Recorder(form);
  }
}
