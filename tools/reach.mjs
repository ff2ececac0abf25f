// What functions reach, as the linker's relocations tell it (`--emit-relocs`, build.rs).
import { CODE, DATA, IMPORT, dataSegments, functionNames, readImports, sections, shortName } from "./wasm.mjs";

// https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md
const SYMBOL_TABLE = 8;
const FUNCTION = 0, DATA_SYMBOL = 1, SECTION = 3;
const UNDEFINED = 0x10, EXPLICIT_NAME = 0x40;
const FUNCTION_INDEX_LEB = 0;
const WITH_ADDEND = new Set([3, 4, 5, 8, 9, 11, 14, 15, 16, 17, 21, 22, 23, 25]);

function symbols(body) {
  body.number();
  while (body.at < body.end) {
    const kind = body.byte();
    const next = body.number() + body.at;
    if (kind === SYMBOL_TABLE) return body.list(() => symbol(body));
    body.at = next;
  }
  throw new Error("the linker's symbols are missing");
}

function symbol(body) {
  const [kind, flags] = [body.byte(), body.number()];
  const defined = !(flags & UNDEFINED);
  if (kind === DATA_SYMBOL) {
    body.text();
    return defined ? { kind, segment: body.number(), offset: body.number(), size: body.number() } : { kind };
  }
  const index = body.number();
  if (kind !== SECTION && (defined || flags & EXPLICIT_NAME)) body.text();
  return { kind, index };
}

/** Places within the section that refer to a symbol, ascending. */
function relocations(all, name) {
  const { body } = all.find((section) => section.name === name) ?? {};
  if (!body) throw new Error(`${name} is missing: was it linked with --emit-relocs?`);
  body.number();
  const found = body.list(() => {
    const [type, at, symbol] = [body.byte(), body.number(), body.number()];
    if (WITH_ADDEND.has(type)) body.signed();
    return { type, at, symbol };
  });
  return found.sort((left, right) => left.at - right.at);
}

/** Those of `found` from `start` up to `end`. */
function within(found, start, end) {
  let [low, high] = [0, found.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (found[middle].at < start) low = middle + 1;
    else high = middle;
  }
  let last = low;
  while (last < found.length && found[last].at < end) last++;
  return found.slice(low, last);
}

/** Start and end of each function's body within the code section. */
function bodies({ body, start }) {
  return body.list(() => {
    const length = body.number();
    body.at += length;
    return { start: body.at - length - start, end: body.at - start };
  });
}

/**
 * From the functions whose short names are in `listed`: the short names of those they call that
 * are not, and the stretches of memory ([start, end]) that hold data they can reach.
 */
export function reach(linked, listed) {
  const all = sections(linked);
  const section = (id) => all.find((section) => section.id === id);
  const imported = readImports(section(IMPORT).body).filter(({ kind }) => kind === 0).length;
  const names = new Map(functionNames(linked).map(([index, name]) => [index, shortName(name)]));
  const table = symbols(all.find(({ name }) => name === "linking").body);
  const [inCode, inData] = [relocations(all, "reloc.CODE"), relocations(all, "reloc.DATA")];
  const [codes, parts] = [bodies(section(CODE)), dataSegments(section(DATA))];

  const callees = new Set();
  const reached = new Set();
  const waiting = [];
  const take = ({ symbol }) => {
    if (table[symbol].kind !== DATA_SYMBOL || table[symbol].size === undefined || reached.has(symbol)) return;
    reached.add(symbol);
    waiting.push(table[symbol]);
  };
  codes.forEach(({ start, end }, index) => {
    if (!listed.has(names.get(imported + index))) return;
    for (const relocation of within(inCode, start, end)) {
      take(relocation);
      const callee = table[relocation.symbol];
      if (relocation.type !== FUNCTION_INDEX_LEB || callee.kind !== FUNCTION) continue;
      const name = names.get(callee.index);
      if (callee.index >= imported && !listed.has(name)) callees.add(name);
    }
  });
  while (waiting.length) {
    const { segment, offset, size } = waiting.pop();
    const at = parts[segment].at + offset;
    within(inData, at, at + size).forEach(take);
  }
  const stretches = [...reached].map((symbol) => {
    const { segment, offset, size } = table[symbol];
    const start = parts[segment].address + offset;
    return [start, start + size];
  });
  return { callees, data: stretches.sort((left, right) => left[0] - right[0]) };
}
