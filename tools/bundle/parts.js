// Loads the parts of the console that are asked for. Bundled into the start script; PACKS is set by
// scripts.mjs: [file, integrity, [part, length, part, length, …]].
const place = new Map();
for (const [file, integrity, lengths] of PACKS) {
  const pack = { file, integrity, bytes: undefined };
  let start = 0;
  for (let index = 0; index < lengths.length; index += 2) {
    place.set(lengths[index], { pack, start, end: (start += lengths[index + 1]) });
  }
}

async function fetched({ file, integrity }) {
  const answer = await fetch(new URL(file, import.meta.url), { integrity });
  if (!answer.ok) throw new Error(`${file}: status ${answer.status}`);
  return answer.arrayBuffer();
}

/** A failure is forgotten, so that the part can be asked for again. */
function load(pack) {
  if (!pack.bytes) {
    pack.bytes = fetched(pack);
    pack.bytes.catch(() => (pack.bytes = undefined));
  }
  return pack.bytes;
}

/** As `WebAssembly.instantiateStreaming` takes it. */
export async function part(name) {
  const { pack, start, end } = place.get(name);
  const bytes = (await load(pack)).slice(start, end);
  return new Response(bytes, { headers: { "Content-Type": "application/wasm" } });
}
