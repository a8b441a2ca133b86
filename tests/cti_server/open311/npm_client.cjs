// npm `open311`, which nobody here wrote, finds the hotline, reports, and reads its report back; what it read
// is printed as JSON. It is of 2012, and so is what it rests on: its `request` is this over Node's own fetch,
// and its two readers of XML, one of which is gone, are named by the lock only (package.json) and not called.
const Module = require("node:module");

const sent = async (method, { url, qs = {}, form }, done) => {
  const address = new URL(url);
  for (const [name, value] of Object.entries(qs)) address.searchParams.set(name, value);
  const answer = await fetch(address, { method, body: form && new URLSearchParams(form) });
  done(null, { statusCode: answer.status }, await answer.text());
};
const request = { get: (what, done) => sent("GET", what, done), post: (what, done) => sent("POST", what, done) };
const load = Module._load;
Module._load = (name, ...more) => (name === "request" ? request : load(name, ...more));
const Open311 = require("open311");

const main = async ({ discovery, jurisdiction, apiKey, service, report }) => {
  const client = new Open311({ discovery, jurisdiction, apiKey });
  const asked = (method, ...given) =>
    new Promise((found, failed) => {
      client[method](...given, (fault, said) => (fault ? failed(new Error(said)) : found(said)));
    });
  await asked("serviceDiscovery", { cache: true });
  const services = await asked("serviceList");
  const definition = await asked("serviceDefinition", service);
  const [filed] = await asked("submitRequest", report);
  const number = filed.service_request_id;
  const [token] = await asked("token", number);
  const [one] = await asked("serviceRequest", number);
  const several = await asked("serviceRequests", [number]);
  const open = await asked("serviceRequests", { status: "open" });
  process.stdout.write(JSON.stringify({ services, definition, filed, token, one, several, open }));
};

let given = "";
process.stdin.on("data", (part) => (given += part));
process.stdin.on("end", () => main(JSON.parse(given)));
