// Reads and rewrites the outer layer of WebAssembly files: names, imports, exports, table entries.
import { createHash } from "node:crypto";

export const CUSTOM = 0, IMPORT = 2, TABLE = 4, EXPORT = 7, ELEMENT = 9, CODE = 10, DATA = 11, DATA_COUNT = 12;
const FUNCTION_KIND = 0, TABLE_KIND = 1, MEMORY_KIND = 2, GLOBAL_KIND = 3;
const FUNCTION_NAMES = 1;
const EXTERNREF = 0x6f;

class Reader {
  constructor(bytes, at, end) {
    Object.assign(this, { bytes, at, end });
  }
  byte() {
    return this.bytes[this.at++];
  }
  number() {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }
  signed() {
    let [value, scale, byte] = [0, 1, 0];
    do {
      byte = this.byte();
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte > 127);
    return byte & 64 ? value - scale : value;
  }
  text() {
    const length = this.number();
    this.at += length;
    return this.bytes.toString("utf8", this.at - length, this.at);
  }
  list(item) {
    return Array.from({ length: this.number() }, item);
  }
  /** What `skip` passes over, as it is. */
  raw(skip) {
    const start = this.at;
    skip();
    return this.bytes.subarray(start, this.at);
  }
  limits() {
    const flags = this.byte();
    this.number();
    if (flags & 1) this.number();
  }
}

export const number = (value) => {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128);
  return Buffer.from([...bytes, value]);
};
export const sized = (bytes) => Buffer.concat([number(bytes.length), bytes]);
const text = (value) => sized(Buffer.from(value));
export const list = (items) => Buffer.concat([number(items.length), ...items]);
export const section = (id, body) => Buffer.concat([Buffer.from([id]), sized(body)]);

export function sections(bytes) {
  const found = [];
  for (let at = 8; at < bytes.length; ) {
    const head = new Reader(bytes, at + 1);
    const length = head.number();
    const end = head.at + length;
    const body = new Reader(bytes, head.at, end);
    const name = bytes[at] === CUSTOM ? body.text() : null;
    found.push({ id: bytes[at], whole: bytes.subarray(at, end), start: head.at, name, body });
    at = end;
  }
  return found;
}

export const join = (bytes, parts) => Buffer.concat([bytes.subarray(0, 8), ...parts]);

export function readImports(body) {
  return body.list(() => {
    const [module, name, kind] = [body.text(), body.text(), body.byte()];
    const rest = body.raw(() => {
      if (kind === FUNCTION_KIND) body.number();
      else if (kind === TABLE_KIND) body.byte(), body.limits();
      else if (kind === MEMORY_KIND) body.limits();
      else if (kind === GLOBAL_KIND) body.at += 2;
      else throw new Error(`import ${module}.${name} is of an unknown kind ${kind}`);
    });
    return { module, name, kind, rest };
  });
}

/** `f` and 48 bits of the function's mangled name without the crates' hashes, which differ between builds. */
export const shortName = (name) => {
  const stable = name.replace(/Cs[0-9a-zA-Z]{1,11}_/g, "C");
  return `f${createHash("sha256").update(stable).digest("hex").slice(0, 12)}`;
};

/** The short name within what optimising and `withShortNames` made of it. */
export const listedName = (name) => name.match(/f[0-9a-f]{12}/)?.[0];

/** Pairs of a function's index and name. */
export function functionNames(bytes) {
  const names = sections(bytes).find(({ name }) => name === "name")?.body;
  while (names && names.at < names.end) {
    const kind = names.byte();
    const next = names.number() + names.at;
    if (kind === FUNCTION_NAMES) return names.list(() => [names.number(), names.text()]);
    names.at = next;
  }
  return [];
}

function withNames(bytes, names) {
  const entries = names.map(([index, name]) => Buffer.concat([number(index), text(name)]));
  const map = Buffer.concat([Buffer.from([FUNCTION_NAMES]), sized(list(entries))]);
  return Buffer.concat([withoutNames(bytes), section(CUSTOM, Buffer.concat([text("name"), map]))]);
}

/** The bodies of the module's own functions, and how many are imported before them. */
export function functionBodies(bytes) {
  const all = sections(bytes);
  const { body } = all.find(({ id }) => id === CODE);
  const imported = readImports(all.find(({ id }) => id === IMPORT).body)
    .filter(({ kind }) => kind === FUNCTION_KIND).length;
  const codes = body.list(() => {
    const length = body.number();
    body.at += length;
    return bytes.subarray(body.at - length, body.at);
  });
  return { imported, codes };
}

