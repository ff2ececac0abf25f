// The console's WebAssembly comes in two parts. The first has what the first screens run; a call
// of any other function arrives here, through the table slot it will have when the rest is there.
// REST (the rest's address) and STEPS (distances between those slots) are set by split.mjs.
let first;
let complete = false;

const slots = [];
STEPS.reduce((slot, step) => (slots.push(slot + step), slot + step), 0);

function connect(module) {
  if (complete) return;
  new WebAssembly.Instance(module, { primary: first });
  complete = true;
}

/** For a call that cannot wait for `follow`. */
function fetchNow() {
  const request = new XMLHttpRequest();
  request.open("GET", REST, false);
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  if (request.status !== 200) throw new Error(`${REST}: status ${request.status}`);
  return Uint8Array.from(request.responseText, (char) => char.charCodeAt(0));
}

function standIn(slot) {
  return (...values) => {
    if (!complete) connect(new WebAssembly.Module(fetchNow()));
    return first["%table"].get(slot)(...values);
  };
}

/** The imports of the first part: its stand-ins have no names, they are asked for in order. */
export function withStandIns(imports) {
  let next = 0;
  const get = () => standIn(slots[next++ % slots.length]);
  return { ...imports, rest: new Proxy({}, { get }) };
}

/** Keeps the first part's exports, which the rest needs. */
export function started(exports) {
  first = exports;
  return exports;
}

/** The first screen is on the screen. A page in the background is never painted, hence the limit. */
function painted() {
  const paint = "first-contentful-paint";
  return new Promise((done) => {
    const observer = new PerformanceObserver((list) => {
      if (list.getEntriesByName(paint).length) done();
    });
    observer.observe({ type: "paint", buffered: true });
    setTimeout(done, 2000);
  });
}

/** Loads the rest in the background, once it cannot delay the first screen any more. */
export async function follow() {
  await painted();
  if (complete) return;
  try {
    connect(await WebAssembly.compileStreaming(fetch(REST)));
  } catch (error) {
    console.warn("The rest of the console is loaded when it is needed:", error);
  }
}
