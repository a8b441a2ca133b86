// Light or dark before anything is drawn: the choice that the server wrote into the page, else the system's.
const root = document.documentElement;
const dark = window.matchMedia("(prefers-color-scheme: dark)");

function show() {
  const chosen = root.dataset.theme;
  root.dataset.bsTheme = chosen === "auto" ? (dark.matches ? "dark" : "light") : chosen;
}

dark.addEventListener("change", show);
root.addEventListener("hotline:theme", show);
show();
