#!/usr/bin/env bash
# Figures, in one run on one machine; none is asserted. The files that are measured are made in target/bench, once.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/path.sh
scripts/setup.sh rust jvm

folder="$PWD/target/bench"
mkdir -p "$folder"
cargo build --quiet --release --package pocketdesk-bench
target/release/pocketdesk-bench "$folder"

PROFILE=release scripts/bindings.sh >/dev/null
library=target/release/libpocketdesk_bindings.so
[ -f "$library" ] || library=target/release/libpocketdesk_bindings.dylib
mvn -B -ntp -q -f android/pom.xml -Dkotlin.compiler.daemon=false -Dnative.directory="$PWD/target/release" -pl kit -am \
  test -Dtest=PageBench -Dpocketdesk.bench="$folder" -Dsurefire.failIfNoSpecifiedTests=false

stripped="$(mktemp)"
trap 'rm -f "$stripped"' EXIT
strip -o "$stripped" "$library"
echo "stripped library: $(($(wc -c <"$stripped") / 1024)) KiB"
