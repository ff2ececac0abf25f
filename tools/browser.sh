#!/usr/bin/env bash
# What the browser tests need: Chromium, ChromeDriver and nginx.
. "$(dirname "$0")/common.sh"

# Debian starts an installed nginx as a service; the tests only need the program, so it is
# unpacked beside the other tools.
unpack_nginx() {
  local scratch
  scratch=$(mktemp -d) &&
    (cd "$scratch" && apt-get download -q "$PACKAGES_NGINX" && dpkg-deb -x ./*.deb .) &&
    install -D "$scratch/usr/sbin/nginx" "$WEIR_CACHE/tools/bin/nginx" &&
    rm -rf "$scratch" &&
    nginx -v
}

# shellcheck disable=SC2086 # lists of packages
{
  need_packages chromium $PACKAGES_BROWSER
  need_packages chromedriver $PACKAGES_BROWSER
}
if ! have nginx; then
  if ! have apt-get; then
    fail "nginx is missing." "Install it with your system's package manager (on Debian: $PACKAGES_NGINX)."
  fi
  step "unpack nginx" "10 s" "Install it by hand and run again: apt-get install $PACKAGES_NGINX" \
    unpack_nginx
fi
