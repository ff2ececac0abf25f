#!/usr/bin/env bash
# fuzz.sh [SECONDS] — feeds the decoder and the ring with input that finds its way by the code it
# reaches (libFuzzer, on a stable compiler). An input that breaks something is kept in
# crates/live/fuzz/artifacts/ and named; `tools/fuzz.sh 0 FILE` runs it again.
. "$(dirname "$0")/common.sh"

length=${1:-60}
[ $# -gt 0 ] && shift
need_packages g++ g++
host=$(rustc -vV | sed -n 's/^host: //p')
found=$WEIR_CACHE/fuzz
mkdir -p "$found" crates/live/fuzz/artifacts

# What cargo-fuzz passes, without the sanitizers, which need a nightly compiler. The code has no
# unsafe of its own; panics, overflows and failed assertions are what is looked for.
build() {
  RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 -Cdebug-assertions=on \
-Coverflow-checks=on" cargo build --quiet --release --target "$host" \
    --manifest-path crates/live/fuzz/Cargo.toml --target-dir "$CARGO_TARGET_DIR/fuzz"
}
step "build the fuzz target" "2 minutes the first time" \
  "The compiler's message above names the place." build

target=$CARGO_TARGET_DIR/fuzz/$host/release/push
if [ "$length" = 0 ]; then
  exec "$target" "$@"
fi
exec "$target" -max_total_time="$length" -max_len=4096 -timeout=10 -print_final_stats=1 \
  -dict=crates/live/fuzz/dictionary.txt -artifact_prefix=crates/live/fuzz/artifacts/ \
  "$found" crates/live/fuzz/seeds "$@"
