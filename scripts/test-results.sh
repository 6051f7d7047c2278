#!/usr/bin/env bash
# What a run of `make test` leaves in target/test-results, so that its last step can say which tests ran in this run.
#   scripts/test-results.sh begin             removes the results of earlier runs, and writes down when this one began
#   scripts/test-results.sh rust COMMAND...   runs `cargo test` and keeps what it prints
#   scripts/test-results.sh swift             runs `swift test` and has it write its results, and checks the types of the SwiftUI code; says so where
#                                             there is no Swift
# Maven's Surefire keeps its own results in android/*/target/surefire-reports.
set -euo pipefail
cd "$(dirname "$0")/.."
results="$PWD/target/test-results"
mkdir -p "$results"

case "${1:-}" in
  begin)
    rm -rf "${results:?}"/* android/*/target/surefire-reports
    date >"$results/started"
    ;;
  rust)
    # The names are read from the text, so it has no colours.
    CARGO_TERM_COLOR=never "${@:2}" 2>&1 | tee "$results/rust.txt"
    ;;
  swift)
    rm -f "$results"/swift*
    if ! command -v swiftc >/dev/null && { [ ! -f /etc/debian_version ] || [ "$(id -u)" -ne 0 ]; }; then
      echo "there is no Swift on PATH; install Swift 6 (swift.org), or run this as root on Debian to get it from there" |
        tee "$results/swift-not-run.txt" | sed 's/^/NOT RUN: make test-swift: /'
      exit
    fi
    scripts/swift.sh --run ios/TypeCheck/check.sh
    scripts/swift.sh test --xunit-output "$results/swift.xml"
    ;;
  *)
    echo "usage: scripts/test-results.sh begin | rust COMMAND... | swift" >&2
    exit 2
    ;;
esac
