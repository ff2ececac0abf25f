// What a test does with the open tab. Each waits for what it acts on, and for at most PATIENCE.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const PATIENCE = 30_000;
const BETWEEN = 100;

export async function until(what, holds) {
  const end = Date.now() + PATIENCE;
  for (let last; ;) {
    last = await holds();
    if (last) return last;
    if (Date.now() > end) throw new Error(`${what} did not come`);
    await new Promise((done) => setTimeout(done, BETWEEN));
  }
}

/** An object, as `tools/bundle/parts.js` writes it where a part does not come. */
const NO_WORDS = "JSHandle@error";

export class Page {
  errors = [];
  leaving = false;

  constructor(tab, origin, downloads, password) {
    Object.assign(this, { tab, origin, downloads, password });
    tab.setDefaultTimeout(PATIENCE);
    tab.on("dialog", (dialog) => dialog.accept());
    tab.on("pageerror", (error) => this.errors.push(String(error)));
    tab.on("console", (said) => {
      const text = said.text();
      // Nobody is signed in at first, which the browser calls an error; and parts that were fetched
      // ahead end with the page, which Firefox tells it.
      const expected = text.includes("401") || (this.leaving && text === NO_WORDS);
      if (said.type() === "error" && !expected) this.errors.push(text);
    });
  }

  async open(path, heading) {
    this.leaving = true;
    await this.tab.goto(this.origin + path);
    this.leaving = false;
    await this.heading(heading);
  }

  heading(text) {
    return this.see(`the heading ${text}`, (text) => (
      [...document.querySelectorAll("h1")].some((one) => one.textContent.trim() === text)
    ), text);
  }

  see(what, holds, ...given) {
    return until(what, () => this.tab.evaluate(holds, ...given).catch(() => false));
  }

  /** The one that is shown, by its role and its name. */
  async find(role, name) {
    const found = await until(`${role} ${name}`, async () => {
      const handle = await this.tab.evaluateHandle((role, name) => {
        const selectors = { button: "button:not([role])", textbox: "input, textarea", link: "a" };
        const named = (one) => one.getAttribute("aria-label") ?? one.labels?.[0]?.textContent ?? one.textContent;
        return [...document.querySelectorAll(selectors[role] ?? `[role=${role}]`)].find((one) => (
          one.offsetParent && !one.disabled && named(one).replace("*", "").trim() === name
        ));
      }, role, name).catch(() => undefined);
      return handle?.asElement();
    });
    return found;
  }

  async press(role, name) {
    await (await this.find(role, name)).click();
  }

  async fill(name, text) {
    await this.press("textbox", name);
    await this.tab.keyboard.type(text);
  }

  async key(modifier, key) {
    await this.tab.keyboard.down(modifier);
    await this.tab.keyboard.press(key);
    await this.tab.keyboard.up(modifier);
  }

  async signIn() {
    await this.open("/c/local/sign-in", "Sign in to Embedded backend");
    await this.fill("User", "admin");
    await this.fill("Password", this.password);
    await this.press("button", "Sign in");
    await this.heading("Embedded backend");
  }

  async run(sql) {
    const editor = ".query-tab:not(.hidden) .cm-content";
    await (await this.tab.waitForSelector(editor)).click();
    await this.key("Control", "a");
    await this.tab.keyboard.type(sql);
    await this.tab.keyboard.press("Escape");
    await this.press("button", "Run");
  }

  statement() {
    return this.tab.evaluate(() => document.querySelector(".cm-content")?.textContent ?? "");
  }

  /** A figure of the line below the result. */
  live(name) {
    return this.tab.evaluate((name) => (
      document.querySelector(`.query-tab:not(.hidden) [data-live=${name}]`)?.textContent ?? ""
    ), name);
  }

  received(least) {
    return until(`${least} rows`, async () => Number((await this.live("received")).replace(/\D/g, "")) >= least);
  }

  state(word) {
    return until(`the state ${word}`, async () => (await this.live("state")).toLowerCase() === word);
  }

  /** Rows that are kept for later are empty. */
  cells() {
    return this.tab.$$eval(".query-tab:not(.hidden) [role=gridcell]", (all) => (
      all.map((one) => one.textContent.trim()).filter((text) => text !== "")
    ));
  }

  /** What a person gets who pastes. */
  async pasted(field) {
    await this.press("textbox", field);
    await this.key("Control", "v");
    return (await this.find("textbox", field)).evaluate((one) => one.value);
  }

  /** Text of a file that was downloaded. */
  downloaded(name) {
    return until(name, () => readdirSync(this.downloads).includes(name) && readFileSync(join(this.downloads, name), "utf8"));
  }

  /** What the server answers to a page that is signed in. */
  asked(path) {
    return this.tab.evaluate((path) => fetch(path, { headers: { Accept: "application/json" } }).then((it) => it.json()), `/default/api/v1beta2${path}`);
  }
}
