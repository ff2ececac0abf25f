#!/usr/bin/env bash
# pictures.sh — takes the pictures of the README and the tour anew, from the built console.
. "$(dirname "$0")/common.sh"

prepare trunk
tools/browser.sh
tools/build.sh console
tools/build.sh backend
step "take the pictures" "2 minutes" "The test above that failed takes one of them." \
  cargo test --quiet -p weir-e2e --test console -- main_job example as_code bulk overview
mkdir -p docs/pictures
for name in workspace example-dashboard import-plan bulk-plan palette; do
  cp "$CARGO_TARGET_DIR/screens/$name-1440-light.png" "docs/pictures/$name.png"
done
