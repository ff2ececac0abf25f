#!/usr/bin/env bash
# size.sh [--record] — bytes of the console's code by crate and module, and what grew since
# tools/size.txt was recorded.
. "$(dirname "$0")/common.sh"

prepare trunk
tools/build.sh console >&2
baseline=(tools/size.txt)
if [ $# = 0 ] && [ ! -f tools/size.txt ]; then
  baseline=()
fi
exec cargo run --quiet -p weir-bundler --bin weir-size -- \
  "$CARGO_TARGET_DIR/wasm32-unknown-unknown/release/weir.wasm" "$@" "${baseline[@]}"
