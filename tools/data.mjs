// Divides the data of a WebAssembly file between two.
import { CODE, DATA, DATA_COUNT, dataSegments, join, list, number, section, sections, sized } from "./wasm.mjs";

/** Fewer bytes between two stretches are cheaper kept than told as a stretch of their own. */
const GAP = 12;

const signed = (value) => {
  const bytes = [];
  for (; value > 63; value >>= 7) bytes.push((value & 127) | 128);
  return Buffer.from([...bytes, value]);
};

/** Stretches without zeros at their ends, without gaps that are not worth it. */
function pieces({ address, bytes }, isWanted) {
  const found = [];
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === 0 || !isWanted(address + at)) continue;
    const last = found.at(-1);
    if (last && at - last.end <= GAP && isWhole(address, last.end, at, isWanted)) last.end = at + 1;
    else found.push({ start: at, end: at + 1 });
  }
  return found.map(({ start, end }) => ({ address: address + start, bytes: bytes.subarray(start, end) }));
}

/** What lies between may be written: it is wanted, or of the same part. */
function isWhole(address, from, to, isWanted) {
  for (let at = from; at < to; at++) if (!isWanted(address + at)) return false;
  return true;
}

const dataSection = (all) => section(DATA, list(all.map(({ address, bytes }) =>
  Buffer.concat([Buffer.from([0, 0x41]), signed(address), Buffer.from([0x0b]), sized(bytes)]))));
const dataCount = (all) => section(DATA_COUNT, number(all.length));

function withData(bytes, data) {
  const parts = [];
  for (const { id, whole } of sections(bytes)) {
    if (id === DATA || id === DATA_COUNT) continue;
    if (id === CODE) parts.push(dataCount(data), whole, dataSection(data));
    else parts.push(whole);
  }
  return join(bytes, parts);
}

/** `first` keeps what lies in the stretches `kept`; the other data comes with `rest`. */
export function dividedData(first, rest, kept) {
  const all = dataSegments(sections(first).find(({ id }) => id === DATA));
  const end = Math.max(...all.map(({ address, bytes }) => address + bytes.length));
  const isKept = new Uint8Array(end);
  for (const [start, stop] of kept) isKept.fill(1, start, stop);
  const of = (wanted) => all.flatMap((segment) => pieces(segment, (at) => isKept[at] === wanted));
  return { first: withData(first, of(1)), rest: withData(rest, of(0)) };
}
