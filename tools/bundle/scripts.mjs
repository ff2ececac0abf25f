// The one script of the page: wasm-bindgen's glue and what loads the parts.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const digest = (bytes) => createHash("sha256").update(bytes);
export const hashed = (name, bytes, end) => `${name}-${digest(bytes).digest("hex").slice(0, 16)}${end}`;
export const integrity = (bytes) => `sha256-${digest(bytes).digest("base64")}`;

const RUNTIME = join(import.meta.dirname, "parts.js");

/** In place of the splitter's own script, which knows nothing of joined parts. */
const loaders = (needs) => [
  'import { initSync } from "./weir.js";',
  `import { loader } from ${JSON.stringify(RUNTIME)};`,
  "const exports = () => initSync(undefined, undefined);",
  ...needs.map(([module, files]) => (
    `export const __wasm_split_load_${module} = loader(exports, ${JSON.stringify(files)});`
  )),
].join("\n");

/** Fetches what `src/app.rs` asks for first, beside the main part. */
function first(needs) {
  const named = Object.fromEntries(needs);
  const [signIn, others] = ["sign_in", "console"].map((module) => JSON.stringify(named[module] ?? []));
  return `
    import { early } from ${JSON.stringify(RUNTIME)};
    early(/\\/c\\/[^/]+\\/sign-in\\/?$/.test(location.pathname) ? ${signIn} : ${others});
  `;
}

export async function joined(glue, { wasm, parts, minify }) {
  if (parts) writeFileSync(join(glue, "__wasm_split.js"), loaders(parts.needs));
  const contents = `
    import init from "./weir.js";
    const { file, integrity } = ${JSON.stringify(wasm)};
    init({ module_or_path: fetch(new URL(file, import.meta.url), { integrity }) });
    ${parts ? first(parts.needs) : ""}
  `;
  const listed = (parts?.files ?? []).map(({ file, integrity }) => [file, integrity]);
  const made = await build({
    stdin: { contents, resolveDir: glue },
    define: { FILES: JSON.stringify(listed) },
    bundle: true, format: "esm", target: "es2022", legalComments: "none", minify, write: false,
    logLevel: "warning",
    // wasm-bindgen names one module once for each function it takes from it.
    logOverride: { "duplicate-object-key": "silent" },
  });
  return Buffer.from(made.outputFiles[0].contents);
}
