// A page on which no call can ring says so; its presence is then not shown in the colour of "ready".
import { desk } from "./posting.js";

const ON_THE_WAY = new Set(["opening", "registering"]);
const RINGS = new Set(["ready", "silent"]);

/** Follow the telephone of this page. */
export function tellWithoutPhone() {
  document.addEventListener("softphone:state", (event) => {
    const { state } = /** @type {CustomEvent} */ (event).detail;
    if (ON_THE_WAY.has(state)) return;
    desk.dataset.phone = RINGS.has(state) ? "here" : "none";
    const told = document.getElementById("desk-no-phone");
    if (told) told.hidden = RINGS.has(state);
  });
}
