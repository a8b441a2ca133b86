// What the worker gives without a network in place of an appeal's or a matter's page: that page, if this tab has opened it.
import { restore } from "./reporting/seen.js";

if (!restore()) window.addEventListener("online", () => location.reload());
