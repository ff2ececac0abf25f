// Seats that all pages of the console share, by the browser's locks: a page that is closed or
// crashes leaves its own.

/**
 * Waits for one of `count` seats and calls `granted` once. The answer gives the seat back or ends
 * the waiting; undefined where the browser has no locks, as without TLS on another address than
 * localhost.
 */
export function take(name, count, granted) {
  if (!navigator.locks) return undefined;
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
