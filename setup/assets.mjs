// Bundles the pages' scripts and styles: every cti_server/web/*.js and *.css becomes a file of the same
// name in cti_server/static/.
import { readdirSync, rmSync } from "node:fs";
import { build } from "esbuild";

const sources = "cti_server/web";
const entryPoints = readdirSync(sources)
  .filter((name) => /\.(js|css)$/.test(name))
  .map((name) => `${sources}/${name}`);

rmSync("cti_server/static", { recursive: true, force: true });
await build({
  entryPoints,
  outdir: "cti_server/static",
  bundle: true,
  minify: true,
  sourcemap: true,
  format: "esm",
  target: ["es2022"],
  legalComments: "linked",
  logLevel: "warning",
});
