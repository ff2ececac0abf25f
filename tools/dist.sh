#!/usr/bin/env bash
# The static bundle for any web server or CDN, in dist/.
. "$(dirname "$0")/common.sh"

prepare trunk
tools/build.sh console

for file in dist/index.html dist/config.json; do
  if [ ! -f "$file" ]; then
    fail "$file was not written." "It is copied by a link of rel=\"copy-file\" in index.html."
  fi
done
step "write the bill of materials" "5 s" "Cargo.lock and package-lock.json have to fit their manifests." \
  node tools/sbom.mjs dist/sbom.cdx.json weir wasm32-unknown-unknown
echo "==> dist/ holds the console: upload it as it is."
echo "    config.json names the connections offered; deploy/nginx/static.conf shows the headers and the"
echo "    fallback that deep links need. Let the backend answer it: --cors-origin https://…"
