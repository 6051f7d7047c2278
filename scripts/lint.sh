#!/usr/bin/env bash
# Formats and lints of all languages, and the licences of everything that is linked.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh rust jvm

cargo fmt --all --check
cargo clippy --workspace --all-targets --all-features --quiet -- -D warnings

deny=target/tools/bin/cargo-deny
if command -v cargo-deny >/dev/null; then deny=cargo-deny; elif [ ! -x "$deny" ]; then
  # Built once; a few minutes.
  cargo install --quiet --locked --version 0.20.2 --root target/tools cargo-deny
fi
# Advisories need a database from outside, so they are not part of this.
"$deny" --log-level error check licenses bans sources

# What the README shows is what a test compiles.
for sample in android/embedding-sample/src/main/kotlin/dev/pocketdesk/embedding/EmbeddingSample.kt ios/Tests/PocketdeskKitTests/EmbeddingSample.swift; do
  shown="$(sed -n '/README:start/,/README:end/p' "$sample" | sed '1d;$d')"
  [[ "$(cat README.md)" == *"$shown"* ]] || { echo "lint: README.md differs from $sample" >&2; exit 1; }
done

mvn -B -ntp -q -f android/pom.xml -Plint -N verify
scripts/swift.sh format lint --strict --recursive Package.swift Sources/PocketdeskKit Sources/PocketdeskUI Tests
echo "lint: clean"
