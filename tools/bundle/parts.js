// Loads the parts of the console that are asked for. Bundled into the start script; FILES is set by
// scripts.mjs: [name, integrity] of each part's file.
const loaded = new Map();

async function instantiated([file, integrity], main) {
  const answer = await fetch(new URL(file, import.meta.url), { integrity });
  if (!answer.ok) throw new Error(`${file}: status ${answer.status}`);
  // Fills its places in the table of functions and its data; it exports nothing of its own.
  await WebAssembly.instantiate(await answer.arrayBuffer(), { main });
}

/** A failure is forgotten, so that the part can be asked for again. */
function load(index, main) {
  let loading = loaded.get(index);
  if (!loading) {
    loading = instantiated(FILES[index], main);
    loaded.set(index, loading);
    loading.catch(() => loaded.delete(index));
  }
  return loading;
}

/** What the application calls to have a module of `wasm_split`; `exports` gives the main module's. */
export const loader = (exports, needs) => async (callback, data) => {
  const main = exports();
  const ends = await Promise.allSettled(needs.map((index) => load(index, main)));
  const failed = ends.filter(({ status }) => status === "rejected");
  for (const { reason } of failed) console.error(reason);
  main.__indirect_function_table.get(callback)(data, failed.length === 0);
};
