// lighthouse.mjs --console FOLDER --backend PROGRAM: Lighthouse's figures of five pages, on its slow
// phone, signed in but for the first; served by the backend itself.
import lighthouse from "lighthouse";
import { backend, browser, line, options, signIn } from "./common.mjs";

const given = options({ console: "dist", backend: "weir-backend" });
const PAGES = [
  ["sign-in", "/c/local/sign-in"],
  ["overview", "/c/local"],
  ["streams", "/c/local/streams"],
  ["SQL workspace", "/c/local/sql"],
  ["deliveries", "/deliveries"],
];
const WANTED = ["performance", "accessibility", "best-practices"];

const { origin, close } = await backend(given.backend, given.console);
try {
  line("Lighthouse, its slow phone", "performance / accessibility / best practices", "largest paint", "interactive", "goal");
  line("---", "---", "---", "---", "---");
  for (const [name, path] of PAGES) {
    const chromium = await browser();
    const page = (await chromium.pages())[0];
    if (path !== PAGES[0][1]) await signIn(page, origin);
    const flags = { onlyCategories: WANTED, disableStorageReset: true, logLevel: "silent" };
    const { lhr } = await lighthouse(origin + path, flags, undefined, page);
    const scores = WANTED.map((category) => Math.round(lhr.categories[category].score * 100));
    const seconds = (audit) => `${(lhr.audits[audit].numericValue / 1000).toFixed(1)} s`;
    line(name, scores.join(" / "), seconds("largest-contentful-paint"), seconds("interactive"), "100 / 100 / 100, interactive ≤ 2.5 s");
    await chromium.close();
  }
} finally {
  close();
}
