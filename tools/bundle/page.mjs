// index.html of the bundle. Addresses in it are relative to its <base>, which a host may change.
import { cpSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { hashed } from "./scripts.mjs";

const ATTRIBUTE = /([a-z-]+)="([^"]*)"/g;

/** Does what Trunk does with the `data-trunk` links of index.html, for a build without it. */
export function copied(folder) {
  const link = (tag) => {
    const { rel, href, "data-target-path": target = "" } =
      Object.fromEntries([...tag.matchAll(ATTRIBUTE)].map(([, name, value]) => [name, value]));
    switch (rel) {
      case "css": {
        const file = hashed("style", readFileSync(href), ".css");
        cpSync(href, join(folder, file));
        return `<link rel="stylesheet" href="${file}" />`;
      }
      case "copy-file":
        cpSync(href, join(folder, basename(href)));
        return "";
      case "copy-dir":
        cpSync(href, join(folder, target || basename(href)), { recursive: true });
        return "";
      case "rust":
        return "";
      default:
        throw new Error(`index.html: a link of rel="${rel}" is not known here`);
    }
  };
  return readFileSync("index.html", "utf8")
    .replace(/<base data-trunk-public-url[^>]*>/, '<base href="/" />')
    .replace(/<link data-trunk [^>]*>/g, link);
}

/** Starts the application from a file: a strict Content-Security-Policy refuses inline scripts. */
export function started(html, { wasm, script }) {
  // Its integrity is checked where it is used: browsers do not check preloads that are fetched.
  const preload = `<link rel="preload" href="${wasm.file}" as="fetch" type="application/wasm" crossorigin="anonymous">`;
  const start = `<script type="module" src="${script.file}" integrity="${script.integrity}"></script>`;
  const bare = html
    .replace(/<link rel="(modulepreload|preload)"[^>]*>/g, "")
    .replace(/<script type="module"[^>]*>[\s\S]*?<\/script>/g, "")
    .replace(/(<(?:link|script)[^>]* (?:href|src)=")\//g, "$1");
  if (!bare.includes("</head>")) throw new Error("index.html has no </head>");
  return bare.replace("</head>", `${preload}${start}</head>`);
}
