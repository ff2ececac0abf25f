#!/usr/bin/env bash
# oracle.sh [--all] [--cases] [NAME…] — compares every function that has a peer in ClickHouse with PyPI's chdb, and
# prints what differs, within 15 minutes. tools/oracle/compare.py says what the options do.
. "$(dirname "$0")/common.sh"

environment=$WEIR_CACHE/oracle
if [ ! -x "$environment/bin/python" ]; then
  step "install chdb" "1 minute the first time" "Install Python's venv module and run again." \
    python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet chdb
fi
step "build the engine's evaluate" "3 minutes the first time" \
  "The compiler's message above names the place." \
  cargo build --quiet -p weir-engine --example evaluate
exec "$environment/bin/python" tools/oracle/compare.py "$CARGO_TARGET_DIR/debug/examples/evaluate" "$@"
