#!/usr/bin/env bash
# The phone's screens, on a sandbox desk of their own: in a window if there is a display, otherwise (or with --tour) as
# pictures with an index page in target/tour. Ctrl-C stops all of it.
#
# POCKETDESK_URL and POCKETDESK_TOKEN point the window at a real Zendesk (an end user's token); then no sandbox is started.
set -euo pipefail
cd "$(dirname "$0")/.."

tour=no
[ "${1:-}" != --tour ] || tour=yes
if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  case "$(uname -s)" in Darwin|MINGW*|MSYS*) ;; *) tour=yes ;; esac
fi

scripts/setup.sh rust jvm screens
scripts/bindings.sh
cargo build --quiet --package pocketdesk-sandbox
mvn=(mvn -B -ntp -q -f android/pom.xml -Dkotlin.compiler.daemon=false)

if [ "$tour" = yes ]; then
  # The tour starts and stops a sandbox of its own.
  "${mvn[@]}" -pl desktop -am test -Dtest=TourTest -Dsurefire.failIfNoSpecifiedTests=false
  echo "tour: $PWD/target/tour/index.html"
  exit
fi

if [ -z "${POCKETDESK_URL:-}" ]; then
  # Desk and phone begin anew together: a file belongs to one desk.
  POCKETDESK_DATA="$(mktemp -d)"
  said="$POCKETDESK_DATA/said"
  target/debug/pocketdesk-sandbox --answers 4 >"$said" &
  sandbox=$!
  trap 'kill "$sandbox" 2>/dev/null || true; rm -rf "$POCKETDESK_DATA"' EXIT
  while [ ! -s "$said" ]; do
    kill -0 "$sandbox" 2>/dev/null || { echo "demo: the sandbox did not start" >&2; exit 1; }
    sleep 0.1
  done
  POCKETDESK_URL="$(sed -n 's/^listening on //p' "$said")"
  export POCKETDESK_URL POCKETDESK_DATA POCKETDESK_TOKEN=ada-token
  echo "demo: the desk's side is at $POCKETDESK_URL/"
fi
"${mvn[@]}" -pl desktop -am install -DskipTests
"${mvn[@]}" -pl desktop exec:exec
