#!/usr/bin/env bash
# Formats and lints of all languages, and the licences of everything that is linked.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/path.sh
scripts/setup.sh rust jvm

cargo fmt --all --check
cargo fmt --manifest-path fuzz/libfuzzer/Cargo.toml --check
cargo clippy --workspace --all-targets --all-features --quiet -- -D warnings

# Built once, which takes some minutes: outside of target, so that another clone on the same machine has it too.
deny_version=0.20.2
tools="${XDG_CACHE_HOME:-$HOME/.cache}/pocketdesk/cargo-deny-$deny_version"
deny="$tools/bin/cargo-deny"
if command -v cargo-deny >/dev/null; then deny=cargo-deny; elif [ ! -x "$deny" ]; then
  echo "lint: building cargo-deny, once"
  cargo install --quiet --locked --version "$deny_version" --root "$tools" cargo-deny
fi
# Advisories need a database from outside, so they are not part of this.
"$deny" --log-level error check licenses bans sources
# The programs for libFuzzer have a lock file of their own.
"$deny" --log-level error --manifest-path fuzz/libfuzzer/Cargo.toml check licenses bans sources

# What the README shows is what a test compiles (of SampleApp.swift the types are checked).
for sample in android/embedding-sample/src/main/kotlin/dev/pocketdesk/embedding/EmbeddingSample.kt ios/Sample/SupportHost.swift ios/Sample/SampleApp.swift; do
  shown="$(sed -n '/README:start/,/README:end/p' "$sample" | sed '1d;$d')"
  [[ "$(cat README.md)" == *"$shown"* ]] || { echo "lint: README.md differs from $sample" >&2; exit 1; }
done

for sample in android/embedding-sample/src/main/kotlin/dev/pocketdesk/embedding/PushSample.kt ios/Sample/PushDelegate.swift; do
  shown="$(sed -n '/PUSH:start/,/PUSH:end/p' "$sample" | sed '1d;$d')"
  [[ "$(cat docs/push.md)" == *"$shown"* ]] || { echo "lint: docs/push.md differs from $sample" >&2; exit 1; }
done

# The documents name files and tests that are there, and no link in the documentation of the code is broken.
scripts/docs.sh

mvn -B -ntp -q -f android/pom.xml -Plint -N verify
scripts/swift.sh format lint --strict --recursive Package.swift Sources/PocketdeskKit Sources/PocketdeskUI Sample Tests TypeCheck Bench
echo "lint: clean"
