// binaryen's optimiser, from npm: Debian's is older than the compiler's output.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
export const BINARYEN = resolve(import.meta.dirname, "../../node_modules/binaryen/bin");
export const FEATURES = [
  "bulk-memory", "bulk-memory-opt", "nontrapping-float-to-int", "sign-ext", "mutable-globals",
  "reference-types", "multivalue",
].map((feature) => `--enable-${feature}`);
const SMALL = ["-Oz", "--strip-producers", "--strip-target-features", "--strip-debug"];

const waiting = [];
let free = availableParallelism();

/** As many at once as there are processors. `made` makes the module when it is its turn. */
export async function optimised(made) {
  if (free === 0) await new Promise((turn) => waiting.push(turn));
  else free -= 1;
  const work = await mkdtemp(join(tmpdir(), "weir-bundle-"));
  try {
    const [from, to] = ["in.wasm", "out.wasm"].map((name) => join(work, name));
    await writeFile(from, await made());
    await run(process.execPath, [join(BINARYEN, "wasm-opt"), ...FEATURES, ...SMALL, from, "-o", to]);
    return await readFile(to);
  } finally {
    await rm(work, { recursive: true });
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  }
}
