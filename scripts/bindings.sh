#!/usr/bin/env bash
# Builds the core's library and writes its Kotlin and Swift files to target/bindings. PROFILE=release for the small one.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/path.sh
profile="${PROFILE:-dev}"
folder=debug; [ "$profile" = dev ] || folder="$profile"
target="${CARGO_TARGET_DIR:-target}"
case "$(uname -s)" in
  Darwin) library=libpocketdesk_bindings.dylib ;;
  MINGW*|MSYS*) library=pocketdesk_bindings.dll ;;
  *) library=libpocketdesk_bindings.so ;;
esac
cargo build --quiet --package pocketdesk-bindings --features generator --profile "$profile"
# The generator reads the names from the library itself; a stripped one has none left.
out=target/bindings
for language in kotlin swift; do
  fresh="$out/.$language"
  rm -rf "$fresh"
  "$target/$folder/uniffi-bindgen" generate --library "$target/$folder/$library" --language "$language" --out-dir "$fresh" --no-format
  # Keep the times of what did not change, so that nothing is compiled again for nothing.
  mkdir -p "$out/$language"
  if ! diff -rq "$fresh" "$out/$language" >/dev/null; then
    rm -rf "${out:?}/$language"
    mv "$fresh" "$out/$language"
  fi
  rm -rf "$fresh"
done
# Where the shells load the library from. Put in place by a rename: a process that runs on the old one keeps it.
mkdir -p "$out/lib"
if ! cmp -s "$target/$folder/$library" "$out/lib/$library"; then
  cp "$target/$folder/$library" "$out/lib/.$library"
  mv "$out/lib/.$library" "$out/lib/$library"
fi
echo "bindings: $out/{kotlin,swift,lib}"
