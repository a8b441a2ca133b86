// htmx comes with page.js, which every page loads first.
interface Window {
  htmx: {
    ajax(verb: string, path: string, context: { target: string; swap: string }): Promise<unknown>;
    process(element: Element): void;
  };
}
