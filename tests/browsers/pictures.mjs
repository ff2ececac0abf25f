// pictures.mjs BACKEND CONSOLE FOLDER: the pictures of the README and the tour.
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Page, until } from "./page.mjs";
import { PASSWORD, backend, open, scratch } from "./start.mjs";

const [program, folder, pictures] = process.argv.slice(2);

async function signedIn(page, origin) {
  page.origin = origin;
  await page.signIn();
}

const take = (page, name) => page.tab.screenshot({ path: join(pictures, `${name}.png`) });
const rows = (page, least) => until(`${least} rows`, async () => (await page.cells()).length >= least);
const made = (page, path, value) => page.tab.evaluate((path, body) => (
  fetch(`/default/api/v1beta2${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body }).then((it) => it.text())
), path, JSON.stringify(value));

async function ofTheExample(page) {
  await page.open("/c/local/example", "Example");
  await page.press("button", "Install example");
  await page.see("all eight parts", () => document.body.textContent.includes("8 of 8 installed"));
  await page.open("/c/local/sql", "SQL workspace");
  await page.run("select device, site, temperature, humidity, _tp_time from example_readings where temperature > 15");
  await page.received(12);
  await rows(page, 60);
  await take(page, "workspace");
  await page.press("button", "Cancel");
  await page.open("/c/local/dashboards", "Dashboards");
  await page.press("link", "Example: this machine");
  await page.heading("Example: this machine");
  await page.see("charts", () => document.querySelectorAll("canvas").length >= 2);
  // Long enough for a line.
  await until("rows", async () => (await page.asked("/streams/host_metrics/stats")).row_count >= 45);
  await take(page, "example-dashboard");
  await page.open("/c/local/export", "Export as code");
  await page.press("button", "Download zip");
  return join(page.downloads, await until("the zip", () => readdirSync(page.downloads).find((name) => name.endsWith(".zip"))));
}

async function ofAnImport(page, zip) {
  await page.open("/c/local/import", "Import");
  await (await page.tab.waitForSelector("input[type=file]")).uploadFile(zip);
  await page.see("the plan", () => document.querySelectorAll("main tbody tr, main [role=row]").length > 6);
  await take(page, "import-plan");
}

async function ofMany(page) {
  for (let at = 0; at < 40; at += 1) {
    const name = `part_${String(at).padStart(2, "0")}`;
    await made(page, "/streams", { name, columns: [{ name: "n", type: "int32" }] });
  }
  await made(page, "/views", { name: "reads", query: "SELECT n FROM part_07" });
  await page.open("/c/local/streams?q=part_", "Streams");
  await page.see("all of them", () => document.body.textContent.includes("40 of"));
  await page.tab.evaluate(() => document.querySelector("[aria-label='Select all rows found']").click());
  await page.press("button", "Delete selected");
  await page.see("what depends on them", () => document.body.textContent.includes("1 view reads them"));
  await take(page, "bulk-plan");
  await page.press("button", "Cancel");
  await page.open("/c/local/streams", "Streams");
  await page.key("Control", "k");
  await page.tab.waitForSelector("[role=combobox]");
  await page.tab.keyboard.type("stream");
  await page.see("what is found", () => document.querySelectorAll("[role=option]").length >= 6);
  await take(page, "palette");
}

const { browser, downloads } = await open("chromium");
const tab = await browser.newPage();
const page = new Page(tab, "", downloads, PASSWORD);
await signedIn(page, await backend(program, folder));
const zip = await ofTheExample(page);
await signedIn(page, await backend(program, folder));
await ofAnImport(page, zip);
await ofMany(page);
await browser.close();
rmSync(scratch, { recursive: true, force: true });
process.exit(0);
