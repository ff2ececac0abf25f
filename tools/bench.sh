#!/usr/bin/env bash
# Measures size, live rows and ingest on this machine and prints a table for the README. What is
# printed is a figure, never a verdict.
. "$(dirname "$0")/common.sh"

prepare trunk
tools/browser.sh
tools/build.sh console
step "build backend and bench, optimised" "8 minutes the first time" \
  "The compiler's message above names the place." \
  cargo build --quiet --profile native -p weir-backend -p weir-bench
backend=$CARGO_TARGET_DIR/native/weir-backend
# The peers are installed for this alone.
step "install the peers: AG Grid, Lighthouse" "1 minute the first time" \
  "Check that the npm registry can be reached: npm ping" \
  npm ci --silent --no-audit --no-fund --prefix tests/bench/peers
environment=$WEIR_CACHE/oracle
if [ ! -x "$environment/bin/python" ]; then
  step "install chdb" "1 minute the first time" "Install Python's venv module and run again." \
    python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet chdb
fi
"$CARGO_TARGET_DIR/native/weir-bench" \
  --backend "$backend" --console dist --minutes "${MINUTES:-10}" "$@"
if [ $# = 0 ]; then
  PYTHONDONTWRITEBYTECODE=1 "$environment/bin/python" tests/bench/peers/engine.py "$backend" "${ROWS:-1000000}"
  node tests/bench/peers/pages.mjs --console dist --backend "$backend"
  node tests/bench/peers/lists.mjs --console dist
  node tests/bench/peers/lighthouse.mjs --console dist --backend "$backend"
fi
