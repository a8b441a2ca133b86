// What every page does in the browser: htmx, the menu on a narrow screen, the switch of light and dark.
import "htmx.org";
import "./on_now.js";
import "./look/asking.js";
import "./kept_forms.js";
import "./ready.js";
import "./look/busy.js";
import "./look/calendar.js";
import "./look/counting.js";
import "./look/files.js";
import "./look/sure.js";

const root = document.documentElement;

/**
 * Choose a theme without leaving the page: a call may be going on in it.
 * @param {HTMLFormElement} form
 * @param {SubmitEvent} event
 */
function chooseTheme(form, event) {
  const chosen = event.submitter;
  if (!(chosen instanceof HTMLButtonElement) || !chosen.value) return;
  const theme = chosen.value;
  event.preventDefault();
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form, chosen)) body.append(name, String(value));
  fetch(form.action, { method: "POST", body, redirect: "manual" });
  root.dataset.theme = theme;
  root.dispatchEvent(new Event("hotline:theme"));
  for (const button of form.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === theme));
  }
}

/** What of the menu is open closes by Escape, by a click elsewhere, and when the keyboard goes on. */
for (const menu of document.querySelectorAll(".menu-folded")) {
  if (!(menu instanceof HTMLDetailsElement)) continue;
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  document.addEventListener("keyup", ({ key }) => {
    if (key === "Tab" && !menu.contains(document.activeElement)) menu.open = false;
  });
  document.addEventListener("click", ({ target }) => {
    if (target instanceof Node && !menu.contains(target)) menu.open = false;
  });
}

/** The desk is open in the window that has opened this one: its link leads there, and opens no second telephone. */
for (const link of document.querySelectorAll('a[href="/desk"]')) {
  link.addEventListener("click", (event) => {
    const { opener } = window;
    if (window.name !== "hotline-beside" || !opener || opener.closed) return;
    event.preventDefault();
    opener.focus();
  });
}

for (const form of document.querySelectorAll("form")) {
  if (form.dataset.themeSwitch === undefined) continue;
  form.addEventListener("submit", (event) => chooseTheme(form, event));
}

for (const button of document.querySelectorAll("button")) {
  const source = document.getElementById(button.dataset.copy ?? "");
  if (!source) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.clipboard.writeText((source.textContent ?? "").trim());
  });
}

// The first field that was filled in wrongly is where the person goes on.
const wrong = document.querySelector("[aria-invalid=true]");
if (wrong instanceof HTMLElement) wrong.focus();
