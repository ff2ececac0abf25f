// record-first-load.mjs FOLDER — writes tools/first-load.txt: which functions the first screens run.
//
//   WEIR_FIRST_LOAD=record trunk build --release --offline --dist /tmp/recording
//   node tools/record-first-load.mjs /tmp/recording
//
// Needs chromedriver and the backend's development build. A function that is not in the list still
// works, from the rest of the bundle: the list is recorded anew when the first load has grown.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { functionNames, listedName } from "./wasm.mjs";

const PATIENCE_MS = 60_000;
/** Long enough for the editor to be there and for the clock to tick. */
const SETTLED_MS = 2_500;
const root = resolve(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "..");
const target = process.env.CARGO_TARGET_DIR ?? join(homedir(), ".cache/weir/target");
const folder = resolve(process.argv[2]);

/** Starts a program and waits for the line that holds what `pattern` captures. */
async function started(program, args, pattern) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout })) {
    const found = line.match(pattern);
    if (found) return { child, found: found[1] };
  }
  throw new Error(`${program} ended`);
}

const data = mkdtempSync(join(tmpdir(), "weir-record-"));
const backend = await started(
  join(target, "debug/weir-backend"),
  ["--listen", "127.0.0.1:0", "--data", data, "--console", folder],
  /Sign in: (\S+)/,
);
const driver = await started("chromedriver", ["--port=0"], /successfully on port (\d+)/);

async function call(method, path, body) {
  const url = `http://127.0.0.1:${driver.found}${path}`;
  const answer = await fetch(url, { method, body: body && JSON.stringify(body) });
  const { value } = await answer.json();
  if (value?.error) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

// Waits for a text on the page.
const SHOWN = `
  const [text, patience, done] = arguments;
  const end = performance.now() + patience;
  const look = () => {
    if (window.weirRecord && document.body.innerText.includes(text)) return done(true);
    if (performance.now() > end) return done(false);
    requestAnimationFrame(look);
  };
  look();`;

// The profile: eight bytes of digest, then for each function when it first ran, 0 for never.
const PROFILE = `
  const [count] = arguments;
  const wasm = window.weirRecord;
  const size = 8 + 4 * count;
  const at = wasm.__wbindgen_malloc(size, 4);
  wasm.__write_profile(at, size);
  const ran = [];
  new Uint32Array(wasm.memory.buffer.slice(at + 8, at + size))
    .forEach((time, index) => time && ran.push(index));
  return ran;`;

const wasm = readFileSync(join(folder, readdirSync(folder).find((name) => name.endsWith("_bg.wasm"))));
const imported = WebAssembly.Module.imports(new WebAssembly.Module(wasm))
  .filter(({ kind }) => kind === "function").length;
const names = new Map(functionNames(wasm));
const defined = Math.max(...names.keys()) + 1 - imported;

const options = JSON.parse(readFileSync(join(root, "webdriver.json"), "utf8"));
options["goog:chromeOptions"].args.push("--window-size=1440,900");
const { sessionId } = await call("POST", "/session", { capabilities: { alwaysMatch: options } });
const session = `/session/${sessionId}`;
const ran = new Set();

async function visit(url, text) {
  await call("POST", `${session}/url`, { url });
  const args = [text, PATIENCE_MS];
  await call("POST", `${session}/timeouts`, { script: 2 * PATIENCE_MS });
  if (!await call("POST", `${session}/execute/async`, { script: SHOWN, args })) {
    throw new Error(`${url} does not show "${text}"`);
  }
  await new Promise((settled) => setTimeout(settled, SETTLED_MS));
  const found = await call("POST", `${session}/execute/sync`, { script: PROFILE, args: [defined] });
  for (const index of found) {
    const name = listedName(names.get(imported + index) ?? "");
    if (name) ran.add(name);
  }
  console.log(`${text}: ${found.length} functions, ${ran.size} in all`);
}

try {
  await visit(new URL("/", backend.found).href, "No password yet?");
  await visit(new URL("/c/local/sign-in", backend.found).href, "No password yet?");
  await visit(backend.found, "host_metrics");
} finally {
  await call("DELETE", session);
  driver.child.kill();
  backend.child.kill();
  rmSync(data, { recursive: true });
}
const head = "# Functions that the first screens run, by the short names of tools/wasm.mjs.\n" +
  "# Written by tools/record-first-load.mjs.\n";
writeFileSync(join(root, "tools/first-load.txt"), `${head}${[...ran].sort().join("\n")}\n`);
