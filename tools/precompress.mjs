// precompress.mjs FOLDER — writes .br and .gz beside every text-like file, so that servers send
// the smallest form without compressing at request time.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const COMPRESSIBLE = /\.(html|css|js|mjs|wasm|json|svg|txt|webmanifest|map)$/;
const SMALLEST_WORTHWHILE = 256;

const folder = process.argv[2];
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const path = join(entry.parentPath ?? entry.path, entry.name);
  if (/\.(br|gz)$/.test(entry.name)) continue;
  const forms = [".br", ".gz"].map((end) => path + end);
  forms.forEach((form) => rmSync(form, { force: true }));
  if (!COMPRESSIBLE.test(entry.name)) continue;
  // config.json is edited where it is deployed: a compressed twin would hide the change.
  if (entry.name === "config.json") continue;
  const bytes = readFileSync(path);
  if (bytes.length < SMALLEST_WORTHWHILE) continue;
  writeFileSync(forms[0], brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  }));
  writeFileSync(forms[1], gzipSync(bytes, { level: 9 }));
}
