#!/usr/bin/env bash
# Shows the phone's screens with a server of their own: in a window if there is a display, otherwise (or with --tour) as pictures with
# an index page in target/tour. Ctrl-C stops all of it.
#
# SERVER says which server: `sandbox`, or `rt` for a real Request Tracker (Debian 12; as root it is installed). The latter begins with
# the sandbox's history, listens on RT_PORT or a free port, and has its pictures in target/tour-rt.
#
# PRODUCT says which product the window shows: `impact-mobile` (the built-in one), `impact-web`, `hub`, `telecom`, or a file with a product definition. The
# sandbox is set up as the company of that product would set up its help desk. The tour has a chapter for each of these three.
#
# An agent's answer appears at once, through the sandbox's webhook and a push message. POCKETDESK_PUSH=off turns that off.
#
# POCKETDESK_URL and POCKETDESK_TOKEN (an end user's) connect the window to a real server of that kind. Then none is started here.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/path.sh

case "${SERVER:-sandbox}" in
  sandbox) export POCKETDESK_CONNECTOR=zendesk pictures="$PWD/target/tour" ;;
  rt) export POCKETDESK_CONNECTOR=rt pictures="$PWD/target/tour-rt" ;;
  *) echo "demo: SERVER is sandbox or rt" >&2; exit 2 ;;
esac
case "${PRODUCT:-impact-mobile}" in
  impact-mobile) ;;
  impact-web|hub) export POCKETDESK_PRODUCT="$PWD/core/products/$PRODUCT.json" ;;
  telecom) export POCKETDESK_PRODUCT="$PWD/tests/products/definitions/telecom.json" ;;
  *)
    [ -f "$PRODUCT" ] || { echo "demo: PRODUCT is impact-mobile, impact-web, hub, telecom or a file with a product definition" >&2; exit 2; }
    POCKETDESK_PRODUCT="$(realpath "$PRODUCT")"
    export POCKETDESK_PRODUCT
    ;;
esac
tour=no
[ "${1:-}" != --tour ] || tour=yes
if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  case "$(uname -s)" in Darwin|MINGW*|MSYS*) ;; *) tour=yes ;; esac
fi

parts=(rust jvm screens)
[ "$tour" = yes ] || parts+=(window)
scripts/setup.sh --plan "make demo" 2 5 "${parts[@]}"
echo "demo: building the core"
scripts/bindings.sh
cargo build --quiet --package pocketdesk-sandbox
echo "demo: building the screens"
mvn=(mvn -B -ntp -q -f android/pom.xml -Dkotlin.compiler.daemon=false)

sandbox='' tracker='' scratch="$(mktemp -d)"
stop() {
  [ -z "$sandbox" ] || kill "$sandbox" 2>/dev/null || true
  sandbox=''
  [ -z "$tracker" ] || tests/rt/server.sh "$tracker"
  tracker=''
  rm -rf "$scratch"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Leaves its address in sandbox_url.
start_sandbox() {
  target/debug/pocketdesk-sandbox "$@" >"$scratch/said" &
  sandbox=$!
  while [ ! -s "$scratch/said" ]; do
    kill -0 "$sandbox" 2>/dev/null || { echo "demo: the sandbox did not start" >&2; exit 1; }
    sleep 0.1
  done
  sandbox_url="$(sed -n 's/^listening on //p' "$scratch/said")"
}

# A Request Tracker as on its first day, into which the history of a sandbox is written. Leaves Ada's token in ada.
start_tracker() {
  tests/rt/server.sh install
  tracker=stop
  if [ -z "${RT_PORT:-}" ]; then
    RT_PORT="$(perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1")->sockport')"
    # A port of this run's alone has a folder of this run's alone.
    [ -n "${RT_HOME:-}" ] || tracker=remove
  fi
  export RT_PORT RT_HOME="${RT_HOME:-${TMPDIR:-/var/tmp}/pocketdesk-rt-$RT_PORT}"
  tests/rt/server.sh reset >"$scratch/settings"
  start_sandbox
  echo "demo: Request Tracker gets its history"
  tests/rt/server.sh history "$sandbox_url" >"$scratch/people"
  kill "$sandbox"
  sandbox=''
  ada="$(sed -n 's/.*"ada":{[^}]*"token":"\([^"]*\)".*/\1/p' "$scratch/people")"
}

if [ "$tour" = yes ]; then
  # A tour starts and stops a sandbox of its own. Any other server is started here.
  [ "$POCKETDESK_CONNECTOR" != rt ] || start_tracker
  POCKETDESK_TOUR="$pictures" "${mvn[@]}" -pl sample-desktop -am test -Dtest=TourTest -Dsurefire.failIfNoSpecifiedTests=false
  echo "tour: $pictures/index.html"
  exit
fi

if [ -z "${POCKETDESK_URL:-}" ]; then
  # Server and phone start empty together, because a file belongs to one server.
  export POCKETDESK_DATA="$scratch/phone" POCKETDESK_URL POCKETDESK_TOKEN
  if [ "$POCKETDESK_CONNECTOR" = rt ]; then
    start_tracker
    POCKETDESK_URL="http://127.0.0.1:$RT_PORT" POCKETDESK_TOKEN="$ada"
    echo "demo: the agent's side is at $POCKETDESK_URL/ (root, with the password in $RT_HOME/etc/password)"
  else
    start_sandbox --answers 4
    POCKETDESK_URL="$sandbox_url" POCKETDESK_TOKEN=ada-token
    echo "demo: the agent's side is at $POCKETDESK_URL/"
  fi
fi
# Tests are not compiled either: those of the sample read what is internal to the screens, which an installed jar does not show.
"${mvn[@]}" -pl sample-desktop -am install -Dmaven.test.skip=true
"${mvn[@]}" -pl sample-desktop exec:exec
