#!/usr/bin/env bash
# What users get, in release/: the program `weir` with the console inside (static where the musl
# target can be had), and the console's bundle for other web servers.
. "$(dirname "$0")/common.sh"

prepare trunk
tools/build.sh console

host=$(rustc -vV | sed -n 's/^host: //p')
target=$host
static=${host%-gnu}-musl
if [ "$static" != "$host" ] && has_target "$static"; then
  need_packages musl-gcc musl-tools
  target=$static
else
  echo "==> no standard library for $static: the program will need this system's libc"
fi

build() {
  WEIR_CONSOLE=$ROOT/dist cargo build --quiet --profile native -p weir-backend --target "$target"
}
step "build weir for $target" "15 minutes the first time" \
  "The compiler's message above names the place." build

rm -rf release
mkdir release
step "write the bill of materials" "5 s" "Cargo.lock and package-lock.json have to fit their manifests." \
  node tools/sbom.mjs release/weir.cdx.json weir-backend "$target" weir wasm32-unknown-unknown
cp "$CARGO_TARGET_DIR/$target/native/weir-backend" release/weir
strip release/weir
tar -czf release/weir-console.tar.gz -C dist .
tar -czf "release/weir-$target.tar.gz" -C release weir weir.cdx.json -C "$ROOT" LICENSE README.md SECURITY.md docs deploy
(cd release && sha256sum -- *.tar.gz weir.cdx.json >SHA256SUMS)
ls -l release

tools/smoke.sh release/weir
