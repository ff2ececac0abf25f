// Credentials kept on this device: encrypted with a key that the browser holds and never shows,
// not even to this page.
const STORE = "vault";
const KEY = "key";

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function store(mode) {
  const opening = indexedDB.open("weir", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await settled(opening);
  const transaction = database.transaction(STORE, mode);
  transaction.oncomplete = transaction.onabort = () => database.close();
  return transaction.objectStore(STORE);
}

async function key() {
  const kept = await settled((await store("readonly")).get(KEY));
  if (kept) return kept;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  try {
    // Another tab may have been first: then its key counts.
    await settled((await store("readwrite")).add(made, KEY));
    return made;
  } catch {
    return settled((await store("readonly")).get(KEY));
  }
}

// What is kept for one system cannot be opened for another: its address is authenticated too.
const algorithm = (iv, address) => ({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(address) });

export async function keep(id, address, text) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt(algorithm(iv, address), await key(), new TextEncoder().encode(text));
  await settled((await store("readwrite")).put({ iv, sealed }, `credential ${id}`));
}

export async function recall(id, address) {
  const kept = await settled((await store("readonly")).get(`credential ${id}`));
  if (!kept) return undefined;
  const text = await crypto.subtle.decrypt(algorithm(kept.iv, address), await key(), kept.sealed);
  return new TextDecoder().decode(text);
}

export async function forget(id) {
  await settled((await store("readwrite")).delete(`credential ${id}`));
}
