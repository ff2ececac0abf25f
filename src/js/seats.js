// Seats that all pages of the console share, by the browser's locks: a page that is closed or
// crashes leaves its own. Pages without TLS on another address than localhost have no locks; there a
// seat is an entry of the storage that pages share, which its holder renews.

/** Milliseconds after which a seat is free that nobody renewed: timers of hidden pages run once a minute. */
const HELD = 90_000;
const LOOKS = 1_000;

/**
 * Waits for one of `count` seats and calls `granted` once. The answer gives the seat back or ends
 * the waiting; undefined where the browser has neither locks nor storage.
 */
export function take(name, count, granted) {
  if (!navigator.locks) return lease(name, count, granted);
  const others = new AbortController();
  let over = false;
  let free;
  const held = new Promise((resolve) => (free = resolve));
  const sit = () => {
    if (over) return undefined;
    over = true;
    others.abort();
    granted();
    return held;
  };
  for (let seat = 0; seat < count; seat++) {
    navigator.locks.request(`${name} ${seat}`, { signal: others.signal }, sit).catch(() => {});
  }
  return () => {
    over = true;
    others.abort();
    free();
  };
}

function lease(name, count, granted) {
  const me = `${Date.now()}-${Math.random()}`;
  const keys = Array.from({ length: count }, (_, seat) => `weir.seat ${name} ${seat}`);
  let own;
  let sits = false;
  const holder = (key) => {
    const [who, until] = (localStorage.getItem(key) ?? "").split(" ");
    return Number(until) > Date.now() ? who : "";
  };
  const write = () => localStorage.setItem(own, `${me} ${Date.now() + HELD}`);
  const look = () => {
    if (sits) return write();
    if (own && holder(own) === me) {
      // Nobody wrote over it since the last look.
      sits = true;
      return granted();
    }
    own = keys.find((key) => !holder(key));
    if (own) {
      write();
      setTimeout(() => timer && !sits && look(), 20 + Math.random() * 60);
    }
  };
  const changed = (event) => event.newValue === null && keys.includes(event.key) && look();
  let timer;
  const leave = () => {
    clearInterval(timer);
    timer = undefined;
    removeEventListener("storage", changed);
    removeEventListener("pagehide", leave);
    if (own && holder(own) === me) localStorage.removeItem(own);
    own = undefined;
  };
  try {
    timer = setInterval(look, LOOKS);
    look();
  } catch {
    leave();
    return undefined;
  }
  addEventListener("storage", changed);
  addEventListener("pagehide", leave);
  return leave;
}
