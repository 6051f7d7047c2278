#!/usr/bin/env bash
# The Request Tracker connector against a real one: the list of cases that every connector keeps, and the scenario in Kotlin.
# The desk is this run's: put back to its first day before, stopped after. RT_PORT and RT_HOME choose another place for it.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh rust jvm
tests/rt/desk.sh install

trap 'tests/rt/desk.sh stop' EXIT
tests/rt/desk.sh reset >/dev/null
cargo run --quiet --package pocketdesk-connectors -- rt

scripts/bindings.sh
cargo build --quiet --package pocketdesk-sandbox
mvn -B -ntp -q -f android/pom.xml -Dkotlin.compiler.daemon=false -pl kit -am test \
  -Dtest=RequestTrackerScenario -Dsurefire.failIfNoSpecifiedTests=false
