#!/usr/bin/env bash
# vendors.sh — the vendors' own clients (Python) against the built backend. Exits 77 where there is no
# Python to run them.
. "$(dirname "$0")/common.sh"

venv=$WEIR_CACHE/vendors
wanted=tests/vendors/requirements.txt
has_venv() { have python3 && python3 -c 'import ensurepip, venv' 2>/dev/null; }
# Only tried: where nobody may install packages the suite is skipped.
if ! has_venv && have apt-get; then
  apt_packages $PACKAGES_PYTHON || true
fi
if ! has_venv; then
  echo "vendors: skipped: there is no Python 3 with venv (on Debian: apt-get install python3-venv)." >&2
  exit 77
fi
if ! cmp -s "$wanted" "$venv/requirements.txt"; then
  rm -rf "$venv"
  step "install the vendors' clients" "1 minute" "Is the Python package index reachable?" \
    sh -c 'python3 -m venv "$1" && "$1/bin/pip" install -q --disable-pip-version-check -r "$2"' \
    sh "$venv" "$wanted"
  cp "$wanted" "$venv/requirements.txt"
fi
# The native tests have built it with what they need; other packages would build it anew.
[ -n "${BACKEND_IS_BUILT:-}" ] || cargo build -q -p weir-backend
WEIR_BACKEND=$CARGO_TARGET_DIR/debug/weir-backend PYTHONDONTWRITEBYTECODE=1 \
  "$venv/bin/python" -m pytest tests/vendors "$@"
