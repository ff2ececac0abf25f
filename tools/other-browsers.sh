#!/usr/bin/env bash
# other-browsers.sh BACKEND CONSOLE [NAME] — the console's main job in Firefox, and in Firefox and
# Chromium without TLS (tests/browsers), with a built program and bundle.
. "$(dirname "$0")/common.sh"

tools/driver.sh
if [ -z "${FIREFOX:-}" ] && ! have firefox; then
  need_packages firefox-esr "$PACKAGES_FIREFOX"
fi
FIREFOX=${FIREFOX:-$(command -v firefox-esr || command -v firefox)}
export FIREFOX

exec node tests/browsers/run.mjs "$@"
