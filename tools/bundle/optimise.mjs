// binaryen's optimiser, from npm: Debian's is older than the compiler's output.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const WASM_OPT = resolve(import.meta.dirname, "../../node_modules/binaryen/bin/wasm-opt");
const FEATURES = [
  "bulk-memory", "bulk-memory-opt", "nontrapping-float-to-int", "sign-ext", "mutable-globals",
  "reference-types", "multivalue",
].map((feature) => `--enable-${feature}`);
const SMALL = ["-Oz", "--strip-producers", "--strip-target-features", "--strip-debug"];

export function optimised(wasm) {
  const work = mkdtempSync(join(tmpdir(), "weir-bundle-"));
  try {
    const [from, to] = ["in.wasm", "out.wasm"].map((name) => join(work, name));
    writeFileSync(from, wasm);
    execFileSync(process.execPath, [WASM_OPT, ...FEATURES, ...SMALL, from, "-o", to], { stdio: "inherit" });
    return readFileSync(to);
  } finally {
    rmSync(work, { recursive: true });
  }
}
