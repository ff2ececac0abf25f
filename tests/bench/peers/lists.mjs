// lists.mjs --console FOLDER [--rows 10000]: a list of so many streams in the console, beside the same
// rows in AG Grid: opening, scrolling by 600 pixels a frame, searching, sorting, requests for figures.
import { FRAMES, at, browser, json, line, ms, options, serve } from "./common.mjs";

const given = options({ console: "dist", rows: "10000" });
const count = Number(given.rows);
const KINDS = ["append", "changelog", "versioned_kv", "changelog_kv"];
const streams = Array.from({ length: count }, (_, n) => ({
  name: `${["orders", "users", "clicks", "logs", "payments"][n % 5]}_${["eu", "us", "ap"][n % 3]}_${(n * 7919) % count}`,
  mode: KINDS[n % 4],
  engine: "",
  description: "",
  columns: Array.from({ length: 3 + (n % 9) }, (_, at) => ({ name: `c${at}`, type: "string" })),
  create_query: "",
  ttl: "",
  ttl_expression: "",
  logstore_retention_bytes: n % 2 ? 10737418240 : -1,
  logstore_retention_ms: n % 3 ? 604800000 : -1,
  created_at: new Date(1.7e12 + n * 61_000).toISOString(),
  last_updated_at: new Date(1.75e12 + ((n * 7919) % count) * 61_000).toISOString(),
}));
const body = JSON.stringify(streams);
const stats = { row_count: 1, historical_data_bytes: 2, streaming_data_bytes: 3, written_eps: 0.5, history: [] };

let figures = 0;
const config = {
  connections: [{ id: "local", name: "Bench", url: "", workspace: "default", auth: "none", colour: "teal", production: false }],
};
const GRID = `<!doctype html><div id="grid" style="height:860px"></div><input class="search">
<script src="/packages/ag-grid-community/dist/ag-grid-community.min.js"></script>`;
const server = await serve(given.console, (path, request, response) => {
  if (path === "/config.json") return json(response, config);
  if (path === "/grid") return response.writeHead(200, { "content-type": "text/html" }).end(GRID);
  if (path === "/default/api/info") return json(response, { product_name: "bench" });
  if (path.endsWith("/stats")) return figures++, json(response, stats);
  if (path.endsWith("/v1beta2/streams")) return json(response, body);
  if (path.startsWith("/default/api/")) return json(response, path.endsWith("/workspace") ? { name: "default" } : []);
  return false;
});

// A browser each: a page behind another one draws no frames.
let chromium;
async function fresh(path) {
  await chromium?.close();
  chromium = await browser();
  const page = (await chromium.pages())[0];
  await page.evaluateOnNewDocument(FRAMES);
  await page.goto(server.origin + path, { waitUntil: "domcontentloaded" });
  return page;
}

const SCROLL = (selector) => {
  const boxes = [...document.querySelectorAll(selector)];
  const box = boxes.find((one) => one.scrollHeight > one.clientHeight * 4);
  return window.benchFrames((n) => ((box.scrollTop = n * 600), n < 240));
};

async function weir() {
  // Once before, so that what is measured is the list and not what the browser compiles.
  const warm = await fresh("/c/local/views");
  await warm.waitForSelector("h1");
  const page = warm;
  const start = performance.now();
  await page.goto(`${server.origin}/c/local/streams`, { waitUntil: "domcontentloaded" });
  await page.waitForSelector("table.rows tbody th.name");
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  const open = performance.now() - start;
  await new Promise((done) => setTimeout(done, 1500));
  const before = figures;
  await new Promise((done) => setTimeout(done, 5000));
  const idle = figures - before;
  const scroll = await page.evaluate(SCROLL, ".table-box");
  const scrolled = figures - before - idle;
  const typed = (word, first) =>
    page.evaluate(
      (word) => {
        const input = document.querySelector("input.search");
        const told = () => document.querySelector(".page-count").textContent;
        const before = told();
        return window.benchUntil(() => {
          input.value = word;
          input.dispatchEvent(new Event("input", { bubbles: true }));
        }, () => told() !== before);
      },
      word,
    );
  const filter = [];
  for (const word of ["ord", "orders_eu", "orders", "", "_77", ""]) filter.push((await typed(word)).ms);
  const sort = [];
  for (const place of ["8", "8", "1", "2", "0"]) {
    const took = await page.evaluate((place) => {
      const first = () => document.querySelector("table.rows tbody th.name").textContent;
      const before = first();
      const head = document.querySelector(`th[data-column="${place}"]`), state = head.ariaSort;
      return window.benchUntil(() => head.querySelector("button").click(), () => head.ariaSort !== state);
    }, place);
    sort.push(took.ms);
  }
  return { open, scroll, filter, sort, idle, scrolled };
}

