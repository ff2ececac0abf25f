#!/usr/bin/env bash
# pictures.sh — takes the pictures of the README and the tour anew, from the built console.
. "$(dirname "$0")/common.sh"

prepare trunk
tools/driver.sh
tools/build.sh console
tools/build.sh backend
mkdir -p docs/pictures
step "take the pictures" "1 minute" "The message above names what did not come." \
  node tests/browsers/pictures.mjs "$CARGO_TARGET_DIR/debug/weir-backend" dist docs/pictures
