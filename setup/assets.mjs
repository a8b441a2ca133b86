// Bundles the pages' scripts and styles: every cti_server/web/*.js and *.css becomes a file of the same
// name in cti_server/static/, with the faces that they name; pages name them with a digest (cti_server/frame/assets.py).
// Of Tabler only what our pages use is shipped.
import { copyFileSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { PurgeCSS } from "purgecss";

const sources = "cti_server/web";
const target = "cti_server/static";
const entryPoints = readdirSync(sources)
  .filter((name) => /\.(js|css)$/.test(name))
  .map((name) => `${sources}/${name}`);

/** A kit's sheet loses the rules of classes and elements that no template and no script names. */
const onlyWhatIsUsed = {
  name: "only-what-is-used",
  setup({ onLoad }) {
    onLoad({ filter: /node_modules[\\/]@tabler[\\/].*\.css$/ }, async ({ path }) => {
      const ours = readdirSync(sources, { recursive: true })
        .filter((name) => name.endsWith(".css"))
        .map((name) => readFileSync(`${sources}/${name}`, "utf8"));
      const [{ css }] = await new PurgeCSS().purge({
        css: [path],
        content: ["cti_server/**/*.jinja2", `${sources}/**/*.js`],
        defaultExtractor: (text) => text.match(/[\w-]+/g) ?? [],
        keyframes: true,
        variables: true,
        safelist: { variables: ours.join().match(/--tblr-[\w-]+/g) },
      });
      return { contents: css, loader: "css" };
    });
  },
};

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
  loader: { ".woff2": "file" },
  assetNames: "[name]-[hash]", // sheets name them, so that the digest stands in the name
  plugins: [onlyWhatIsUsed],
});

const licence = "Inter.LICENSE.txt";
copyFileSync("node_modules/@fontsource-variable/inter/LICENSE", `${target}/${licence}`);
const built = new Set([licence]);
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
