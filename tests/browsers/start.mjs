// The built program and a browser, each with folders of its own.
import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

export const PASSWORD = "in-other-browsers";
/** A name that leads here and is not localhost: browsers do not trust its pages without TLS. */
export const NAME = "weir.test";
export const scratch = mkdtempSync(join(tmpdir(), "weir-browsers-"));

/** Its origin; it ends with this process. */
export async function backend(program, folder) {
  const options = ["--listen", "127.0.0.1:0", "--data", mkdtempSync(join(scratch, "data-")), "--console", folder, "--host", NAME];
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

export async function open(engine) {
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
