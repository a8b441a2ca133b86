// Reports that could not be sent for want of a network: kept in this browser, a few of them, and sent under the key that
// they were filled in with, so that one that did arrive is not sent twice. Shared by the page and its worker.

const NAME = "hotline-reports";
const STORE = "reports";
const MOST_KEPT = 5;
const MOST_OCTETS = 60 * 2 ** 20;
const LONGEST_MS = 13 * 86_400_000; // the form is taken for two weeks
const ADDRESS = "/report";
const FAULTY = 422;

/** @typedef {{key: string, at: number, fields: [string, string | File][], refused?: boolean}} Kept */
/** @typedef {{number: string, code: string, page: string}} Receipt */

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

/** @returns {Promise<Kept[]>} */
export const all = () => done("readonly", (store) => store.getAll());
/** @param {string} key */
export const forget = (key) => done("readwrite", (store) => store.delete(key));

/** Keep a report; false where there is no room for it. @param {FormData} form */
export async function keep(form) {
  const fields = [...form];
  const octets = fields.reduce((sum, [, value]) => sum + (typeof value === "string" ? value.length : value.size), 0);
  const key = String(form.get("key"));
  const others = (await all()).filter((one) => one.key !== key);
  if (others.length >= MOST_KEPT || octets > MOST_OCTETS) return false;
  await done("readwrite", (store) => store.put({ key, at: Date.now(), fields }));
  return true;
}

/** @typedef {{how: "sent", receipt: Receipt} | {how: "faulty" | "refused" | "away"}} Outcome */

/** Send a form: away without a network, refused where the hotline takes none just now. @param {FormData} form @returns {Promise<Outcome>} */
export async function sent(form) {
  try {
    const answer = await fetch(ADDRESS, { method: "POST", body: form, headers: { Accept: "application/json" } });
    if (answer.ok) return { how: "sent", receipt: /** @type {Receipt} */ (await answer.json()) };
    return { how: answer.status === FAULTY ? "faulty" : "refused" };
  } catch {
    return { how: "away" };
  }
}

/** Send all that was kept, one after the other. @returns {Promise<Receipt[]>} */
export async function sendKept() {
  const receipts = [];
  for (const one of await all()) {
    if (Date.now() - one.at > LONGEST_MS) {
      await forget(one.key);
      continue;
    }
    if (one.refused) continue;
    const form = new FormData();
    for (const [name, value] of one.fields) form.append(name, value);
    const outcome = await sent(form);
    if (outcome.how === "sent") {
      receipts.push(outcome.receipt);
      await forget(one.key);
    } else if (outcome.how !== "faulty") break; // the others would not arrive either
    else await done("readwrite", (store) => store.put({ ...one, refused: true }));
  }
  return receipts;
}
