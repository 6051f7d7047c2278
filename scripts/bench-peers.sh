#!/usr/bin/env bash
# The first pages of 10,000 tickets beside WatermelonDB and RxDB. Needs Node and npm; `make bench` has to run before it.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/path.sh
folder="${FOLDER:-$PWD/target/bench}"
peers="$PWD/target/bench-peers"
bench="${CARGO_TARGET_DIR:-target}/release/pocketdesk-bench"
[ -f "$folder/figures/history-10000.json" ] || { echo "run make bench first, with 10000 among its SIZES" >&2; exit 1; }
mkdir -p "$peers"
cp tests/bench/peers/package.json tests/bench/peers/peers.js "$peers"
npm install --prefix "$peers" --ignore-scripts --no-audit --no-fund --silent
"$bench" tickets 10000 >"$peers/tickets.jsonl"
node "$peers/peers.js" "$peers/tickets.jsonl" 10000 "$folder"
"$bench" table "$folder" >/dev/null
