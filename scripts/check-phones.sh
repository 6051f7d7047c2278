#!/usr/bin/env bash
# Type-checks and lints the Rust code for Android and iOS, without NDK and Xcode. The code of `cfg(target_os)` is seen by no other
# check here. It is not linked and not run: that takes the SDKs.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/path.sh
scripts/setup.sh rust

targets=(aarch64-linux-android aarch64-apple-ios)
if ! command -v rustup >/dev/null; then
  echo "NOT RUN: the Rust code for ${targets[*]}: without rustup there is no standard library for them"
  exit
fi
rustup --quiet target add "${targets[@]}"

# Checking needs no linker. Only the C parts (SQLite, ring) ask for a compiler and an archiver of the phone; what these would write is
# never read, so empty files will do. The folder stays the same, because cargo builds anew when a compiler's path changes.
stand_ins="$PWD/target/phones"
mkdir -p "$stand_ins/iPhoneOS.platform/Developer/SDKs/iPhoneOS.sdk"
cat >"$stand_ins/tool.new" <<'TOOL'
#!/bin/sh
# Stands in for Clang and for an archiver: makes the objects and archives it is told of, empty.
for word in "$@"; do
  case "$word" in
    -E) echo '#pragma message "clang"' ;; # asked with a file of macros which compiler this is
    '-?') exit 1 ;; # Microsoft's compiler would know this one
    *.o|*.a) : >"$word" ;;
  esac
done
TOOL
chmod +x "$stand_ins/tool.new"
mv "$stand_ins/tool.new" "$stand_ins/tool"

# SDKROOT: otherwise the build of the C parts asks Xcode where the SDK is.
export SDKROOT="$stand_ins/iPhoneOS.platform/Developer/SDKs/iPhoneOS.sdk" IPHONEOS_DEPLOYMENT_TARGET=17.0
arguments=()
for target in "${targets[@]}"; do
  export "CC_${target//-/_}=$stand_ins/tool" "AR_${target//-/_}=$stand_ins/tool"
  arguments+=(--target "$target")
done
cargo clippy --quiet --package pocketdesk-bindings "${arguments[@]}" -- -D warnings
echo "phones: the Rust code is right for ${targets[*]}"
