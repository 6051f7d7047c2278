#!/usr/bin/env bash
# Figures, in one run on one machine; none is asserted. SIZES: the numbers of tickets, with commas between them. The files that are
# measured are made in target/bench, once for each size. All rows are in target/bench/figures.json, and in the table at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/path.sh
scripts/setup.sh rust jvm android

sizes="${SIZES:-1000,10000}"
folder="${FOLDER:-$PWD/target/bench}"
mkdir -p "$folder"
rm -rf "$folder/figures"
cargo build --quiet --release --package pocketdesk-bench
target="${CARGO_TARGET_DIR:-target}"
"$target/release/pocketdesk-bench" all "$folder" "$sizes"

PROFILE=release scripts/bindings.sh >/dev/null
mvn -B -ntp -q -f android/pom.xml -Dkotlin.compiler.daemon=false -Dnative.directory="$PWD/target/release" -Pbench -pl bench -am \
  test -Dtest=PageBench -Dpocketdesk.bench="$folder" -Dpocketdesk.bench.sizes="$sizes" -Dsurefire.failIfNoSpecifiedTests=false

if scripts/swift.sh --installed; then
  scripts/swift.sh run --quiet -c release --package-path Bench PageBench "$folder" "$sizes"
else
  echo "NOT RUN: the first page through Swift; there is no Swift (scripts/setup.sh swift)"
fi

library=target/release/libpocketdesk_bindings.so
[ -f "$library" ] || library=target/release/libpocketdesk_bindings.dylib
stripped="$(mktemp)"
trap 'rm -f "$stripped"' EXIT
strip -o "$stripped" "$library"
echo "stripped library: $(($(wc -c <"$stripped") / 1024)) KiB"

"$target/release/pocketdesk-bench" table "$folder"
