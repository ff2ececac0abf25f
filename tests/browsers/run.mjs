// run.mjs BACKEND CONSOLE [NAME]: the console's main job in a second browser engine, and in both
// without TLS, where browsers withhold clipboard and WebCrypto. Prints lines like cargo's.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Page } from "./page.mjs";
import { NAME, PASSWORD, backend, open, scratch } from "./start.mjs";
import { TESTS } from "./tests.mjs";

const [program, folder, only = ""] = process.argv.slice(2);
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
const origin = await backend(program, folder);
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
