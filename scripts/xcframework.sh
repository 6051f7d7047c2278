#!/usr/bin/env bash
# Packs the core for Apple's systems: ios/PocketdeskCore.xcframework, which Package.swift links when it is there. Needs macOS with Xcode.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/path.sh

if [ "$(uname -s)" != Darwin ]; then
    echo "scripts/xcframework.sh: an XCFramework is made by Xcode, on macOS" >&2
    exit 1
fi

export IPHONEOS_DEPLOYMENT_TARGET=17.0 MACOSX_DEPLOYMENT_TARGET=14.0
targets=(aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios aarch64-apple-darwin x86_64-apple-darwin)
rustup target add "${targets[@]}"
for target in "${targets[@]}"; do
    cargo build --quiet --package pocketdesk-bindings --release --target "$target"
done

# One library for each platform: an XCFramework tells a simulator from a phone, but not two processors of one platform.
library=libpocketdesk_bindings.a
out=target/xcframework
rm -rf "$out" ios/PocketdeskCore.xcframework
mkdir -p "$out/ios" "$out/simulator" "$out/macos"
cp "target/aarch64-apple-ios/release/$library" "$out/ios/"
lipo -create -output "$out/simulator/$library" target/{aarch64-apple-ios-sim,x86_64-apple-ios}/release/"$library"
lipo -create -output "$out/macos/$library" target/{aarch64-apple-darwin,x86_64-apple-darwin}/release/"$library"
xcodebuild -create-xcframework \
    -library "$out/ios/$library" -library "$out/simulator/$library" -library "$out/macos/$library" \
    -output ios/PocketdeskCore.xcframework
