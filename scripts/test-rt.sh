#!/usr/bin/env bash
# The Request Tracker connector against a real one: the list of cases that every connector keeps, and the scenario in Kotlin
# and, where there is Swift already, in Swift. The server belongs to this run: it is reset before and stopped after.
# RT_PORT and RT_HOME choose another place for it.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/path.sh
scripts/setup.sh rust jvm
tests/rt/server.sh install

trap 'tests/rt/server.sh stop' EXIT
settings="$(tests/rt/server.sh reset)"
cargo run --quiet --package pocketdesk-connectors -- rt

scripts/bindings.sh
cargo build --quiet --package pocketdesk-sandbox
mvn -B -ntp -f android/pom.xml -Dkotlin.compiler.daemon=false -pl kit -am test \
  -Dtest=RequestTrackerScenario,RequestTrackerHubScenario -Dsurefire.failIfNoSpecifiedTests=false

if ! command -v swift >/dev/null && [ ! -x "${SWIFT_ROOT:-/opt/pocketdesk-swift}/usr/bin/swiftc" ]; then
  echo "NOT RUN: the scenario in Swift at a Request Tracker: Swift is not installed yet (make test-swift installs it)"
  exit
fi
said() { sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p"; }
now="$(date +%s)"
# Makes a person (account name, real name, company) and prints the token.
token_of() { tests/rt/server.sh people make "$1-$now" "$2" "$3 $now" | said token; }
POCKETDESK_RT_URL="$(said base_url <<<"$settings")"
POCKETDESK_RT_AGENT_TOKEN="$(grep -A4 '"agent"' <<<"$settings" | said token)"
POCKETDESK_RT_TOKEN="$(token_of ada "Ada Lindqvist" "Nordlicht Reisen")"
POCKETDESK_RT_BEN_TOKEN="$(token_of ben "Ben Okafor" "Nordlicht Reisen")"
POCKETDESK_RT_CLARA_TOKEN="$(token_of clara "Clara Núñez" "Nordlicht Reisen")"
POCKETDESK_RT_ZOE_TOKEN="$(token_of zoe "Zoë Brandt" "Sonnenhof Versand")"
export POCKETDESK_RT_URL POCKETDESK_RT_AGENT_TOKEN POCKETDESK_RT_TOKEN
export POCKETDESK_RT_BEN_TOKEN POCKETDESK_RT_CLARA_TOKEN POCKETDESK_RT_ZOE_TOKEN
scripts/swift.sh test --filter "RequestTracker(Hub)?Tests"
