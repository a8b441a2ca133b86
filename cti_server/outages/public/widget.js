// Puts the frame of outages behind the <script> that loads this; how to use it: docs/widget.md.
(() => {
  const own = document.currentScript;
  const { address, lang, theme, height } = own.dataset;
  const source = new URL("widget", own.src);
  for (const [name, value] of Object.entries({ address, lang, theme })) {
    if (value) source.searchParams.set(name, value);
  }
  const frame = document.createElement("iframe");
  frame.src = source.href;
  frame.title = lang === "en" ? "Outages in the city" : "Відключення в місті";
  frame.loading = "lazy";
  frame.width = "100%";
  frame.height = height || "420";
  frame.style.border = "0";
  own.after(frame);
})();
