// The card of an appeal on a page of its own: what its acts ask besides.
import { followCategory } from "./appeals/asked.js";

followCategory();
