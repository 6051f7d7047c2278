#!/usr/bin/env bash
# Checks the types of everything that is written for Apple's systems, on Linux: the SwiftUI views in PocketdeskUI, the sample app, and the
# parts of PocketdeskKit that need BackgroundTasks, Network or UIKit. Nothing is linked and nothing runs. README.md beside this file says
# what that proves and what not.
#
# Run it with `scripts/swift.sh --run ios/TypeCheck/check.sh`, after `scripts/bindings.sh`.
#
# The sources are checked twice, as for iOS and as for macOS, because `os(iOS)` is decided by the compiler's target and Linux is neither. So
# each pass works on copies in which that condition is replaced. Messages name the original file.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
shopt -s nullglob globstar

if [ "$(uname -s)" != Linux ]; then
    echo "type check: not needed here; 'swift build' compiles the views with the real SwiftUI"
    exit
fi
built=../target/typecheck
rm -rf "$built"
mkdir -p "$built"
here="$PWD"

# Every declaration names its page, and is available from iOS 17 and macOS 14 on.
awk '
    function fail(what) { printf "%s:%d: error: %s\n", FILENAME, FNR, what; failed = 1 }
    /^ *$/ { cited = 0 }
    / · (iOS|macOS) [0-9]/ {
        cited = 1
        if (match($0, /iOS [0-9]+/) && substr($0, RSTART + 4, RLENGTH - 4) + 0 > 17) fail("not in iOS 17")
        if (match($0, /macOS [0-9]+/) && substr($0, RSTART + 6, RLENGTH - 6) + 0 > 14) fail("not in macOS 14")
        next
    }
    # What SwiftUI draws itself has no body.
    /^ *\/\// || /typealias Body = Never/ { next }
    /(^| )(public|open) / || /^ +case / { declared++; if (!cited) fail("the declaration does not name its page") }
    /fatalError\(\) }$/ || /^ +}$/ { cited = 0 }
    END { print declared > COUNT; exit failed }
' COUNT="$built/declared" TypeCheck/Modules/**/*.swift

# Makes a module, whose clients find it in $into. Function bodies are checked only with `full`.
module() { # full|quick LANGUAGE-MODE NAME FILE...
    local bodies=(-warnings-as-errors)
    [ "$1" = full ] || bodies=(-suppress-warnings -Xfrontend -experimental-skip-all-function-bodies)
    swiftc -emit-module -module-name "$3" -o "$into/$3.swiftmodule" -parse-as-library -wmo -swift-version "$2" "${bodies[@]}" \
        "${flags[@]}" -I "$into" "${@:4}"
}

# Copies sources for one platform.
copy() { # FOLDER FILE...
    local file to
    for file in "${@:2}"; do
        to="$into/$1/${file//\//-}"
        mkdir -p "${to%/*}"
        {
            printf '#sourceLocation(file: "%s", line: 1)\n' "$here/$file"
            sed -E "s/\bos\(iOS\)/$is_ios/g; s/\bos\(macOS\)/$is_macos/g" "$file"
        } >"$to"
    done
}

check() { # PLATFORM
    local platform="$1" name
    into="$built/$platform"
    flags=(-D "${platform^^}")
    is_ios=false is_macos=true
    local modules=(UniformTypeIdentifiers CoreTransferable CoreGraphics ImageIO)
    if [ "$platform" = ios ]; then
        is_ios=true is_macos=false
        modules+=(UIKit BackgroundTasks)
    else
        modules+=(AppKit)
    fi
    modules+=(Network SwiftUI QuickLook PhotosUI)
    mkdir -p "$into"
    for name in "${modules[@]}"; do module quick 6 "$name" TypeCheck/Modules/"$name"/*.swift; done
    # The bindings are the same for both, and their C part is only a header.
    flags+=(-Xcc "-fmodule-map-file=$here/Sources/PocketdeskBindingsFFI/include/module.modulemap")
    if [ "$platform" = ios ]; then
        module quick 5 PocketdeskBindings Sources/PocketdeskBindings/*.swift
    else
        cp "$built"/ios/PocketdeskBindings.swift* "$into"
    fi
    copy PocketdeskKit Sources/PocketdeskKit/**/*.swift
    copy PocketdeskUI Sources/PocketdeskUI/**/*.swift
    copy Sample Sample/*.swift
    module full 6 PocketdeskKit "$into"/PocketdeskKit/*.swift
    module full 6 PocketdeskUI "$into"/PocketdeskUI/*.swift
    # The app is for iOS.
    if [ "$platform" = ios ]; then module full 6 Sample "$into"/Sample/*.swift; fi
}

# A wrong call is refused with the error that its first line names, and with no other. A right one passes.
snippets() {
    local file expected said platform refused=0 accepted=0 failed=0
    for file in TypeCheck/Refused/*.swift TypeCheck/Accepted/*.swift; do
        platform=ios
        [[ "$file" != *+macOS.swift ]] || platform=macos
        expected="$(sed -n '1s#^// refused: ##p' "$file")"
        said="$(swiftc -typecheck -parse-as-library -swift-version 6 -I "$built/$platform" "$file" 2>&1 | grep -E ': error: ' || true)"
        case "$file" in
            *Refused/*)
                if [ -z "$expected" ] || [ -z "$said" ] || grep -vqF -- "$expected" <<<"$said"; then
                    printf '%s: expected the error "%s" and no other. The compiler says:\n%s\n' "$file" "$expected" "${said:-nothing}" >&2
                    failed=1
                fi
                refused=$((refused + 1))
                ;;
            *)
                if [ -n "$said" ]; then
                    printf '%s: this is right. The compiler says:\n%s\n' "$file" "$said" >&2
                    failed=1
                fi
                accepted=$((accepted + 1))
                ;;
        esac
    done
    [ "$refused" -ge 10 ] && [ "$accepted" -ge 1 ] || { echo "type check: snippets are missing" >&2; return 1; }
    [ "$failed" -eq 0 ] || return 1
    summary="$refused wrong calls refused, $accepted file of right ones accepted"
}

check ios
check macos
snippets
views=(Sources/PocketdeskUI/**/*.swift)
echo "type check of SwiftUI code (nothing was run): ${#views[@]} files of PocketdeskUI for iOS and macOS, the sample app for iOS," \
    "against $(cat "$built/declared") declarations; $summary"
