// lighthouse.mjs --console FOLDER --backend PROGRAM: Lighthouse's figures of five pages, on its slow
// phone, signed in but for the first; served by the backend itself.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import lighthouse from "lighthouse";
import { browser, line, options } from "./common.mjs";

const given = options({ console: "dist", backend: "weir-backend" });
const PASSWORD = "correct horse battery";
const PAGES = [
  ["sign-in", "/c/local/sign-in"],
  ["overview", "/c/local"],
  ["streams", "/c/local/streams"],
  ["SQL workspace", "/c/local/sql"],
  ["deliveries", "/deliveries"],
];
const WANTED = ["performance", "accessibility", "best-practices"];

const data = mkdtempSync(join(tmpdir(), "weir-lighthouse-"));
const backend = spawn(given.backend, ["--listen", "127.0.0.1:0", "--data", data, "--console", given.console], {
  env: { ...process.env, WEIR_ADMIN_PASSWORD: PASSWORD },
  stdio: ["ignore", "pipe", "ignore"],
});
const origin = await new Promise((resolve, reject) => {
  let said = "";
  backend.stdout.on("data", (piece) => {
    said += piece;
    const found = /http:\/\/[^/\s]+/.exec(said);
    if (found) resolve(found[0]);
  });
  backend.on("exit", () => reject(new Error(`the backend ended: ${said}`)));
});

try {
  line("Lighthouse, its slow phone", "performance / accessibility / best practices", "largest paint", "interactive", "goal");
  line("---", "---", "---", "---", "---");
  for (const [name, path] of PAGES) {
    const chromium = await browser();
    const page = (await chromium.pages())[0];
    if (path !== PAGES[0][1]) {
      await page.goto(`${origin}/favicon.svg`);
      await page.evaluate((password) => {
        const body = JSON.stringify({ user: "admin", password });
        return fetch("/api/session", { method: "POST", headers: { "Content-Type": "application/json" }, body }).then(String);
      }, PASSWORD);
    }
    const flags = { onlyCategories: WANTED, disableStorageReset: true, logLevel: "silent" };
    const { lhr } = await lighthouse(origin + path, flags, undefined, page);
    const scores = WANTED.map((category) => Math.round(lhr.categories[category].score * 100));
    const seconds = (audit) => `${(lhr.audits[audit].numericValue / 1000).toFixed(1)} s`;
    line(name, scores.join(" / "), seconds("largest-contentful-paint"), seconds("interactive"), "100 / 100 / 100, interactive ≤ 2.5 s");
    await chromium.close();
  }
} finally {
  backend.kill();
  rmSync(data, { recursive: true, force: true });
}
