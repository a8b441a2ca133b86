// Bundles the pages' scripts and styles: every cti_server/web/*.js and *.css becomes a file of the same
// name in cti_server/static/.
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";
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

const built = new Set();
for (const path of Object.keys(metafile.outputs)) {
  built.add(basename(path));
  if (/\.(js|css)$/.test(path)) {
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 })); // sent to browsers that take it
    built.add(`${basename(path)}.gz`);
  }
}
// What nothing builds any more goes last: a running service never misses a file that pages still name.
for (const name of readdirSync(target)) {
  if (!built.has(name) && !name.startsWith(".")) rmSync(`${target}/${name}`);
}
