// What a form sent is kept in this window until its answer shows that it was taken. A session that ended, a reload and
// Back lose nothing: the page of the form stands as it was typed. Passwords, files and hidden fields are never kept.
// A form with `data-keep-typed` is kept as it is typed, for whoever loads its page anew in the middle of a talk.

const KEY = "hotline:sent";
const AN_HOUR = 3_600_000;
const NEVER = ["/sign-in", "/sign-out", "/preferences"];
const BAD = 400;

/** @typedef {{page: string, action: string, user: string, at: number, state: string, fields: [string, string][]}} Sent */

const user = () => document.documentElement.dataset.user ?? "";
const here = () => location.pathname + location.search;
/** @param {string} address */
const local = (address) => {
  const url = new URL(address, location.href);
  return url.pathname + url.search;
};

/** @returns {Sent | null} */
function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  } catch {
    return null; // nobody of ours wrote it
  }
}

/** @param {Sent} sent */
function keep(sent) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(sent));
  } catch {
    sessionStorage.removeItem(KEY); // too much for the browser: the form goes all the same
  }
}
const drop = () => sessionStorage.removeItem(KEY);

/** What one may type into or choose. @param {HTMLFormElement} form */
const controls = (form) =>
  /** @type {(HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement)[]} */ ([...form.elements]).filter(
    (one) => one.name && one.matches("input:not([type=hidden], [type=file], [type=password], [type=submit]), textarea, select"),
  );

/** @param {HTMLFormElement} form @param {string} action @param {"typing" | "sent"} state */
function remember(form, action, state) {
  const names = new Set(controls(form).map((one) => one.name));
  /** @type {[string, string][]} */
  const fields = [];
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && names.has(name)) fields.push([name, value]);
  if (!fields.some(([, value]) => value.trim())) return drop();
  keep({ page: here(), action, user: user(), at: Date.now(), state, fields });
}

for (const typed of ["input", "change"]) {
  window.addEventListener(typed, ({ target }) => {
    const form = /** @type {HTMLInputElement | null} */ (target)?.form;
    if (form?.dataset?.keepTyped !== undefined) remember(form, local(form.getAttribute("action") ?? here()), "typing");
  });
}

window.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const by = event.submitter;
  const action = local(by?.getAttribute("formaction") ?? form.getAttribute("action") ?? here());
  if (action.startsWith("/sign-out")) return sessionStorage.clear();
  const closes = by?.getAttribute("formmethod") === "dialog";
  if (event.defaultPrevented || closes || form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (NEVER.some((one) => action.startsWith(one)) || form.querySelector("[type=password]")) return;
  remember(form, action, "sent");
});

/** @param {HTMLFormElement} form @param {Sent} sent */
function fill(form, sent) {
  const left = sent.fields.map(([name, value]) => ({ name, value }));
  for (const one of controls(form)) {
    const chosen = one instanceof HTMLInputElement && ["checkbox", "radio"].includes(one.type);
    const at = left.findIndex(({ name, value }) => name === one.name && (!chosen || value === one.value));
    if (chosen) one.checked = at >= 0;
    else if (at >= 0) one.value = left[at].value;
    if (at >= 0) left.splice(at, 1);
    one.dispatchEvent(new Event("input", { bubbles: true }));
    one.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/** Put it back into its form, and say so. @param {Sent} sent */
function restore(sent) {
  const form = [...document.forms].find((one) => local(one.getAttribute("action") ?? here()) === sent.action) ??
    [...document.forms].find((one) => [...one.querySelectorAll("[formaction]")].some((by) => local(by.getAttribute("formaction") ?? "") === sent.action));
  if (!form) return drop();
  for (let at = form.closest("details"); at; at = at.parentElement?.closest("details") ?? null) at.open = true;
  fill(form, sent);
  keep({ ...sent, state: "refused" });
  const words = /** @type {HTMLTemplateElement | null} */ (document.getElementById("typed-again"));
  const note = /** @type {Element | null} */ (words?.content.cloneNode(true).firstChild);
  if (!note) return;
  form.prepend(note);
  note.scrollIntoView({ block: "center" });
  /** @type {HTMLElement} */ (note).focus({ preventScroll: true });
}

/** See what became of the form that was sent last from this window. */
function look() {
  const sent = kept();
  if (!sent || location.pathname.startsWith("/sign-in")) return sent && keep({ ...sent, state: "signing-in" });
  if (sent.user !== user() || Date.now() - sent.at > AN_HOUR) return drop(); // somebody else signed in
  const [entry] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  const again = ["reload", "back_forward"].includes(entry?.type);
  if (sent.state === "sent" && !again && (entry?.responseStatus ?? 0) >= BAD) {
    history.replaceState(null, "", sent.page); // where a reload leads: the form's page, never its address to send to
    return keep({ ...sent, state: "refused" });
  }
  const back = here() === sent.page;
  if (sent.state === "typing" && !back) return; // something is looked up meanwhile
  if (sent.state === "signing-in") return back ? restore(sent) : drop();
  return back && again ? restore(sent) : drop();
}
look();
