// run.mjs BACKEND CONSOLE [NAME]: the console's main job in a second browser engine, and in both
// without TLS, where browsers withhold clipboard and WebCrypto. Prints lines like cargo's.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";
import { Page } from "./page.mjs";
import { TESTS } from "./tests.mjs";

const [program, folder, only = ""] = process.argv.slice(2);
const PASSWORD = "in-other-browsers";
/** A name that leads here and is not localhost: browsers do not trust its pages without TLS. */
const NAME = "weir.test";
const scratch = mkdtempSync(join(tmpdir(), "weir-browsers-"));

/** Its origin; it ends with this process. */
async function backend() {
  const options = ["--listen", "127.0.0.1:0", "--data", join(scratch, "data"), "--console", folder, "--host", NAME];
  const environment = { ...process.env, WEIR_ADMIN_PASSWORD: PASSWORD };
  const running = spawn(program, options, { env: environment, cwd: scratch, stdio: ["ignore", "pipe", "ignore"] });
  process.on("exit", () => running.kill());
  let said = "";
  return new Promise((resolve, reject) => {
    running.on("error", reject);
    running.on("exit", () => reject(new Error(`the backend ended: ${said}`)));
    running.stdout.on("data", (piece) => {
      said += piece;
      const found = /http:\/\/[^/\s]+/.exec(said);
      if (found) resolve(found[0]);
    });
  });
}

const LAUNCH = {
  firefox: (home, downloads) => ({
    browser: "firefox",
    executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
    // As root it wants a home that is root's.
    env: { ...process.env, HOME: home },
    extraPrefsFirefox: {
      "network.dns.localDomains": NAME,
      "browser.download.folderList": 2,
      "browser.download.dir": downloads,
    },
  }),
  chromium: () => ({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", `--host-resolver-rules=MAP ${NAME} 127.0.0.1`],
  }),
};

async function open(engine) {
  const downloads = mkdtempSync(join(scratch, "downloads-"));
  const home = mkdtempSync(join(scratch, "home-"));
  const browser = await puppeteer.launch({
    headless: true,
    defaultViewport: { width: 1440, height: 900 },
    ...LAUNCH[engine](home, downloads),
  });
  if (engine === "chromium") {
    const session = await browser.target().createCDPSession();
    await session.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: downloads });
  }
  return { browser, downloads };
}

async function tried(test, origin) {
  const { browser, downloads } = await open(test.engine);
  const tab = await browser.newPage();
  const page = new Page(tab, test.insecure ? origin.replace("127.0.0.1", NAME) : origin, downloads, PASSWORD);
  try {
    await test.body(page);
    if (page.errors.length > 0) throw new Error(`the browser's console: ${page.errors.join("\n")}`);
  } catch (error) {
    const screens = join(process.env.CARGO_TARGET_DIR ?? scratch, "screens");
    mkdirSync(screens, { recursive: true });
    await tab.screenshot({ path: join(screens, `failed-${test.name}.png`) }).catch(() => {});
    throw new Error(`${error.message}\n    at ${tab.url()}, screens/failed-${test.name}.png`);
  } finally {
    await browser.close();
  }
}

let passed = 0;
let failed = 0;
const origin = await backend();
for (const test of TESTS.filter(({ name }) => name.includes(only))) {
  try {
    await tried(test, origin);
    passed += 1;
    console.log(`test ${test.name} ... ok`);
  } catch (error) {
    failed += 1;
    console.log(`test ${test.name} ... FAILED\n    ${error.message}`);
  }
}
rmSync(scratch, { recursive: true, force: true });
console.log(`test result: ${failed ? "FAILED" : "ok"}. ${passed} passed; ${failed} failed`);
process.exit(failed ? 1 : 0);
