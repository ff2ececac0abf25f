# Sourced by every script here: where things are and how steps are shown.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"
# shellcheck source=versions.env
. tools/versions.env

# Everything built or downloaded lives here, so that a fresh clone starts quickly.
export WEIR_CACHE=${WEIR_CACHE:-$HOME/.cache/weir}
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$WEIR_CACHE/target}
# Where tools/bundler is called wasm-bindgen.
export BUNDLER=$CARGO_TARGET_DIR/bundler
# The console as `make run` serves it.
export QUICK_CONSOLE=$CARGO_TARGET_DIR/quick-console
export npm_config_cache=$WEIR_CACHE/npm
export PATH=$WEIR_CACHE/tools/bin:$PATH:$HOME/.cargo/bin:/usr/sbin
mkdir -p "$WEIR_CACHE"
# Written by toolchain.sh where Debian's Rust is used.
if [ -f "$WEIR_CACHE/toolchain.env" ]; then
  . "$WEIR_CACHE/toolchain.env"
fi

# Macros write the checkout's path into what they build, which cargo does not see: without this a
# checkout that shares a target folder with another one would take over that one's paths.
if [ "$(cat "$CARGO_TARGET_DIR/checkout" 2>/dev/null)" != "$ROOT" ]; then
  mkdir -p "$CARGO_TARGET_DIR"
  find src crates tests -name '*.rs' -exec touch {} +
  printf '%s\n' "$ROOT" >"$CARGO_TARGET_DIR/checkout"
fi

have() { command -v "$1" >/dev/null 2>&1; }

# fail WHAT REMEDY
fail() {
  printf '\n!!! %s\n    %s\n' "$1" "$2" >&2
  exit 1
}

# step WHAT USUAL-TIME REMEDY COMMAND…
step() {
  local what=$1 usual=$2 remedy=$3 start=$SECONDS code=0
  shift 3
  printf '==> %s … (%s)\n' "$what" "$usual"
  "$@" || code=$?
  if [ "$code" != 0 ]; then
    fail "$what: failed after $((SECONDS - start)) s (exit code $code)." "$remedy"
  fi
  printf '    done in %s s\n' $((SECONDS - start))
}

# Runs a command as root, asking for a password only where somebody can type it.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif have sudo && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    sudo "$@"
  else
    echo "root is needed for: $*" >&2
    return 1
  fi
}

apt_packages() {
  as_root apt-get update -q &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}

# need_packages PROGRAM PACKAGE… — installs the packages where the program is missing.
need_packages() {
  local program=$1
  shift
  if have "$program"; then
    return
  fi
  if ! have apt-get; then
    fail "$program is missing." "Install it with your system's package manager (on Debian: $*)."
  fi
  step "install $*" "under a minute" "Install by hand and run again: apt-get install $*" \
    apt_packages "$@"
}

# unpack_program PROGRAM PACKAGE VERSION-FLAG
unpack_program() {
  local scratch
  scratch=$(mktemp -d) &&
    (cd "$scratch" && apt-get download -q "$2" && dpkg-deb -x ./*.deb .) &&
    install -D "$scratch/usr/sbin/$1" "$WEIR_CACHE/tools/bin/$1" &&
    rm -rf "$scratch" &&
    "$1" "$3"
}

# need_program PROGRAM PACKAGE VERSION-FLAG — Debian starts an installed server as a service; the
# tests only need the program, so it is unpacked beside the other tools.
need_program() {
  if have "$1"; then
    return
  fi
  if ! have apt-get; then
    fail "$1 is missing." "Install it with your system's package manager (on Debian: $2)."
  fi
  step "unpack $1" "10 s" "Install it by hand and run again: apt-get install $2" \
    unpack_program "$@"
}

# has_target TRIPLE — has rustc its standard library, or can rustup fetch it?
has_target() {
  local libdir
  libdir=$(rustc --print target-libdir --target "$1")
  compgen -G "$libdir/libstd-*.rlib" >/dev/null ||
    { have rustup && rustup target add "$1" && compgen -G "$libdir/libstd-*.rlib" >/dev/null; }
}

# prepare [TOOL…] — what a build needs, and tools of tools.sh. The toolchain's choice holds for the
# rest of the calling script.
prepare() {
  tools/toolchain.sh
  if [ -f "$WEIR_CACHE/toolchain.env" ]; then
    . "$WEIR_CACHE/toolchain.env"
  fi
  tools/tools.sh "$@"
  tools/npm.sh
}
