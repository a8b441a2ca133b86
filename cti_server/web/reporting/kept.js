// What could not be sent for want of a network: kept in this browser, a few of them, and sent under the key that the form
// was filled in with, so that what did arrive is not taken twice. Reports, and what is said about an appeal or a matter.

const NAME = "hotline-reports";
const STORE = "reports";
const MOST_KEPT = 5;
const MOST_OCTETS = 60 * 2 ** 20;
const LONGEST_MS = 13 * 86_400_000; // the form of a report is taken for two weeks
const REPORT = "/report";
const [NOT_SIGNED_IN, TIMED_OUT, TOO_EARLY, TOO_MANY] = [401, 408, 425, 429];
const [BAD, BROKEN] = [400, 500];
const LATER = [TIMED_OUT, TOO_EARLY, TOO_MANY];
const BEHIND_A_PROXY = [502, 503, 504]; // the hotline is away, and what stands before it says so
const STUCK_AFTER = 3;

/**
 * One form. `to`: where it is sent; `label`: what was said, in a few words; `said`: why it was refused; `broken`: how often
 * the hotline failed over it.
 * @typedef {{key: string, at: number, fields: [string, string | File][], to?: string, label?: string, refused?: boolean, said?: string, asks?: boolean, broken?: number}} Kept
 */
/** @typedef {{page: string, number?: string, code?: string}} Receipt */

/** @returns {Promise<IDBDatabase>} */
const opened = () =>
  new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

/** @template T @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>} act @returns {Promise<T>} */
async function done(mode, act) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const asked = act(database.transaction(STORE, mode).objectStore(STORE));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  } finally {
    database.close();
  }
}

/** All that wait, in the order in which they were said. @returns {Promise<Kept[]>} */
export const all = async () => {
  /** @type {Kept[]} */
  const found = await done("readonly", (store) => store.getAll());
  return found.sort((one, other) => one.at - other.at);
};
/** @param {string} key */
export const forget = (key) => done("readwrite", (store) => store.delete(key));
/** Where it was to be sent: what was kept before there was another address is a report. @param {Kept} one */
export const whereto = (one) => one.to ?? REPORT;
/** Whether the hotline failed over it again and again: the others go first, and it is still tried. @param {Kept} one */
export const stuck = (one) => (one.broken ?? 0) >= STUCK_AFTER;

/**
 * Keep a form; false where there is no room for it. What is kept under the same name before is replaced.
 * @param {FormData} form @param {{name?: string, to?: string, label?: string}} as
 */
export async function keep(form, as = {}) {
  const fields = [...form];
  const octets = fields.reduce((sum, [, value]) => sum + (typeof value === "string" ? value.length : value.size), 0);
  const key = as.name ?? String(form.get("key"));
  const others = (await all()).filter((one) => one.key !== key);
  if (others.length >= MOST_KEPT || octets > MOST_OCTETS) return false;
  await done("readwrite", (store) => store.put({ key, at: Date.now(), fields, to: as.to ?? REPORT, label: as.label ?? "" }));
  return true;
}

/** @typedef {{how: "sent", receipt: Receipt} | {how: "faulty", said: string} | {how: "asked" | "refused" | "broken" | "away"}} Outcome */

/**
 * Send a form: away without a network, refused where the hotline takes none just now, broken where it fails, asked where
 * somebody has to confirm their contact first, faulty where it will never be taken.
 * @param {FormData} form @param {string} to @returns {Promise<Outcome>}
 */
export async function sent(form, to = REPORT) {
  try {
    const answer = await fetch(to, { method: "POST", body: form, headers: { Accept: "application/json" } });
    if (answer.ok) return { how: "sent", receipt: /** @type {Receipt} */ (await answer.json()) };
    if (BEHIND_A_PROXY.includes(answer.status)) return { how: "away" };
    if (answer.status === NOT_SIGNED_IN) return { how: "asked" };
    if (answer.status >= BROKEN) return { how: "broken" };
    if (answer.status < BAD || LATER.includes(answer.status)) return { how: "refused" };
    const { faults = {} } = await answer.json().catch(() => ({}));
    return { how: "faulty", said: Object.values(faults).join(" ") };
  } catch {
    return { how: "away" };
  }
}

/**
 * Write down what became of a form: nothing is left of it, or `then`. What was dropped meanwhile, or said anew under its
 * name, stays as it is. @param {Kept} one @param {Kept | null} then
 */
async function settle(one, then) {
  const database = await opened();
  try {
    await new Promise((resolve, reject) => {
      const all = database.transaction(STORE, "readwrite");
      const store = all.objectStore(STORE);
      const asked = store.get(one.key);
      asked.onsuccess = () => {
        if (asked.result?.at !== one.at) return;
        if (then) store.put(then);
        else store.delete(one.key);
      };
      all.oncomplete = resolve;
      all.onerror = () => reject(all.error);
    });
  } finally {
    database.close();
  }
}

/** Send all that was kept, one after the other. @returns {Promise<{one: Kept, receipt: Receipt}[]>} */
export async function sendKept() {
  const taken = [];
  const waiting = await all();
  for (const one of [...waiting.filter((each) => !stuck(each)), ...waiting.filter(stuck)]) {
    if (Date.now() - one.at > LONGEST_MS) {
      await forget(one.key);
      continue;
    }
    if (one.refused) continue;
    const form = new FormData();
    for (const [name, value] of one.fields) form.append(name, value);
    const outcome = await sent(form, whereto(one));
    if (outcome.how === "sent") {
      taken.push({ one, receipt: outcome.receipt });
      await settle(one, null);
    } else if (outcome.how === "asked") await settle(one, { ...one, asks: true });
    else if (outcome.how === "faulty") await settle(one, { ...one, refused: true, said: outcome.said });
    else if (outcome.how === "broken") {
      const then = { ...one, broken: (one.broken ?? 0) + 1 };
      await settle(one, then);
      if (!stuck(then)) break; // so far the fault may be the hotline's own
    } else break; // the others would not arrive either
  }
  return taken;
}
