#!/usr/bin/env bash
# soak.sh FOLDER [SECONDS] — schemathesis on the vendor's OpenAPI files of Timeplus in FOLDER, against
# the built backend, signed in, about resources that exist: so long for each. The files are the
# vendor's: one with 2025 in its name, one with 2026.
. "$(dirname "$0")/common.sh"

folder=${1:-}
[ -d "$folder" ] ||
  fail "soak needs the folder of the vendor's OpenAPI files." "make soak SPECS=folder"
venv=$WEIR_CACHE/soak
wanted=tests/vendors/soak-requirements.txt
if ! cmp -s "$wanted" "$venv/requirements.txt"; then
  rm -rf "$venv"
  step "install schemathesis" "1 minute" "Is the Python package index reachable?" \
    sh -c 'python3 -m venv "$1" && "$1/bin/pip" install -q --disable-pip-version-check -r "$2"' \
    sh "$venv" "$wanted"
  cp "$wanted" "$venv/requirements.txt"
fi
cargo build -q -p weir-backend
PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" tests/vendors/soak.py \
  "$CARGO_TARGET_DIR/debug/weir-backend" "$folder" "${2:-150}"
