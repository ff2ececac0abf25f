// The parts of a split module, several joined in one: tools/bundler says which.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { BINARYEN, FEATURES, optimised } from "./optimise.mjs";

const run = promisify(execFile);

async function merged(folder, parts) {
  const work = await mkdtemp(join(tmpdir(), "weir-pack-"));
  try {
    const to = join(work, "pack.wasm");
    const inputs = [["shared", "__wasm_split"], ...parts.map((part) => [part, part])];
    const files = inputs.flatMap(([part, name]) => [join(folder, `${part}.wasm`), name]);
    await run(process.execPath, [join(BINARYEN, "wasm-merge"), ...FEATURES, ...files, "-o", to]);
    return await readFile(to);
  } finally {
    await rm(work, { recursive: true });
  }
}

/** Comes with every page but the one to sign in. */
const FRAME = "console";

/**
 * `style` is the sheet of that module; `write(name, bytes, end)` stores a file under a hashed name.
 */
export async function packed(folder, style, write) {
  const { modules, packs } = JSON.parse(await readFile(join(folder, "packs.json"), "utf8"));
  const files = await Promise.all(packs.map(async ({ parts }) => (
    write("part", await optimised(() => merged(folder, parts)), ".wasm")
  )));
  const needs = modules.map((module) => [
    module,
    packs.flatMap(({ needed_by }, index) => needed_by.includes(module) ? [index] : []),
  ]);
  const sheet = files.push(write("part", await readFile(style), ".css")) - 1;
  for (const [module, indices] of needs) if (module === FRAME) indices.push(sheet);
  return { files, needs };
}
