// The one script of the page: wasm-bindgen's glue, the splitter's, and what loads the parts.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const digest = (bytes) => createHash("sha256").update(bytes);
export const hashed = (name, bytes, end) => `${name}-${digest(bytes).digest("hex").slice(0, 16)}${end}`;
export const integrity = (bytes) => `sha256-${digest(bytes).digest("base64")}`;

const RUNTIME = join(import.meta.dirname, "parts.js");

/** Has the splitter's script ask for its parts by name. */
function renameFetches(glue) {
  const file = join(glue, "parts/__wasm_split.js");
  if (!existsSync(file)) return;
  const script = readFileSync(file, "utf8");
  const fetches = /fetch\(new URL\("\.\/([^"]+)\.wasm", import\.meta\.url\)\)/g;
  if (!fetches.test(script)) throw new Error(`${file} has no fetches: did the splitter change its output?`);
  writeFileSync(
    join(glue, "__wasm_split.js"),
    `import { part } from ${JSON.stringify(RUNTIME)};\n${script.replace(fetches, 'part("$1")')}`,
  );
}

export async function joined(glue, { wasm, packs, minify }) {
  renameFetches(glue);
  const contents = `
    import init from "./weir.js";
    const { file, integrity } = ${JSON.stringify(wasm)};
    init({ module_or_path: fetch(new URL(file, import.meta.url), { integrity }) });
  `;
  const listed = packs.map((pack) => [pack.file, pack.integrity, pack.parts.flat()]);
  const made = await build({
    stdin: { contents, resolveDir: glue },
    define: { PACKS: JSON.stringify(listed) },
    bundle: true, format: "esm", target: "es2022", legalComments: "none", minify, write: false,
    logLevel: "warning",
  });
  return Buffer.from(made.outputFiles[0].contents);
}
