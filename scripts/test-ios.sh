#!/usr/bin/env bash
# Everything that can be proved of ios/ on this machine: the format, the syntax of all files, and the tests on the real core
# and a real sandbox process. Arguments go to `swift test`, e.g. --filter ScenarioTests.
#
# SwiftUI and Network exist on Apple's systems only: files that need them are parsed here, not compiled.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/bindings.sh
cargo build --quiet --package pocketdesk-sandbox

# Parses what it reads, also what this platform leaves out; an error in the syntax fails it.
scripts/swift.sh format lint --strict --recursive Package.swift Sources/PocketdeskKit Sources/PocketdeskUI Tests
scripts/swift.sh test "$@"
