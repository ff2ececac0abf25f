// Makes the release bundle small: optimises the WebAssembly, splits it into what the first screens
// run (tools/first-load.txt) and the rest, and joins the start scripts into one.
//
// WEIR_FIRST_LOAD=record builds a bundle that notes which functions run: record-first-load.mjs.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { dividedData } from "./data.mjs";
import { reach } from "./reach.mjs";
import {
  functionNames, listedName, rewriteExports, rewriteImports, slotsOf, withEveryName,
  withExternrefTable, withNamesByCode, withShortNames, withoutNames, withoutRelocations,
} from "./wasm.mjs";

const FEATURES = [
  "bulk-memory", "nontrapping-float-to-int", "sign-ext", "mutable-globals", "reference-types",
  "multivalue",
].map((feature) => `--enable-${feature}`);
// Merged functions would have no name to choose them by, and tie the two parts together. Equal ones
// become one before anything else, so that it has the same name whether it is recorded or shipped.
const SAME = "duplicate-function-elimination";
const SMALL = ["-Oz", "--skip-pass=merge-similar-functions", `--skip-pass=${SAME}`];
const EXTERNREFS = "__wbindgen_externrefs";
const TOOLS = import.meta.dirname ?? new URL(".", import.meta.url).pathname;
const WASM_OPT = resolve(TOOLS, "../node_modules/binaryen/bin/wasm-opt");

const recording = process.env.WEIR_FIRST_LOAD === "record";
const work = mkdtempSync(join(tmpdir(), "weir-split-"));
const file = (name) => join(work, name);
const read = (name) => readFileSync(file(name));

function wasmOpt(input, ...options) {
  writeFileSync(file("in.wasm"), input);
  const features = [...FEATURES, "--enable-bulk-memory-opt"];
  const args = [WASM_OPT, ...features, ...options, "-g", file("in.wasm"), "-o", file("out.wasm")];
  execFileSync(process.execPath, args, { stdio: "inherit" });
  return read("out.wasm");
}

/** Side by side, functions of similar code compress better: about 2 %. */
const sorted = (wasm) => withoutNames(wasmOpt(withNamesByCode(wasm), "--reorder-functions-by-name"));

const wasmSplit = (...args) =>
  execFileSync("wasm-split", [...FEATURES, file("whole.wasm"), ...args], { stdio: "inherit" });

function instrumented() {
  wasmSplit("--instrument", "-g", "-o", file("noting.wasm"));
  return withExternrefTable(read("noting.wasm"), EXTERNREFS);
}

function firstLoad() {
  const lines = readFileSync(join(TOOLS, "first-load.txt"), "utf8").split("\n");
  return new Set(lines.filter((line) => !line.startsWith("#")));
}

/** What cargo linked, still with its relocations. */
const linked = () =>
  readFileSync(resolve(process.env.CARGO_TARGET_DIR ?? "target", "wasm32-unknown-unknown/release/weir.wasm"));

/** Small, with short names. What the first screens do not run is not inlined into what they do. */
function whole(wasm, apart) {
  const kept = recording ? "--no-inline=*" : "--no-inline=apart_*";
  const distinct = wasmOpt(withShortNames(withoutRelocations(wasm), apart), `--${SAME}`);
  return withEveryName(wasmOpt(distinct, kept, ...SMALL));
}

function split(listed, data) {
  const names = functionNames(read("whole.wasm")).map(([, name]) => name);
  // The few without a name from Rust are made by wasm-bindgen and wasm-opt.
  const isKept = (name) => !listedName(name) || listed.has(listedName(name));
  const kept = names.filter(isKept);
  writeFileSync(file("kept.txt"), kept.join("\n"));
  wasmSplit(
    "--split", `--keep-funcs=@${file("kept.txt")}`, "--export-prefix=%",
    "--import-namespace=primary", "--placeholder-namespace=rest",
    "-o1", file("first.wasm"), "-o2", file("rest.wasm"),
  );
  const first = sorted(withExternrefTable(read("first.wasm"), EXTERNREFS));
  const divided = dividedData(first, sorted(read("rest.wasm")), data);
  return { ...renumbered(divided.first, divided.rest), slots: slotsOf(first, "rest") };
}

/** The exports made for the rest, named in their order. */
function renumbered(first, rest) {
  const names = new Map();
  first = rewriteExports(first, (entry) => {
    if (entry.kind !== 0 || !entry.name.startsWith("%")) return entry;
    names.set(entry.name, `%${names.size.toString(36)}`);
    return { ...entry, name: names.get(entry.name) };
  });
  const named = ({ module, name }) => ({ module, name: names.get(name) ?? name });
  return { first, rest: rewriteImports(rest, named) };
}

