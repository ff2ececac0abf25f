// What every part of the benchmark in the browser needs: a server of the console's files and of some
// rows, a browser, times between frames, and lines of the table.
import { spawn } from "node:child_process";
import { createReadStream, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import puppeteer from "puppeteer-core";

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".json": "application/json",
};
export const PACKAGES = new URL("node_modules/", import.meta.url).pathname;

/** Serves `console`, the installed packages under /packages/, and what `answer(path, request, response)`
 * answers; it returns false for what it does not know. */
export async function serve(console, answer) {
  const file = (path, request, response) => {
    const within = path.startsWith("/packages/")
      ? join(PACKAGES, normalize(path.slice(10)))
      : join(console, normalize(path));
    const found = existsSync(within) && statSync(within).isFile() ? within : join(console, "index.html");
    const headers = { "content-type": TYPES[extname(found)] ?? "application/octet-stream" };
    const packed = `${found}.br`;
    if (existsSync(packed)) headers["content-encoding"] = "br";
    response.writeHead(200, headers);
    createReadStream(existsSync(packed) ? packed : found).pipe(response);
  };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://here").pathname);
    if (answer(path, request, response) === false) file(path, request, response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

const PASSWORD = "correct horse battery";

/** The backend itself, with the console and an empty folder of its own. */
export async function backend(program, console) {
  const data = mkdtempSync(join(tmpdir(), "weir-peers-"));
  const running = spawn(program, ["--listen", "127.0.0.1:0", "--data", data, "--console", console], {
    env: { ...process.env, WEIR_ADMIN_PASSWORD: PASSWORD },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const origin = await new Promise((resolve, reject) => {
    let said = "";
    running.stdout.on("data", (piece) => {
      said += piece;
      const found = /http:\/\/[^/\s]+/.exec(said);
      if (found) resolve(found[0]);
    });
    running.on("exit", () => reject(new Error(`the backend ended: ${said}`)));
  });
  const close = () => {
    running.kill();
    rmSync(data, { recursive: true, force: true });
  };
  return { origin, close };
}

/** By password, from a page that loads nothing of the console. */
export async function signIn(page, origin) {
  await page.goto(`${origin}/favicon.svg`);
  await page.evaluate((password) => {
    const body = JSON.stringify({ user: "admin", password });
    return fetch("/api/session", { method: "POST", headers: { "Content-Type": "application/json" }, body }).then(String);
  }, PASSWORD);
}

export function json(response, value) {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(typeof value === "string" ? value : JSON.stringify(value));
}

export async function browser() {
  return puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--js-flags=--expose-gc", "--window-size=1440,900"],
    defaultViewport: { width: 1440, height: 900 },
    protocolTimeout: 45_000,
  });
}

/** Runs in the page: times between frames while `work(frame)` returns true, 1 frame each. */
export const FRAMES = `
window.benchFrames = (work) => new Promise((resolve) => {
  const times = []; let last, number = 0;
  const frame = (now) => {
    if (last !== undefined) times.push(now - last);
    last = now;
    if (work(number++)) requestAnimationFrame(frame); else resolve(times);
  };
  requestAnimationFrame(frame);
});
// From something that is done to the first frame after \`holds\`, and the longest frame until then.
window.benchUntil = async (act, holds, patience = 8000) => {
  const start = performance.now(); let last = start, longest = 0;
  await act();
  for (;;) {
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    longest = Math.max(longest, now - last); last = now;
    if (holds()) { await new Promise((done) => setTimeout(done)); return { ms: performance.now() - start, longest }; }
    if (now - start > patience) throw new Error("it did not come: " + holds);
  }
};
`;

export function at(times, share) {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export const ms = (value) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;

export function line(what, ...cells) {
  console.log(`| ${[what, ...cells].join(" | ")} |`);
}

/** The arguments `--name value` of the command line. */
export function options(defaults) {
  const given = { ...defaults };
  for (let at = 2; at < process.argv.length; at += 2) given[process.argv[at].replace(/^--/, "")] = process.argv[at + 1];
  return given;
}
