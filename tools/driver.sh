#!/usr/bin/env bash
# Chromium, and what drives it and Firefox from Node (tests/browsers).
. "$(dirname "$0")/common.sh"

tools/browser.sh
# shellcheck disable=SC2086 # a list of packages
need_packages npm $PACKAGES_NODE
stamp=tests/browsers/node_modules/.weir-lock
if ! cmp -s tests/browsers/package-lock.json "$stamp"; then
  step "install what drives the browsers" "10 s" "Check that the npm registry can be reached: npm ping" \
    npm ci --silent --no-audit --no-fund --prefix tests/browsers
  cp tests/browsers/package-lock.json "$stamp"
fi
