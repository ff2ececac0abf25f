#!/usr/bin/env bash
# web-runner.sh TESTS.wasm [FILTER…] — wasm-bindgen-test-runner, started again where its page does not
# load. Its web server (tiny_http) hands a connection to a thread that is just being given another
# one; as connections are kept open, the request waits for ever. That shows before the first test,
# so nothing is hidden by the second start.
set -uo pipefail
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for _ in 1 2 3 4 5 6 7 8; do
  : >"$log"
  setsid wasm-bindgen-test-runner "$@" > >(tee "$log") 2>&1 &
  runner=$!
  waited=0
  while kill -0 "$runner" 2>/dev/null; do
    if ((waited >= 60)) && ! grep -q '^Loading\|^running\|^test ' "$log"; then
      echo "The page of the tests did not load within $waited s: started again." >&2
      kill -- "-$runner" 2>/dev/null
      wait "$runner" 2>/dev/null
      continue 2
    fi
    sleep 1
    waited=$((waited + 1))
  done
  wait "$runner"
  exit $?
done
echo "The page of the tests did not load in 8 attempts." >&2
exit 1