async function grid() {
  const warm = await fresh("/grid");
  warm.on("pageerror", (error) => console.error(error));
  await warm.waitForSelector("#grid");
  const page = warm;
  const start = performance.now();
  await page.goto(`${server.origin}/grid`, { waitUntil: "load" });
  await page.evaluate(async () => {
    const rows = await (await fetch("/default/api/v1beta2/streams")).json();
    const text = (field) => ({ field, flex: 1 });
    window.api = agGrid.createGrid(document.getElementById("grid"), {
      rowHeight: 28,
      columnDefs: [
        { field: "name", flex: 2 },
        text("mode"),
        { colId: "columns", valueGetter: (row) => row.data.columns.length },
        text("logstore_retention_bytes"),
        text("logstore_retention_ms"),
        text("created_at"),
        text("last_updated_at"),
      ],
      rowData: rows,
    });
  });
  await page.waitForSelector(".ag-row");
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  const open = performance.now() - start;
  await new Promise((done) => setTimeout(done, 1500));
  const scroll = await page.evaluate(SCROLL, "#grid *");
  const act = (kind, value) =>
    page.evaluate(
      async (kind, value) => {
        let told = false;
        const seen = () => (told = true);
        window.api.addEventListener("modelUpdated", seen);
        const took = await window.benchUntil(
          () => (kind === "filter" ? window.api.setGridOption("quickFilterText", value) : window.api.applyColumnState({ state: [value], defaultState: { sort: null } })),
          () => told,
        );
        window.api.removeEventListener("modelUpdated", seen);
        return took.ms;
      },
      kind,
      value,
    );
  const filter = [];
  for (const word of ["ord", "orders_eu", "orders", "", "_77", ""]) filter.push(await act("filter", word));
  const sort = [];
  for (const [colId, way] of [["last_updated_at", "asc"], ["last_updated_at", "desc"], ["mode", "asc"], ["columns", "desc"], ["name", "asc"]])
    sort.push(await act("sort", { colId, sort: way }));
  return { open, scroll, filter, sort };
}

const [ours, peer] = [await weir(), await grid()];
line(`a list of ${count.toLocaleString("en")} streams`, "Weir", "AG Grid community", "goal");
line("---", "---", "---", "---");
line("opened, warm cache, until the first rows are painted", ms(ours.open), ms(peer.open), "≤ 1 s");
const frames = (times) => `p50 ${ms(at(times, 0.5))}, p95 ${ms(at(times, 0.95))}, max ${ms(at(times, 1))}`;
line("scrolled by 600 pixels a frame", frames(ours.scroll), frames(peer.scroll), "p95 ≤ 17 ms");
const several = (times) => `median ${ms(at(times, 0.5))}, slowest ${ms(Math.max(...times))}`;
line("searched (six words), until painted", several(ours.filter), several(peer.filter), "≤ 50 ms");
line("sorted (five times), until painted", several(ours.sort), several(peer.sort), "≤ 50 ms");
line("requests for figures in 5 s of standing still, in 4 s of scrolling", `${ours.idle}, ${ours.scrolled}`, "none of its own", "bounded");
await chromium.close();
server.close();
