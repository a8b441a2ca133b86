// Puts the frame of outages, or of power, behind the <script> that loads this; how to use it: docs/widget.md.
(() => {
  const own = document.currentScript;
  const { address, queue, lang, theme, height } = own.dataset;
  const source = new URL("widget", own.src);
  for (const [name, value] of Object.entries({ address, queue, lang, theme })) {
    if (value) source.searchParams.set(name, value);
  }
  const frame = document.createElement("iframe");
  frame.src = source.href;
  const titles = source.pathname.startsWith("/power/")
    ? ["Power by schedule", "Світло за графіком"]
    : ["Outages in the city", "Відключення в місті"];
  frame.title = titles[lang === "en" ? 0 : 1];
  frame.loading = "lazy";
  frame.width = "100%";
  frame.height = height || "420";
  frame.style.border = "0";
  own.after(frame);
})();
