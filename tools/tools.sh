#!/usr/bin/env bash
# tools.sh [trunk] [test-runner] — programs that are built once, in the pinned versions. `make run`
# needs neither.
. "$(dirname "$0")/common.sh"

# What `PROGRAM --version` must end with; an equal one already on PATH is used as it is.
is_version() {
  have "$1" && [ "$("$1" --version 2>/dev/null | awk '{ print $2; exit }')" = "$2" ]
}

install_crate() {
  cargo install --root "$WEIR_CACHE/tools" --target-dir "$WEIR_CACHE/tools-target" "$@"
}

# Trunk as its own authors optimise it takes over 20 minutes on two cores; it only drives other
# programs, so it is built quickly instead.
install_trunk() {
  if have cargo-binstall && cargo binstall -y --root "$WEIR_CACHE/tools" "trunk@$TRUNK_VERSION"; then
    return
  fi
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    install_crate "trunk@$TRUNK_VERSION" --locked --no-default-features --features rustls
}

# Without --locked: the lock file it ships names a crate version that registries have yanked.
install_test_runner() {
  CARGO_PROFILE_RELEASE_OPT_LEVEL=1 install_crate "wasm-bindgen-cli@$1"
}

for tool in "$@"; do
  case $tool in
  trunk)
    if ! is_version trunk "$TRUNK_VERSION"; then
      step "build trunk $TRUNK_VERSION" "6 to 9 minutes, once" \
        "Or put trunk $TRUNK_VERSION on PATH yourself and run again." install_trunk
    fi
    ;;
  test-runner)
    bindgen=$(awk '$0 == "name = \"wasm-bindgen\"" { getline; gsub(/[^0-9.]/, ""); print; exit }' Cargo.lock)
    if [ -z "$bindgen" ]; then
      fail "Cargo.lock names no version of wasm-bindgen." "Restore Cargo.lock from git."
    fi
    if ! is_version wasm-bindgen-test-runner "$bindgen"; then
      step "build wasm-bindgen's test runner $bindgen" "3 minutes, once" \
        "Or put wasm-bindgen-cli $bindgen on PATH yourself and run again." \
        install_test_runner "$bindgen"
    fi
    ;;
  *) fail "$tool is no tool." "Name trunk or test-runner." ;;
  esac
done