/** Shortens the generated names that the glue script and the module share. */
function shorten({ first, glue }) {
  const short = new Map();
  const shortened = (name) => {
    if (!/^(__wbg_\w+_[0-9a-f]{16}|__wbindgen_(generic|cast)_\w+|wasm_bindgen_\w+)$/.test(name)) {
      return name;
    }
    if (!short.has(name)) short.set(name, `$${short.size.toString(36)}`);
    return short.get(name);
  };
  first = rewriteImports(first, ({ module, name }) => ({
    module,
    name: module === "rest" ? "" : shortened(name),
  }));
  first = rewriteExports(first, (entry) => ({ ...entry, name: shortened(entry.name) }));
  return { first, glue: glue.replace(/[\w$]+/g, (word) => short.get(word) ?? word) };
}

const hashed = (name, bytes, end) =>
  `${name}-${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}${end}`;

function replaceAll(text, from, to) {
  if (!text.includes(from)) throw new Error(`no "${from}": did wasm-bindgen change its output?`);
  return text.replaceAll(from, to);
}

/** The entry and what it imports, as one script. */
async function joined(entry, folder, define) {
  const options = { bundle: true, format: "esm", target: "es2022", minify: true, write: false };
  const stdin = { contents: entry, resolveDir: folder };
  const made = await build({ ...options, stdin, define, legalComments: "none" });
  return made.outputFiles[0].text;
}

async function main(stage) {
  const all = readdirSync(stage);
  const one = (pattern) => {
    const found = all.filter((name) => pattern.test(name));
    if (found.length !== 1) throw new Error(`${stage} has ${found.length} files like ${pattern}`);
    return found[0];
  };
  const [wasmName, startName] = [one(/^weir-.*_bg\.wasm$/), one(/^start-.*\.js$/)];
  const glueName = wasmName.replace("_bg.wasm", ".js");
  const wasm = readFileSync(join(stage, wasmName));
  const listed = recording ? new Set() : firstLoad();
  const { callees, data } = reach(linked(), listed);
  writeFileSync(file("whole.wasm"), whole(wasm, callees));
  let glue = readFileSync(join(stage, glueName), "utf8");
  let start = readFileSync(join(stage, startName), "utf8").replaceAll(`'/${glueName}'`, `'./${glueName}'`);
  let define = {};
  let firstBytes;
  if (recording) {
    firstBytes = instrumented();
    start += "\nwindow.weirRecord = wasm;";
  } else {
    const { first, rest, slots } = split(listed, data);
    const restName = hashed("weir-rest", rest, ".wasm");
    writeFileSync(join(stage, restName), rest);
    ({ first: firstBytes, glue } = shorten({ first, glue }));
    glue = replaceAll(glue, "imports = __wbg_get_imports()", "imports = withStandIns(__wbg_get_imports())");
    glue = replaceAll(glue, "wasm = instance.exports;", "wasm = started(instance.exports);");
    const runtime = JSON.stringify(join(TOOLS, "rest.js"));
    glue = `import { started, withStandIns } from ${runtime};\n${glue}`;
    start = `import { follow } from ${runtime};\n${start}\nfollow();`;
    const steps = slots.map((slot, index) => slot - (slots[index - 1] ?? 0));
    define = { REST: JSON.stringify(`/${restName}`), STEPS: JSON.stringify(steps) };
  }
  const firstName = hashed("weir", firstBytes, "_bg.wasm");
  start = replaceAll(start, wasmName, firstName);
  writeFileSync(join(stage, glueName), glue);
  const script = await joined(start, stage, define);
  const scriptName = hashed("start", script, ".js");
  for (const name of [wasmName, glueName, startName, "snippets"]) {
    rmSync(join(stage, name), { recursive: true });
  }
  writeFileSync(join(stage, firstName), firstBytes);
  writeFileSync(join(stage, scriptName), script);

  // Trunk's preloads and digests are of the files that are gone.
  const html = readFileSync(join(stage, "index.html"), "utf8")
    .replace(/<link rel="(modulepreload|preload)"[^>]*>/g, "")
    .replace(startName, scriptName)
    .replace("</head>", `<link rel="preload" href="/${firstName}" crossorigin="anonymous" as="fetch" type="application/wasm"></head>`);
  writeFileSync(join(stage, "index.html"), html);
}

if (process.env.TRUNK_PROFILE === "release") {
  try {
    await main(process.env.TRUNK_STAGING_DIR);
  } finally {
    rmSync(work, { recursive: true });
  }
}
