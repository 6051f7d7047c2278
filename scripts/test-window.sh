#!/usr/bin/env bash
# Whether `make demo` opens its window, on a display of its own (Xvfb). Tests and tour draw without a display, so nothing else runs that way.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! { command -v Xvfb && command -v xwininfo; } >/dev/null; then
  if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
    echo "NOT RUN: the demo's window: there is no Xvfb, or no xwininfo"
    exit
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends xvfb x11-utils >/dev/null
fi

scratch="$(mktemp -d)" display='' demo=''
stop() {
  # The demo and what it has started are a process group. It stops the sandbox when it is told to end.
  [ -z "$demo" ] || { kill -TERM -- "-$demo" 2>/dev/null || true; wait "$demo" 2>/dev/null || true; }
  [ -z "$display" ] || kill "$display" 2>/dev/null || true
  rm -rf "$scratch"
}
trap stop EXIT

Xvfb -displayfd 3 -screen 0 1024x1000x24 3>"$scratch/display" 2>/dev/null &
display=$!
until [ -s "$scratch/display" ]; do kill -0 "$display"; sleep 0.1; done
DISPLAY=":$(cat "$scratch/display")"
export DISPLAY

set -m
scripts/demo.sh >"$scratch/said" 2>&1 &
demo=$!
set +m
# A build from nothing takes minutes. A demo that hangs must not hold up whoever runs this.
deadline=$((SECONDS + 1200))
until xwininfo -root -tree | grep -q '"Pocketdesk"'; do
  if ! kill -0 "$demo" 2>/dev/null || [ "$SECONDS" -gt "$deadline" ]; then
    echo "window: the demo ended or waited for twenty minutes without a window" >&2
    cat "$scratch/said" >&2
    exit 1
  fi
  sleep 0.5
done
echo "window: the demo has opened its window"
echo "1 passed, 0 failed"
