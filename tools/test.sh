#!/usr/bin/env bash
# test.sh [native|crates|web|vendors|end-to-end|other-browsers|quick-end-to-end|quick-other-browsers]
# — every test, or some suites. The last line is `N passed, N failed`; anything failed, or a suite in
# which no test ran, makes the exit code 1. quick-… opens the console of `make run`, in one part,
# instead of a release.
. "$(dirname "$0")/common.sh"

prepare trunk test-runner
tools/browser.sh
tools/services.sh
chromedriver=$(command -v chromedriver)
passed=0
failed=0

# suite NAME USUAL-TIME FUNCTION — runs it and adds up the figures of every `test result:` line.
suite() {
  local name=$1 usual=$2 run=$3 start=$SECONDS log code ok bad
  log=$WEIR_CACHE/test-$name.log
  printf '==> %s … (%s)\n' "$name" "$usual"
  set +e
  (set -e && "$run") 2>&1 | tee "$log"
  code=${PIPESTATUS[0]}
  set -e
  # A suite that cannot run here says so itself.
  if [ "$code" = 77 ]; then
    printf '    %s: skipped\n' "$name"
    return
  fi
  ok=$(awk '/^test result: / { n += $4 } END { print n + 0 }' "$log")
  bad=$(awk '/^test result: / { n += $6 } END { print n + 0 }' "$log")
  if [ "$bad" = 0 ] && { [ "$code" != 0 ] || [ "$ok" = 0 ]; }; then
    bad=1
    echo "!!! $name: exit code $code with $ok tests passed and none failed: counted as one failure." >&2
  fi
  passed=$((passed + ok))
  failed=$((failed + bad))
  printf '    %s: %s passed, %s failed in %s s (log: %s)\n' \
    "$name" "$ok" "$bad" $((SECONDS - start)) "$log"
}

native() {
  cargo test --workspace --exclude weir-e2e --exclude weir-bench --no-fail-fast
}

# Without the console's own unit tests, which need Leptos natively.
crates() {
  cargo test --workspace --exclude weir --exclude weir-e2e --exclude weir-bench --no-fail-fast
}

web() {
  CHROMEDRIVER=$chromedriver \
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=$ROOT/tools/web-runner.sh \
    WASM_BINDGEN_TEST_TIMEOUT=300 \
    cargo test --target wasm32-unknown-unknown -p weir --test web
}

vendors() {
  tools/vendors.sh
}

end_to_end() {
  tools/build.sh console
  in_browser
}

quick_end_to_end() {
  tools/build.sh quick-console
  # It has no parts that could fail to come.
  E2E_CONSOLE=$QUICK_CONSOLE in_browser -- --skip parts::
}

other_browsers() {
  tools/build.sh console
  in_others dist
}

quick_other_browsers() {
  tools/build.sh quick-console
  in_others "$QUICK_CONSOLE"
}

# in_others CONSOLE
in_others() {
  [ -n "${BACKEND_IS_BUILT:-}" ] || tools/build.sh backend
  tools/other-browsers.sh "$CARGO_TARGET_DIR/debug/weir-backend" "$1"
}

# in_browser [ARGUMENT…] — beside another browser on two cores a wait can end too early: what failed
# is tried once more by itself, and counts as failed when it fails again.
in_browser() {
  local first=$WEIR_CACHE/end-to-end-first.log failed passed
  # The harness tells where it was; a backtrace of it adds nothing.
  export RUST_BACKTRACE=0
  [ -n "${BACKEND_IS_BUILT:-}" ] || tools/build.sh backend
  if cargo test -p weir-e2e --no-fail-fast "$@" 2>&1 | tee "$first" |
    sed 's/^test result: FAILED/first run: FAILED/'; then
    return
  fi
  mapfile -t failed < <(sed -n 's/^test \(.*\) \.\.\. FAILED$/\1/p' "$first")
  if [ ${#failed[@]} = 0 ] || [ ${#failed[@]} -gt 8 ]; then
    grep '^test result: FAILED' "$first"
    return 1
  fi
  passed=$(awk '/^test result: FAILED/ { print $4 }' "$first")
  echo "test result: ok. $passed passed; 0 failed; of the first run; again alone: ${failed[*]}"
  cargo test -p weir-e2e --no-fail-fast --test console -- --exact --test-threads 1 "${failed[@]}"
}

for name in ${*:-native web vendors end-to-end other-browsers}; do
  case $name in
  native)
    suite native "8 minutes the first time" native
    export BACKEND_IS_BUILT=yes
    ;;
  crates) suite crates "8 minutes the first time" crates ;;
  web) suite web "5 minutes the first time" web ;;
  vendors) suite vendors "2 minutes the first time" vendors ;;
  end-to-end) suite end-to-end "25 minutes the first time" end_to_end ;;
  quick-end-to-end) suite quick-end-to-end "15 minutes the first time" quick_end_to_end ;;
  other-browsers) suite other-browsers "2 minutes" other_browsers ;;
  quick-other-browsers) suite quick-other-browsers "2 minutes" quick_other_browsers ;;
  *) fail "$name is no suite." "The comment in tools/test.sh names them; none for all." ;;
  esac
done

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
