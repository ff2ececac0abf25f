#!/usr/bin/env bash
# build.sh console|backend — both are skipped where nothing changed.
. "$(dirname "$0")/common.sh"

# What the console's bundle is made of; folders too, so that a deleted file counts.
console_inputs() {
  find src style public crates/api/{Cargo.toml,src} crates/live/{Cargo.toml,src} \
    index.html Trunk.toml build.rs Cargo.toml Cargo.lock .cargo/config.toml package-lock.json \
    tools/{versions.env,build.sh,first-load.txt} tools/*.{mjs,js}
}

# Newer than every input of the last good build. One per checkout: the cache is shared.
stamp=$WEIR_CACHE/console-$(printf %s "$ROOT" | cksum | cut -d' ' -f1).stamp

console_is_fresh() {
  [ -f "$stamp" ] && [ -f dist/index.html ] || return
  local input
  while read -r input; do
    if [ "$input" -nt "$stamp" ]; then
      return 1
    fi
  done < <(console_inputs)
}

bundle() {
  trunk build --release --offline --color never &&
    node tools/precompress.mjs dist
}

build_console() {
  if console_is_fresh; then
    echo "==> console: nothing changed since the last build"
    return
  fi
  touch "$stamp.new"
  step "build the console" "6 minutes the first time, then about 1" \
    "The compiler's message above names the place. Tools are checked by tools/tools.sh." bundle
  mv "$stamp.new" "$stamp"
}

case ${1:-} in
console) build_console ;;
backend)
  step "build the backend" "6 minutes the first time, then seconds" \
    "The compiler's message above names the place." cargo build --quiet -p weir-backend
  ;;
*) fail "usage: tools/build.sh console|backend" "Name the part to build." ;;
esac
