// The parts of a split module, several in a file: tools/bundler says which travel together.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { optimised } from "./optimise.mjs";

/** `write(name, bytes, end)` stores a file under a hashed name. */
export async function packed(folder, write) {
  const packs = JSON.parse(readFileSync(join(folder, "packs.json"), "utf8"));
  return Promise.all(packs.map(async ({ parts, needed_by }) => {
    const bytes = await Promise.all(parts.map((part) => optimised(readFileSync(join(folder, `${part}.wasm`)))));
    const sizes = parts.map((part, index) => [part, bytes[index].length]);
    return { ...write("part", Buffer.concat(bytes), ".wasm"), parts: sizes, neededBy: needed_by };
  }));
}
