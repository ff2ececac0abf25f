#!/usr/bin/env bash
# fuzz.sh [SECONDS] [TARGET [FILE…]] — feeds every parser of bytes from outside with input that
# finds its way by the code it reaches (libFuzzer, on a stable compiler), so long for each target.
# Targets: push (events, rows, ring, exports), types, sql, ingest, template, csv, mybatis, relay
# (methods, paths, headers and bodies of calls). An input that breaks
# something is kept in tests/fuzz/artifacts/ and named; `tools/fuzz.sh 0 TARGET FILE` runs it again.
. "$(dirname "$0")/common.sh"

length=${1:-60}
only=${2:-}
shift $(($# < 2 ? $# : 2))
need_packages g++ g++
host=$(rustc -vV | sed -n 's/^host: //p')
mkdir -p tests/fuzz/artifacts

# What cargo-fuzz passes, without the sanitizers, which need a nightly compiler. The code has no
# unsafe of its own; panics, overflows and failed assertions are what is looked for.
build() {
  for folder in crates/live/fuzz tests/fuzz; do
    RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 -Cdebug-assertions=on \
-Coverflow-checks=on" cargo build --quiet --release --target "$host" \
      --manifest-path $folder/Cargo.toml --target-dir "$CARGO_TARGET_DIR/fuzz" || return 1
  done
}
step "build the fuzz targets" "8 minutes the first time" \
  "The compiler's message above names the place." build

for target in ${only:-push types sql ingest template csv mybatis relay}; do
  program=$CARGO_TARGET_DIR/fuzz/$host/release/$target
  if [ "$length" = 0 ]; then
    "$program" "$@"
    continue
  fi
  seeds=tests/fuzz/seeds/$target
  dictionary=
  if [ "$target" = push ]; then
    seeds=crates/live/fuzz/seeds
    dictionary=-dict=crates/live/fuzz/dictionary.txt
  fi
  found=$WEIR_CACHE/fuzz/$target
  mkdir -p "$found"
  printf '==> %s for %s s\n' "$target" "$length"
  "$program" -max_total_time="$length" -max_len=4096 -timeout=10 -print_final_stats=1 \
    $dictionary -artifact_prefix="tests/fuzz/artifacts/$target-" "$found" "$seeds" "$@"
done
