// Files are sent as soon as they are chosen, with their progress; without this they go along with the form.

/**
 * Send a form's token, ticks and files; give the fragment that comes back, or null when nothing answered.
 * @param {string} address
 * @param {FormData} data
 * @param {(share: number) => void} progress
 * @returns {Promise<string | null>}
 */
function send(address, data, progress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("X-Part", "files");
    request.upload.addEventListener("progress", (event) => progress(event.loaded / event.total));
    request.addEventListener("load", () => resolve([200, 422].includes(request.status) ? request.responseText : null));
    request.addEventListener("error", () => resolve(null));
    request.addEventListener("abort", () => resolve(null));
    request.send(data);
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {File[]} files
 */
function packed(form, files) {
  const all = new FormData(form);
  const data = new FormData();
  data.append("csrf", String(all.get("csrf") ?? ""));
  for (const tick of all.getAll("evidence")) data.append("evidence", tick);
  for (const file of files) data.append("file", file, file.name);
  return data;
}

/** @param {string} fragment */
function put(fragment) {
  const then = document.createElement("template");
  then.innerHTML = fragment;
  const part = then.content.getElementById("work-files");
  if (part) document.getElementById("work-files")?.replaceWith(part);
}

/**
 * @param {string} text
 * @param {{words: string, again: () => void}} [retry] a camera's photo may be nowhere but here
 */
function complain(text, retry) {
  const part = document.getElementById("work-files");
  if (!part) return;
  document.getElementById("work-files-fault")?.remove();
  const alert = document.createElement("div");
  alert.id = "work-files-fault";
  alert.className = "alert alert-danger";
  alert.setAttribute("role", "alert");
  alert.textContent = text;
  if (retry) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn d-block mt-2";
    button.textContent = retry.words;
    button.addEventListener("click", retry.again);
    alert.append(button);
  }
  part.prepend(alert);
}

export function sendFiles() {
  const choosing = document.querySelector(".work-choosing");
  const form = choosing?.closest("form");
  const bar = choosing?.querySelector("progress");
  const told = choosing?.querySelector(".work-progress [role=status]");
  if (!(choosing instanceof HTMLElement) || !form || !bar || !told) return;
  const words = choosing.dataset;
  for (const plain of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".work-plain"))) plain.hidden = true;
  let sending = Promise.resolve();

  /** @param {number} share */
  function progress(share) {
    /** @type {HTMLElement} */ (bar?.parentElement).hidden = false;
    if (bar) bar.value = share;
    if (told) told.textContent = (words.sending ?? "").replace("{}", `${Math.round(share * 100)} %`);
  }

  /** @param {File[]} files */
  async function bring(files) {
    const small = files.filter((one) => one.size <= Number(words.most));
    const large = files.filter((one) => !small.includes(one)).map((one) => one.name);
    if (small.length && form) {
      progress(0);
      const answer = await send(words.upload ?? "", packed(form, small), progress);
      /** @type {HTMLElement} */ (bar?.parentElement).hidden = true;
      if (answer === null) {
        const again = () => (sending = sending.then(() => bring(small)));
        complain(words.lost ?? "", { words: words.again ?? "", again });
        return;
      }
      put(answer);
    }
    if (large.length) complain((words.large ?? "").replace("{}", large.join(", ")));
  }

  choosing.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "file") return;
    const files = [...(input.files ?? [])];
    input.value = "";
    sending = sending.then(() => bring(files));
  });
  document.addEventListener("click", async (event) => {
    const button = event.target;
    if (!(button instanceof HTMLButtonElement) || !button.formAction.includes("/take-away")) return;
    event.preventDefault();
    const answer = await send(button.formAction, packed(form, []), () => {});
    if (answer === null) complain(words.lost ?? "");
    else put(answer);
    document.getElementById("work-choose")?.focus();
  });
  // What is being sent goes along with the report: it waits for the files.
  form.addEventListener("submit", (event) => {
    if (bar.parentElement?.hidden !== false) return;
    event.preventDefault();
    sending.then(() => form.requestSubmit());
  });
}
