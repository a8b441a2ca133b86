// The pages of an enterprise: the list renews itself, files are sent as they are chosen, typed words survive.
import { keepWhatIsTyped } from "./enterprise/typed.js";
import { renewList } from "./enterprise/list.js";
import { sendFiles } from "./enterprise/files.js";

keepWhatIsTyped();
const live = document.getElementById("work-live");
if (live) renewList(live);
sendFiles();
document.getElementById("work-since")?.focus();
document.getElementById("work-results")?.focus();
