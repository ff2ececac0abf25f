// Loads the parts of the console that are asked for. Bundled into the start script; FILES is set by
// scripts.mjs: [name, integrity] of each part's file.
const fetched = new Map();
const loaded = new Map();

/** What `make` promises for an index, once; a failure is forgotten, so that it can be asked for again. */
function once(kept, index, make) {
  let promise = kept.get(index);
  if (!promise) {
    promise = make();
    kept.set(index, promise);
    promise.catch(() => kept.delete(index));
  }
  return promise;
}

async function bytes([file, integrity]) {
  const answer = await fetch(new URL(file, import.meta.url), { integrity });
  if (!answer.ok) throw new Error(`${file}: status ${answer.status}`);
  return answer.arrayBuffer();
}

/** A style sheet is used by being there. */
function styled([file, integrity]) {
  const link = document.createElement("link");
  Object.assign(link, { rel: "stylesheet", href: new URL(file, import.meta.url), integrity });
  return new Promise((done, failed) => {
    link.onload = () => done();
    link.onerror = () => {
      link.remove();
      failed(new Error(`${file}: not loaded`));
    };
    document.head.append(link);
  });
}

const asked = (index) => once(fetched, index, () => {
  const file = FILES[index];
  return file[0].endsWith(".css") ? styled(file) : bytes(file);
});

/** Begins to fetch what will be loaded as soon as the main module runs. */
export const early = (indices) => indices.forEach(asked);

async function instantiated(index, main) {
  const module = await asked(index);
  // Fills its places in the table of functions and its data; it exports nothing of its own.
  if (module) await WebAssembly.instantiate(module, { main });
  fetched.delete(index);
}

const load = (index, main) => once(loaded, index, () => instantiated(index, main));

/** What the application calls to have a module of `wasm_split`; `exports` gives the main module's. */
export const loader = (exports, needs) => async (callback, data) => {
  const main = exports();
  const ends = await Promise.allSettled(needs.map((index) => load(index, main)));
  const failed = ends.filter(({ status }) => status === "rejected");
  for (const { reason } of failed) console.error(reason);
  main.__indirect_function_table.get(callback)(data, failed.length === 0);
};
