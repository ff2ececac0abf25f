#!/usr/bin/env bash
# Node and the packages of package-lock.json, fetched only when the lock file changed.
. "$(dirname "$0")/common.sh"

# shellcheck disable=SC2086 # a list of packages
need_packages npm $PACKAGES_NODE
node=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
if [ "$node" -lt "$NODE_MINIMUM" ]; then
  fail "Node $node is too old." "Install Node $NODE_MINIMUM or newer and run again."
fi

stamp=node_modules/.weir-lock
if ! cmp -s package-lock.json "$stamp"; then
  step "fetch npm packages" "10 s" "Check that the npm registry can be reached: npm ping" \
    npm ci --no-audit --no-fund
  cp package-lock.json "$stamp"
fi
