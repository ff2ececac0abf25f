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
exec "$CARGO_TARGET_DIR/native/weir-bench" \
  --backend "$CARGO_TARGET_DIR/native/weir-backend" --console dist --minutes "${MINUTES:-10}" "$@"
