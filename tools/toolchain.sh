#!/usr/bin/env bash
# A Rust toolchain with the wasm32-unknown-unknown standard library: rustup's as rust-toolchain.toml
# names it, else another one that rustup has, else Debian's Rust with the standard library built from
# Debian's source. RUSTUP_TOOLCHAIN in toolchain.env goes before rust-toolchain.toml.
. "$(dirname "$0")/common.sh"

TARGET=wasm32-unknown-unknown

debian_libdir=/usr/lib/rustlib/$TARGET/lib
# Which compiler the library there was built with.
debian_stamp=$debian_libdir/weir-stamp

has_wasm() {
  local libdir
  libdir=$(rustc --print target-libdir --target "$TARGET" 2>/dev/null) || return
  compgen -G "$libdir/libstd-*.rlib" >/dev/null || return
  [ ! -f "$libdir/weir-stamp" ] || [ "$(rustc -vV)" = "$(cat "$libdir/weir-stamp")" ]
}

# Builds std from Debian's source in a scratch crate and puts its rlibs where rustc looks.
build_std() {
  local scratch host
  scratch=$(mktemp -d "$WEIR_CACHE/std-XXXXXX")
  host=$(/usr/bin/rustc -vV | sed -n 's/^host: //p')
  as_root mkdir -p "/usr/lib/rustlib/$host/bin" "$debian_libdir" &&
    as_root ln -sf "$DEBIAN_LLD" "/usr/lib/rustlib/$host/bin/rust-lld" || return
  mkdir "$scratch/src"
  cat >"$scratch/Cargo.toml" <<'TOML'
[package]
name = "with-std"
version = "0.0.0"
edition = "2021"
[lib]
crate-type = ["cdylib"]
[workspace]
TOML
  echo 'pub fn used() -> String { String::from("std") }' >"$scratch/src/lib.rs"
  # Bitcode, because the release profile links with LTO.
  (
    cd "$scratch" &&
      env PATH="/usr/bin:$PATH" CARGO_TARGET_DIR="$scratch/target" RUSTC_BOOTSTRAP=1 \
        RUSTFLAGS=-Cembed-bitcode=yes \
        /usr/bin/cargo build --release --target "$TARGET" \
        -Zbuild-std=std,panic_abort,panic_unwind,test
  ) || return
  rm -f "$scratch/target/$TARGET/release/deps/"libwith_std*
  as_root sh -c "rm -f $debian_libdir/*.rlib &&
    cp $scratch/target/$TARGET/release/deps/lib*.rlib $debian_libdir/" || return
  /usr/bin/rustc -vV | as_root tee "$debian_stamp" >/dev/null
  rm -rf "$scratch"
  # Cargo does not notice that std was replaced.
  rm -rf "$CARGO_TARGET_DIR/$TARGET"
}

# Where rustup's server cannot be reached, a toolchain of another name that is new enough.
other_toolchain() {
  local name minimum
  minimum=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
  for name in $(rustup toolchain list | awk '/^[a-z0-9]/ { print $1 }'); do
    if (
      export RUSTUP_TOOLCHAIN=$name
      has_wasm && cargo clippy --version && cargo fmt --version &&
        printf '%s\n%s\n' "$minimum" "$(rustc --version | awk '{ print $2 }')" | sort -CV
    ) >/dev/null 2>&1; then
      use_toolchain "$name"
      return
    fi
  done
  return 1
}

use_toolchain() {
  echo "    using the toolchain $1"
  echo "export RUSTUP_TOOLCHAIN=$1" >"$WEIR_CACHE/toolchain.env"
  . "$WEIR_CACHE/toolchain.env"
}

debian_route() {
  if ! have apt-get; then
    fail "The wasm32 standard library is missing and rustup could not fetch it." \
      "Run: rustup target add $TARGET (or install your distribution's Rust with wasm32)."
  fi
  if ! [ -x /usr/bin/rustc ] || ! [ -x "$DEBIAN_LLD" ] || ! [ -d /usr/lib/rustlib/src ]; then
    # shellcheck disable=SC2086 # a list of packages
    step "install Debian's Rust" "20 s" "Install by hand and run again: apt-get install $PACKAGES_RUST" \
      apt_packages $PACKAGES_RUST
  fi
  if [ "$(/usr/bin/rustc -vV)" != "$(cat "$debian_stamp" 2>/dev/null)" ]; then
    step "build the wasm32 standard library" "70 s" \
      "See the compiler's message above; it needs the packages $PACKAGES_RUST." build_std
  fi
  if have rustup; then
    rustup toolchain link debian /usr >/dev/null
    use_toolchain debian
  fi
}

# shellcheck disable=SC2086 # a list of packages
need_packages cc $PACKAGES_COMPILER

if have rustc && has_wasm; then
  exit 0
fi
if have rustup; then
  echo "==> fetch the wasm32 standard library with rustup … (20 s)"
  # An explicit toolchain in the environment would hide what rustup can add.
  if (unset RUSTUP_TOOLCHAIN && rustup target add "$TARGET" && has_wasm); then
    rm -f "$WEIR_CACHE/toolchain.env"
    exit 0
  fi
  echo "    rustup could not provide it"
  if other_toolchain; then
    exit 0
  fi
fi
debian_route
if ! has_wasm; then
  fail "rustc still has no $TARGET standard library." \
    "Check 'rustc --print target-libdir --target $TARGET' and RUSTUP_TOOLCHAIN."
fi
