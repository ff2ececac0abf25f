// Trunk starts the application from an inline script, which a strict Content-Security-Policy
// refuses: moves it into a file of its own, named by its content.
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";

const stage = process.env.TRUNK_STAGING_DIR;
if (!stage) throw new Error("external-script.mjs runs as a Trunk post_build hook");

const page = `${stage}/index.html`;
const html = await readFile(page, "utf8");
const inline = /<script type="module"([^>]*)>([\s\S]+?)<\/script>/;
const found = html.match(inline);
if (!found) throw new Error(`${page} has no inline start script: did Trunk change its output?`);

const script = found[2].trim();
const name = `start-${createHash("sha256").update(script).digest("hex").slice(0, 16)}.js`;
await writeFile(`${stage}/${name}`, `${script}\n`);
await writeFile(page, html.replace(inline, `<script type="module" src="/${name}"></script>`));
