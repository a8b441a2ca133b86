// The softphone's keys: function keys that no browser uses, so that they work while a form is being filled in.

/** @type {Record<string, string>} */
const KEYS = { F2: "answer", F4: "hang-up", F8: "hold", F9: "mute", "Shift+F2": "number", F10: "number", "Shift+F8": "join", "Ctrl+F8": "leave", "Ctrl+F2": "take-back" };

/** @param {(action: string) => void} act */
export function listenForKeys(act) {
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || event.repeat) return;
    const action = KEYS[(event.ctrlKey ? "Ctrl+" : "") + (event.shiftKey ? "Shift+" : "") + event.key];
    if (!action) return;
    event.preventDefault();
    act(action);
  });
}
