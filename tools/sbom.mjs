// sbom.mjs FILE PACKAGE TARGET [PACKAGE TARGET …] — the bill of materials (CycloneDX 1.5, JSON) of
// what is built from these packages: their crates, as Cargo.lock pins them, and the npm packages that
// are bundled. The same sources give the same file.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

// Of package.json: they build or test and are in nothing that is shipped.
const TOOLS = ["axe-core", "binaryen", "esbuild"];

const [file, ...roots] = process.argv.slice(2);
if (!file || roots.length === 0 || roots.length % 2 !== 0) {
  console.error("usage: sbom.mjs FILE PACKAGE TARGET [PACKAGE TARGET …]");
  process.exit(2);
}

const components = new Map();
const dependencies = new Map();

function add(component, uses) {
  const ref = component["bom-ref"];
  components.set(ref, component);
  const known = dependencies.get(ref) ?? new Set();
  for (const used of uses) known.add(used);
  dependencies.set(ref, known);
}

function metadata(target) {
  const options = ["metadata", "--locked", "--format-version", "1", "--filter-platform", target];
  const text = execFileSync("cargo", options, { maxBuffer: 1 << 28, encoding: "utf8" });
  return JSON.parse(text);
}

const checksums = new Map();
for (const one of readFileSync("Cargo.lock", "utf8").split("[[package]]")) {
  const of = (key) => one.match(new RegExp(`^${key} = "([^"]*)"`, "m"))?.[1];
  if (of("checksum")) checksums.set(`${of("name")}@${of("version")}`, of("checksum"));
}

const licenses = (expression) =>
  expression ? [{ expression: expression.replaceAll("/", " OR ") }] : undefined;

function crate(one) {
  const purl = `pkg:cargo/${one.name}@${one.version}`;
  const checksum = checksums.get(`${one.name}@${one.version}`);
  return {
    type: "library",
    "bom-ref": purl,
    name: one.name,
    version: one.version,
    ...(one.description && { description: one.description.trim().replace(/\s+/g, " ") }),
    ...(checksum && { hashes: [{ alg: "SHA-256", content: checksum }] }),
    ...(one.license && { licenses: licenses(one.license) }),
    purl,
    ...(one.repository && { externalReferences: [{ type: "vcs", url: one.repository }] }),
  };
}

let product;
for (let at = 0; at < roots.length; at += 2) {
  const [name, target] = roots.slice(at, at + 2);
  const { packages, resolve } = metadata(target);
  const byId = new Map(packages.map((one) => [one.id, one]));
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const root = packages.find((one) => one.name === name);
  if (!root) throw new Error(`there is no package ${name}`);
  product ??= root;
  const waiting = [root.id];
  const seen = new Set(waiting);
  while (waiting.length > 0) {
    const id = waiting.pop();
    // What tests and build scripts need is in nothing that is shipped.
    const uses = nodes.get(id).deps.filter((dep) => dep.dep_kinds.some(({ kind }) => kind === null));
    add(crate(byId.get(id)), uses.map((dep) => crate(byId.get(dep.pkg))["bom-ref"]));
    for (const { pkg } of uses) {
      if (!seen.has(pkg)) {
        seen.add(pkg);
        waiting.push(pkg);
      }
    }
  }
}

const locked = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;

// Where node finds it: in the folder of who uses it, or in one above.
function found(name, from) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf("/node_modules/"), 0))) {
    const path = `${folder ? `${folder}/` : ""}node_modules/${name}`;
    if (locked[path]) return path;
    if (folder === "") return undefined;
  }
}

function npm(path) {
  const one = locked[path];
  const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
  const purl = `pkg:npm/${name.replace("@", "%40")}@${one.version}`;
  const [algorithm, content] = one.integrity?.split("-") ?? [];
  const hex = content && Buffer.from(content, "base64").toString("hex");
  return {
    type: "library",
    "bom-ref": purl,
    name,
    version: one.version,
    ...(algorithm === "sha512" && { hashes: [{ alg: "SHA-512", content: hex }] }),
    ...(one.license && { licenses: licenses(one.license) }),
    purl,
  };
}

const bundled = Object.keys(locked[""].devDependencies).filter((name) => !TOOLS.includes(name));
const waiting = bundled.map((name) => found(name, ""));
const seen = new Set(waiting);
while (waiting.length > 0) {
  const path = waiting.pop();
  const uses = Object.keys(locked[path].dependencies ?? {}).map((name) => found(name, path));
  const there = uses.filter((used) => used !== undefined);
  add(npm(path), there.map((used) => npm(used)["bom-ref"]));
  for (const used of there) {
    if (!seen.has(used)) {
      seen.add(used);
      waiting.push(used);
    }
  }
}

const main = crate(product)["bom-ref"];
for (const path of bundled.map((name) => found(name, ""))) dependencies.get(main).add(npm(path)["bom-ref"]);

const sorted = (all) => [...all].sort();
const content = {
  metadata: { component: { ...crate(product), type: "application" } },
  components: sorted(components.keys())
    .filter((ref) => ref !== main)
    .map((ref) => components.get(ref)),
  dependencies: sorted(dependencies.keys()).map((ref) => ({
    ref,
    dependsOn: sorted(dependencies.get(ref)),
  })),
};
const digest = createHash("sha256").update(JSON.stringify(content)).digest("hex");
const uuid = digest.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-5$3-8$4-$5");
const bill = {
  bomFormat: "CycloneDX",
  specVersion: "1.5",
  serialNumber: `urn:uuid:${uuid}`,
  version: 1,
  ...content,
};
writeFileSync(file, `${JSON.stringify(bill, null, 1)}\n`);
console.log(`==> ${file}: ${content.components.length} components`);
