#!/usr/bin/env bash
# trunk serve on PORT with reload on change; Trunk.toml passes its API calls on to a backend on 8000.
. "$(dirname "$0")/common.sh"

PORT=${PORT:-8080}
DATA=${DATA:-${XDG_DATA_HOME:-$HOME/.local/share}/weir}

prepare trunk
tools/build.sh backend
tools/build.sh bundler

"$CARGO_TARGET_DIR/debug/weir-backend" --listen 127.0.0.1:8000 --data "$DATA" --console dist \
  --cors-origin "http://127.0.0.1:$PORT" &
backend=$!
trap 'kill "$backend" 2>/dev/null' EXIT
echo "==> sign in with the link below, then open http://127.0.0.1:$PORT/ (cookies know no ports)"
PATH=$BUNDLER/parts:$PATH trunk serve --address 127.0.0.1 --port "$PORT" --dist "$WEIR_CACHE/dev-dist"
