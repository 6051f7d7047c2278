#!/usr/bin/env bash
# Lets libFuzzer look for inputs that break one target, or each target in turn. What it finds stays in target/fuzz.
#   scripts/fuzz.sh TARGET|all SECONDS
#
# The compiler is the pinned one: without a sanitizer everything that cargo-fuzz passes to it is stable. Core forbids unsafe
# code, so a sanitizer would tell little and slow everything down. Needs a C++ compiler, for libFuzzer itself.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/path.sh
scripts/setup.sh rust

target="$1" seconds="$2"
fuzz_version=0.13.2
tools="${XDG_CACHE_HOME:-$HOME/.cache}/pocketdesk/cargo-fuzz-$fuzz_version"
# Outside of target, so that another clone on the same machine has it too.
if [ ! -x "$tools/bin/cargo-fuzz" ]; then
  echo "fuzz: building cargo-fuzz, once"
  cargo install --quiet --locked --version "$fuzz_version" --root "$tools" cargo-fuzz
fi
targets=("$target")
[ "$target" != all ] || mapfile -t targets < <(cd fuzz/corpus && printf '%s\n' *)

for target in "${targets[@]}"; do
  [ -d "fuzz/corpus/$target" ] || { echo "fuzz: no target $target; there are: $(cd fuzz/corpus && echo *)" >&2; exit 2; }
  # New inputs go into the first folder, so that the corpus in the repository stays small: it is only read.
  mkdir -p "target/fuzz/corpus/$target" "target/fuzz/found/$target"
  "$tools/bin/cargo-fuzz" run --fuzz-dir fuzz/libfuzzer --target-dir target/fuzz --sanitizer none --no-cfg-fuzzing --debug-assertions \
    "$target" "target/fuzz/corpus/$target" "fuzz/corpus/$target" -- \
    -max_total_time="$seconds" -max_len=16384 -timeout=60 -rss_limit_mb=2048 -artifact_prefix="target/fuzz/found/$target/" \
    -print_final_stats=1
done
