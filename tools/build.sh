#!/usr/bin/env bash
# build.sh console|quick-console|backend|bundler — each is skipped where nothing changed.
#
# console        dist/, as it is shipped: small, in parts
# quick-console  $QUICK_CONSOLE, as `make run` serves it: built fast, in one part
. "$(dirname "$0")/common.sh"

WASM=wasm32-unknown-unknown
# As little as makes the page quick; the rest as in tests, whose dependencies are built for both.
QUICK=(--config 'profile.dev.package.weir.opt-level=1' --config 'profile.dev.debug=false')

# What the console's bundle is made of; folders too, so that a deleted file counts.
console_inputs() {
  find src style public crates/api/{Cargo.toml,src} crates/live/{Cargo.toml,src} \
    crates/template/{Cargo.toml,src} crates/code/{Cargo.toml,src} index.html Trunk.toml build.rs Cargo.toml Cargo.lock \
    .cargo/config.toml package-lock.json tools/{versions.env,build.sh} tools/*.mjs tools/bundle*
}

# One per checkout: the cache is shared.
stamp() {
  echo "$WEIR_CACHE/$1-$(printf %s "$ROOT" | cksum | cut -d' ' -f1).stamp"
}

# is_fresh NAME FOLDER — the last good build is newer than every input.
is_fresh() {
  [ -f "$(stamp "$1")" ] && [ -f "$2/index.html" ] || return
  local input
  while read -r input; do
    if [ "$input" -nt "$(stamp "$1")" ]; then
      return 1
    fi
  done < <(console_inputs)
}

# console NAME FOLDER USUAL-TIME FUNCTION
console() {
  if is_fresh "$1" "$2"; then
    echo "==> console: nothing changed since the last build"
    return
  fi
  touch "$(stamp "$1").new"
  step "build the console" "$3" "The compiler's message above names the place." "$4"
  mv "$(stamp "$1").new" "$(stamp "$1")"
}

# bundler NAME [OPTION…] — Trunk finds tools/bundler by the name of what it stands in for. The one
# that splits and the one that does not have a folder each: two builds may run at once.
bundler() {
  local folder=$BUNDLER/$1
  shift
  cargo build --quiet -p weir-bundler --bin weir-bundler "$@" &&
    mkdir -p "$folder" &&
    cp "$CARGO_TARGET_DIR/debug/weir-bundler" "$folder/wasm-bindgen" &&
    export PATH=$folder:$PATH
}

shipped() {
  bundler parts &&
    trunk build --release --offline --color never &&
    node tools/precompress.mjs dist
}

quick() {
  local glue=$CARGO_TARGET_DIR/quick-console-glue
  bundler whole --no-default-features &&
    cargo build "${QUICK[@]}" --target "$WASM" -p weir &&
    wasm-bindgen --target web --out-dir "$glue" --out-name weir \
      "$CARGO_TARGET_DIR/$WASM/debug/weir.wasm" &&
    TRUNK_PROFILE=debug node tools/assets.mjs &&
    rm -rf "$QUICK_CONSOLE" &&
    node tools/bundle.mjs "$glue" "$QUICK_CONSOLE"
}

case ${1:-} in
console) console console dist "6 minutes the first time, then 3" shipped ;;
quick-console) console quick-console "$QUICK_CONSOLE" "3 minutes the first time, then 1" quick ;;
backend)
  step "build the backend" "5 minutes the first time, then seconds" \
    "The compiler's message above names the place." \
    cargo build -p weir-backend -p weir-bundler --no-default-features
  ;;
bundler) step "build the bundler" "2 minutes the first time" \
  "The compiler's message above names the place." bundler parts ;;
*) fail "usage: tools/build.sh console|quick-console|backend|bundler" "Name the part to build." ;;
esac
