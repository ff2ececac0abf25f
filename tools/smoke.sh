#!/usr/bin/env bash
# smoke.sh [PROGRAM] — starts the shipped program as users do: in a container where there is an
# engine, otherwise from an empty folder as another user. Asks it for its page and its health, and
# stops it.
. "$(dirname "$0")/common.sh"

program=$(realpath "${1:-release/weir}")
port=$((20000 + RANDOM % 20000))
folder=$(mktemp -d)
export WEIR_ADMIN_PASSWORD=starts-as-shipped

in_container() {
  docker build -q -t weir-smoke . >/dev/null &&
    # Its data is in a volume without a name, which goes with it: the folder here is another user's.
    container=$(docker run -d --rm --read-only --cap-drop ALL \
      -e WEIR_ADMIN_PASSWORD -p "127.0.0.1:$port:8000" weir-smoke)
}

as_other_user() {
  local as=()
  if [ "$(id -u)" = 0 ]; then
    chown nobody "$folder"
    as=(setpriv --reuid nobody --regid nogroup --clear-groups)
  fi
  # Readable for the other user, wherever the checkout is.
  install -m 755 "$program" "$folder/weir"
  (cd "$folder" && exec "${as[@]}" ./weir --listen "127.0.0.1:$port" --data "$folder/data") \
    >"$folder/log" 2>&1 &
  process=$!
}

answers() {
  for _ in $(seq 100); do
    if curl -fsS "http://127.0.0.1:$port/healthz" >/dev/null 2>&1; then
      return
    fi
    sleep 0.1
  done
  if [ -n "${container:-}" ]; then
    docker logs "$container" >&2
  else
    cat "$folder/log" >&2
  fi
  return 1
}

# ask ADDRESS [OPTION…]
ask() {
  local address=http://127.0.0.1:$port$1
  shift
  curl -fsS "$@" "$address"
}

serves() {
  local page file encoding
  page=$(ask /c/local/sql -H "Accept: text/html") && [[ $page == *'<base href="/"'* ]] || return
  for file in $(grep -o '[a-z]*-[0-9a-f]\{16\}\.[a-z]*' <<<"$page" | sort -u); do
    for encoding in br gzip identity; do
      ask "/$file" -o /dev/null -H "Accept-Encoding: $encoding" || return
    done
  done
  ask /config.json >/dev/null &&
    ask /metrics -u admin:starts-as-shipped | grep -q '^weir_info' &&
    "$program" health --listen "127.0.0.1:$port"
}

stops() {
  if [ -n "${container:-}" ]; then
    docker stop "$container" >/dev/null
  else
    kill "$process" && wait "$process"
  fi
}

if have docker && docker info >/dev/null 2>&1; then
  step "build and start the image" "20 minutes the first time" "See docker's message above." in_container
else
  step "start from an empty folder as another user" "1 s" "The message above says why." as_other_user
fi
step "healthy" "1 s" "The program's log is above." answers
step "serves the console, its health and its metrics" "1 s" "curl names the address above." serves
step "stops when asked" "1 s" "The exit code is not 0." stops
rm -rf "$folder"
