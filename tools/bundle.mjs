// Puts the bundle together from what wasm-bindgen wrote (tools/bundler).
//
//   node tools/bundle.mjs                      as Trunk's post_build hook
//   node tools/bundle.mjs GLUE_FOLDER FOLDER   without Trunk: `make run`
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { copied, started } from "./bundle/page.mjs";
import { packed } from "./bundle/packs.mjs";
import { joined, hashed, integrity } from "./bundle/scripts.mjs";
import { optimised } from "./bundle/optimise.mjs";

const profile = process.env.TRUNK_PROFILE === "release" ? "release" : "debug";
const [glue, folder] = process.argv.length > 2 ? process.argv.slice(2) : [
  join(process.env.CARGO_TARGET_DIR ?? "target", "wasm-bindgen", profile),
  process.env.TRUNK_STAGING_DIR,
];
const trunk = process.argv.length === 2;
mkdirSync(folder, { recursive: true });
if (trunk) {
  // What Trunk copied from the glue folder is taken from there once more.
  for (const name of readdirSync(folder)) {
    if (/^weir-[0-9a-f]+(_bg\.wasm|\.js)$|^snippets$/.test(name)) rmSync(join(folder, name), { recursive: true });
  }
}

function write(name, bytes, end) {
  const file = hashed(name, bytes, end);
  writeFileSync(join(folder, file), bytes);
  return { file, integrity: integrity(bytes) };
}

const release = profile === "release";
const folderOfParts = join(glue, "parts");
const main = readFileSync(join(glue, "weir_bg.wasm"));
const wasm = write("weir", release ? await optimised(() => main) : main, ".wasm");
const parts = existsSync(join(folderOfParts, "packs.json")) ? await packed(folderOfParts, ".assets/console.css", write) : undefined;
const script = write("start", await joined(glue, { wasm, parts, minify: release }), ".js");
const html = trunk ? readFileSync(join(folder, "index.html"), "utf8") : copied(folder);
writeFileSync(join(folder, "index.html"), started(html, { wasm, script }));
