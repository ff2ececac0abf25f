import assert from "node:assert/strict";
import { until } from "./page.mjs";

async function liveResults(page) {
  await page.signIn();
  await page.open("/c/local/sql", "SQL workspace");
  const sql = "select host, cpu_percent from host_metrics";
  await page.run(sql);
  await page.received(2);
  await page.press("button", "Pause");
  await page.state("paused");
  const shown = await page.live("shown");
  await page.received(Number(shown) + 2);
  assert.equal(await page.live("shown"), shown, "rows were shown while the result was paused");
  await page.press("button", "Cancel");
  await page.state("canceled");
  await until("the server to end the query", async () => {
    const mine = (await page.asked("/queries")).find((one) => one.sql.trim() === sql);
    return mine?.status === "canceled";
  });
  await page.tab.reload();
  await page.heading("SQL workspace");
  await until("the statement after the reload", async () => (await page.statement()) === sql);
}

async function mainJob(page) {
  await page.signIn();
  await page.open("/c/local/new/stream", "Create stream");
  await page.fill("Name", "readings");
  await page.fill("Column 1 name", "n");
  await page.fill("Column 1 type", "int32");
  await page.tab.keyboard.press("Escape");
  await page.press("button", "Create stream");
  await page.heading("readings");
  await page.press("tab", "Ingest");
  await page.fill("Data", '{"columns": ["n"], "data": [[41], [42]]}');
  await page.press("button", "Ingest");
  await until("the rows to be stored", async () => (await page.asked("/streams/readings/stats")).row_count === 2);

  await page.open("/c/local/sql", "SQL workspace");
  await page.run("select n from table(readings) order by n");
  await page.state("finished");
  await until("the cells", async () => (await page.cells()).join() === "41,42");
  await page.press("button", "Download CSV");
  assert.equal((await page.downloaded("results.csv")).trim().split(/\r?\n/).join(), "n,41,42");
}

async function dashboard(page) {
  await page.signIn();
  await page.open("/c/local/example", "Example");
  await page.press("button", "Install example");
  await page.see("all eight parts", () => document.body.textContent.includes("8 of 8 installed"));
  await page.open("/c/local/dashboards", "Dashboards");
  await page.press("link", "Example: this machine");
  await page.heading("Example: this machine");
  await page.see("a chart that is drawn", () => [...document.querySelectorAll("canvas")].some((one) => one.width > 0));
}

async function withoutTls(page) {
  await page.signIn();
  const secure = await page.tab.evaluate(() => isSecureContext || navigator.clipboard !== undefined);
  assert.equal(secure, false, "the browser trusts the page, so that nothing is shown");
  await page.open("/c/local/sql", "SQL workspace");
  await page.run("select 'copied ' || 'cell' as word");
  await page.state("finished");
  await page.press("gridcell", "copied cell");
  await page.key("Control", "c");
  assert.equal((await page.pasted("Search streams")).trim(), "copied cell");
  await page.press("button", "Download JSON");
  assert.equal((await page.downloaded("results.ndjson")).trim(), '{"word":"copied cell"}');

  await page.open("/c/local/new/api-key", "Create API key");
  await page.fill("Name", "shown once");
  await page.press("button", "Create API key");
  const key = await page.see("the key", () => /[\w-]{40,}/.exec(document.querySelector("main").innerText)?.[0]);
  await page.press("button", "Copy API key");
  await page.open("/c/local/sql", "SQL workspace");
  assert.equal(await page.pasted("Search streams"), key);
}

const inFirefox = (body) => ({ name: `firefox::${body.name}`, engine: "firefox", body });

export const TESTS = [
  inFirefox(liveResults),
  inFirefox(mainJob),
  inFirefox(dashboard),
  ...["firefox", "chromium"].map((engine) => (
    { name: `${engine}::${withoutTls.name}`, engine, insecure: true, body: withoutTls }
  )),
];
