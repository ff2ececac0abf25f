// Bundles the style sheets and the JavaScript libraries that are loaded on demand into .assets/,
// with content hashes in the names of the scripts and a manifest that names them.
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { build } from "esbuild";

const out = ".assets";
const production = process.env.TRUNK_PROFILE !== "debug";

await mkdir(`${out}/js`, { recursive: true });
for (const old of await readdir(`${out}/js`)) await rm(`${out}/js/${old}`);

// style.css is in index.html; what is beside it comes with the console's code (bundle.mjs).
await build({
  entryPoints: production
    ? { style: "style/first.css", console: "style/console.css" }
    : { style: "style/main.css" },
  outdir: out,
  bundle: true,
  minify: production,
  logLevel: "warning",
});

const result = await build({
  entryPoints: { editor: "src/js/editor.js", chart: "src/js/chart.js" },
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  splitting: true,
  outdir: `${out}/js`,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: production,
  metafile: true,
  logLevel: "warning",
});

const manifest = {};
for (const [file, output] of Object.entries(result.metafile.outputs)) {
  if (output.entryPoint) manifest[basename(output.entryPoint, ".js")] = basename(file);
}
await writeFile(`${out}/js/manifest.json`, `${JSON.stringify(manifest)}\n`);