/**
 * The Rust names run to thousands of characters, with commas: gives each function a short one.
 * Those in `apart` begin with "apart_".
 */
export function withShortNames(bytes, apart) {
  const seen = new Map();
  const names = functionNames(bytes).map(([index, name]) => {
    const short = shortName(name);
    const count = (seen.get(short) ?? 0) + 1;
    seen.set(short, count);
    const own = count === 1 ? short : `${short}_${count}`;
    return [index, apart.has(short) ? `apart_${own}` : own];
  });
  return withNames(bytes, names);
}

/** Names the functions that wasm-opt has made, too. */
export function withEveryName(bytes) {
  const names = new Map(functionNames(bytes));
  const { imported, codes } = functionBodies(bytes);
  const name = (_, index) => [index, names.get(index) ?? `made_${index}`];
  return withNames(bytes, Array.from({ length: imported + codes.length }, name));
}

/** Names whose order puts functions of similar code side by side. */
export function withNamesByCode(bytes) {
  const { imported, codes } = functionBodies(bytes);
  const order = codes.map((_, index) => index);
  order.sort((left, right) => Buffer.compare(codes[left], codes[right]));
  const names = order.map((index, at) => [imported + index, `n${String(at).padStart(6, "0")}`]);
  return withNames(bytes, names.sort(([left], [right]) => left - right));
}

export function withoutNames(bytes) {
  return join(bytes, sections(bytes).filter(({ name }) => name !== "name").map((s) => s.whole));
}

/** After linking nobody needs them, and binaryen does not know them. */
export function withoutRelocations(bytes) {
  const isOf = ({ name }) => name === "linking" || name?.startsWith("reloc.");
  return join(bytes, sections(bytes).filter((section) => !isOf(section)).map(({ whole }) => whole));
}

/** wasm-split 108 exports the first table whichever was meant: points `name` at the externrefs. */
export function withExternrefTable(bytes, name) {
  const tables = sections(bytes).find(({ id }) => id === TABLE).body;
  const types = tables.list(() => {
    const type = tables.byte();
    tables.limits();
    return type;
  });
  return rewriteExports(bytes, (entry) =>
    entry.name === name ? { ...entry, index: types.indexOf(EXTERNREF) } : entry,
  );
}

/** In order of their index, which compresses best. */
export function rewriteExports(bytes, change) {
  return join(bytes, sections(bytes).map(({ id, whole, body }) => {
    if (id !== EXPORT) return whole;
    const entries = body.list(() => ({ name: body.text(), kind: body.byte(), index: body.number() }));
    entries.sort((left, right) => left.kind - right.kind || left.index - right.index);
    return section(EXPORT, list(entries.map((entry) => change(entry)).map(({ name, kind, index }) =>
      Buffer.concat([text(name), Buffer.from([kind]), number(index)]),
    )));
  }));
}

export function rewriteImports(bytes, change) {
  return join(bytes, sections(bytes).map(({ id, whole, body }) => {
    if (id !== IMPORT) return whole;
    return section(IMPORT, list(readImports(body).map((entry) => {
      const { module, name } = change(entry);
      return Buffer.concat([text(module), text(name), Buffer.from([entry.kind]), entry.rest]);
    })));
  }));
}

/** Of each data segment the address, the bytes, and where in the section these begin. */
export function dataSegments({ body, start }) {
  return body.list(() => {
    if (body.number() !== 0 || body.byte() !== 0x41) throw new Error("a data segment without a plain address");
    const address = body.signed();
    body.byte();
    const length = body.number();
    const bytes = body.bytes.subarray(body.at, body.at + length);
    body.at += length;
    return { address, bytes, at: body.at - length - start };
  });
}

/** For each function imported from `module`, in order, the table slot that holds it. */
export function slotsOf(bytes, module) {
  const all = sections(bytes);
  const functions = readImports(all.find(({ id }) => id === IMPORT).body)
    .filter(({ kind }) => kind === FUNCTION_KIND);
  const elements = all.find(({ id }) => id === ELEMENT).body;
  const [count, flags, constant] = [elements.number(), elements.byte(), elements.byte()];
  if (count !== 1 || flags !== 0 || constant !== 0x41) {
    throw new Error("the function table is not filled by one plain element segment");
  }
  const first = elements.number();
  elements.byte();
  const slots = new Map();
  elements.list(() => elements.number()).forEach((index, at) => slots.set(index, first + at));
  return functions.flatMap((entry, index) => {
    if (entry.module !== module) return [];
    if (!slots.has(index)) throw new Error(`${module}.${entry.name} is in no table slot`);
    return [slots.get(index)];
  });
}
