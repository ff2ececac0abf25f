#!/usr/bin/env bash
# other-browsers.sh BACKEND CONSOLE [NAME] — the console's main job in Firefox, and in Firefox and
# Chromium without TLS (tests/browsers), with a built program and bundle.
. "$(dirname "$0")/common.sh"

tools/browser.sh
if [ -z "${FIREFOX:-}" ] && ! have firefox; then
  need_packages firefox-esr "$PACKAGES_FIREFOX"
fi
FIREFOX=${FIREFOX:-$(command -v firefox-esr || command -v firefox)}
CHROMIUM=${CHROMIUM:-$(command -v chromium)}
export FIREFOX CHROMIUM

# shellcheck disable=SC2086 # a list of packages
need_packages npm $PACKAGES_NODE
stamp=tests/browsers/node_modules/.weir-lock
if ! cmp -s tests/browsers/package-lock.json "$stamp"; then
  step "install what drives the browsers" "10 s" "Check that the npm registry can be reached: npm ping" \
    npm ci --silent --no-audit --no-fund --prefix tests/browsers
  cp tests/browsers/package-lock.json "$stamp"
fi
exec node tests/browsers/run.mjs "$@"
