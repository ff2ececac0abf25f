#!/usr/bin/env bash
# What the browser tests need: Chromium, ChromeDriver and nginx.
. "$(dirname "$0")/common.sh"

# shellcheck disable=SC2086 # lists of packages
{
  need_packages chromium $PACKAGES_BROWSER
  need_packages chromedriver $PACKAGES_BROWSER
}
need_program nginx "$PACKAGES_NGINX" -v
