// pages.mjs --console FOLDER --backend PROGRAM [--only NAME]: what pages load when they are opened
// first, with nothing in the cache: bytes over the wire and answers until nothing more comes, of
// all that is part of the console. A page with an error in the browser's console says so.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { backend, browser, line, options, signIn } from "./common.mjs";

const given = options({ console: "dist", backend: "weir-backend", only: "", files: "" });
/** Name, address, bytes that it may load. */
const PAGES = [
  ["sign-in", "/c/local/sign-in", 250_000],
  ["SQL workspace", "/c/local/sql", 450_000],
  ["overview", "/c/local", 500_000],
  ["connections", "/connections", 500_000],
  ["deliveries", "/deliveries", 500_000],
  ["streams", "/c/local/streams", 500_000],
  ["one stream", "/c/local/streams/host_metrics", 500_000],
  ["create a stream", "/c/local/new/stream", 500_000],
  ["create a sink", "/c/local/new/sink", 500_000],
  ["dashboards", "/c/local/dashboards", 500_000],
  ["users", "/c/local/users", 500_000],
  ["topology", "/c/local/topology", 500_000],
  ["Azion", "/c/local-azion", 500_000],
  ["SecMaster", "/c/local-secmaster", 500_000],
  ["DataWorks", "/c/local-dataworks", 500_000],
];
const REQUESTS = 30;
const WHOLE = 1_000_000;
const IDLE_MS = 1_500;
const OF_THE_API = /^\/(default\/)?(api|azion|secmaster|dataworks)\//;

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const met = (holds) => (holds ? "met" : "missed");

async function loaded(page) {
  const now = () => page.evaluate(() => (
    [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
      .map(({ name, encodedBodySize }) => [name, encodedBodySize])
  ));
  for (let before = -1; ;) {
    await new Promise((done) => setTimeout(done, IDLE_MS));
    const all = (await now()).filter(([name]) => !OF_THE_API.test(new URL(name).pathname));
    if (all.length > 1 && all.length === before) return all;
    before = all.length;
  }
}

/** Of each file its smallest form. */
function sizeOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".gz"))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((file, _, all) => !all.includes(`${file}.br`))
    .reduce((sum, file) => sum + statSync(file).size, 0);
}

const { origin, close } = await backend(given.backend, given.console);
try {
  line("page", "loaded", "requests", "goal");
  line("---", "---", "---", "---");
  for (const [name, path, most] of PAGES.filter(([name]) => name.includes(given.only))) {
    // A browser of its own: nothing is in its cache.
    const chromium = await browser();
    const page = (await chromium.pages())[0];
    if (!path.endsWith("/sign-in")) await signIn(page, origin);
    const wrong = [];
    page.on("console", (said) => said.type() === "error" && wrong.push(`${said.text()} ${said.location().url ?? ""}`));
    page.on("pageerror", (error) => wrong.push(String(error)));
    await page.goto(origin + path);
    const all = await loaded(page);
    const bytes = all.reduce((sum, [, size]) => sum + size, 0);
    const goal = `≤ ${most / 1000} kB in ≤ ${REQUESTS}: ${met(bytes <= most && all.length <= REQUESTS)}`;
    line(name, kilobytes(bytes), all.length, goal);
    const title = await page.evaluate(() => document.querySelector("h1")?.textContent ?? "");
    if (!title) console.log(`    ${path} shows no heading`);
    for (const one of wrong.filter((one) => !one.includes("401"))) console.log(`    ${path}: ${one}`);
    if (given.files) for (const [file, size] of all) console.log(`    ${size} ${file}`);
    await chromium.close();
  }
  if (!given.only) {
    const whole = sizeOf(given.console);
    line("the whole console", kilobytes(whole), "", `≤ ${WHOLE / 1000} kB: ${met(whole <= WHOLE)}`);
  }
} finally {
  close();
}
