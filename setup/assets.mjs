// Bundles the pages' scripts and styles: every cti_server/web/*.js and *.css becomes a file of the same
// name in cti_server/static/.
import { readdirSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { build } from "esbuild";

const sources = "cti_server/web";
const target = "cti_server/static";
const entryPoints = readdirSync(sources)
  .filter((name) => /\.(js|css)$/.test(name))
  .map((name) => `${sources}/${name}`);

const { metafile } = await build({
  entryPoints,
  outdir: target,
  metafile: true,
  bundle: true,
  minify: true,
  sourcemap: true,
  format: "esm",
  target: ["es2022"],
  legalComments: "linked",
  logLevel: "warning",
});

// What nothing builds any more goes last: a running service never misses a file that pages still name.
const built = new Set(Object.keys(metafile.outputs).map((path) => basename(path)));
for (const name of readdirSync(target)) {
  if (!built.has(name) && !name.startsWith(".")) rmSync(`${target}/${name}`);
}
