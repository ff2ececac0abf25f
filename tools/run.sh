#!/usr/bin/env bash
# Builds what changed and starts the backend, which serves the console too.
. "$(dirname "$0")/common.sh"

PORT=${PORT:-8000}
REVISION=${REVISION:-both}
DATA=${DATA:-${XDG_DATA_HOME:-$HOME/.local/share}/weir}

prepare
tools/build.sh backend
tools/build.sh quick-console
echo "==> data is kept in $DATA"
exec "$CARGO_TARGET_DIR/debug/weir-backend" \
  --listen "127.0.0.1:$PORT" --data "$DATA" --console "$QUICK_CONSOLE" --revision "$REVISION"
