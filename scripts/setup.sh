#!/usr/bin/env bash
# Installs what is missing for the named parts, on Debian and Ubuntu as root; elsewhere says in one line what is missing.
#   scripts/setup.sh rust jvm screens window android swift
#
# With --plan it first lists what COMMAND will fetch on this machine, with sizes and minutes, and what it takes in all. RUN is how many
# minutes the command takes where everything is in place, BUILD how many more when nothing has been built yet.
#   scripts/setup.sh --plan COMMAND RUN BUILD rust jvm screens android swift
#
# The figures are from a machine with two cores and a fast line; they are there to tell minutes from hours.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/path.sh

# rustup's own installer, for releases without the package `rustup` (Debian 12 is one). A new version needs both checksums: each is
# published beside the program, at the address below with .sha256 added.
rustup_version=1.29.0
rustup_x86_64=4acc9acc76d5079515b46346a485974457b5a79893cfb01112423c89aeb5aa10
rustup_aarch64=9732d6c5e2a098d3521fca8145d826ae0aaa067ef2385ead08e6feac88fa5792
rust_server=https://static.rust-lang.org

rust_version="$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)"

# --- what is missing

packages=() missing=() plan=() megabytes=0 seconds=0
rustup_missing='' java_missing='' window_missing=''

row() { # WHAT MEGABYTES SECONDS; minutes are rounded up to halves
  local halves=$((($3 + 29) / 30)) size=
  [ "$2" -eq 0 ] || size="$2 MB"
  printf '  %-50s %8s %4d.%d min\n' "$1" "$size" $((halves / 2)) $((halves % 2 * 5))
}

expect() { # WHAT MEGABYTES SECONDS
  plan+=("$(row "$@")")
  megabytes=$((megabytes + $2)) seconds=$((seconds + $3))
}

miss() { # WHAT MEGABYTES SECONDS PACKAGE...
  missing+=("$1")
  [ "$2" -eq 0 ] || expect "$1" "$2" "$3"
  packages+=("${@:4}")
}

has() { command -v "$1" >/dev/null; }

# Reads to the end: `grep -q` stops at the first match, and with pipefail a command that still writes then makes the match a failure.
says() { # PATTERN COMMAND...
  [ -n "$("${@:2}" 2>/dev/null | grep -e "$1")" ]
}

has_font() { has fc-list && says . fc-list ":family=$1" family; }

has_library() { ! has ldconfig || says "$1" ldconfig -p; }

java_version() { javac -version 2>&1 | sed 's/[^0-9]*\([0-9]*\).*/\1/'; }

has_java() { has javac && [ "$(java_version)" -ge 17 ]; }

# Debian and Ubuntu have a JDK without the part that opens windows.
has_window() { [ "$(uname -s)" != Linux ] || { has javac && [ -e "$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")/lib/libawt_xawt.so" ]; }; }

has_toolchain() { says "^$rust_version-" rustup toolchain list; }

# Without rustup it is a distribution's or a person's own Rust, which may be older than the one that the project is written for.
has_rust() {
  has rustup || { has cargo && printf '%s\n' "$rust_version" "$(cargo --version | cut -d' ' -f2)" | sort -CV; }
}

look_for() { # PART
  local before="${#missing[@]}"
  case "$1" in
    rust)
      has cc || miss "a C compiler" 60 20 build-essential
      if ! has_rust; then rustup_missing=yes; miss "rustup" 20 5; fi
      if [ -n "$rustup_missing" ] || { has rustup && ! has_toolchain; }; then expect "Rust $rust_version" 150 30; fi
      [ -d "${CARGO_HOME:-$HOME/.cargo}/registry/cache" ] || expect "crates" 50 10 ;;
    jvm)
      if ! has_java; then java_missing=yes; miss "JDK 17 or newer" 120 30; fi
      has mvn || miss "Maven" 20 10 maven
      [ -d "$HOME/.m2/repository/org/jetbrains/kotlin" ] || expect "Kotlin and Compose, by Maven" 160 60 ;;
    screens) # fonts, and what the drawing library loads
      has fc-list || packages+=(fontconfig)
      has_font "Roboto" || miss "font Roboto" 0 0 fonts-roboto-unhinted
      has_font "Noto Sans" || miss "font Noto Sans" 0 0 fonts-noto-core
      has_font "Noto Color Emoji" || miss "font Noto Color Emoji" 0 0 fonts-noto-color-emoji
      if [ "$(uname -s)" = Linux ]; then
        has_library libGL.so.1 || miss "libGL.so.1" 0 0 libgl1
        has_library libfontconfig.so.1 || miss "libfontconfig.so.1" 0 0 libfontconfig1
        # Java's own drawing of text loads it. Debian 12's JDK brings it along, Debian 13's does not.
        has_library libharfbuzz.so.0 || miss "libharfbuzz.so.0" 0 0 libharfbuzz0b
      fi
      [ "${#missing[@]}" -eq "$before" ] || expect "fonts and drawing libraries" 80 20 ;;
    window) # a JDK that can open one
      if ! has_window; then window_missing=yes; miss "Java's windows" 60 10; fi ;;
    android)
      has aapt2 || miss "aapt2" 5 5 aapt
      [ -d "$HOME/.m2/repository/org/robolectric" ] || expect "Android's classes, by Maven" 600 120 ;;
    swift) scripts/swift.sh --installed || miss "Swift 6 (3 GB on disk)" 530 300 ;;
    *) echo "setup: no such part: $1" >&2; exit 2 ;;
  esac
}

# --- what installs it

candidate() { says '^ *Candidate: [^(]' env LC_ALL=C apt-cache policy "$1"; }

install_packages() {
  apt-get update -qq
  # The oldest that will do.
  [ -z "$java_missing" ] || if candidate openjdk-17-jdk-headless; then packages+=(openjdk-17-jdk-headless); else packages+=(default-jdk-headless); fi
  if [ -n "$window_missing" ]; then
    local version=17
    ! has_java || version="$(java_version)"
    if candidate "openjdk-$version-jre"; then packages+=("openjdk-$version-jre"); else packages+=(default-jre); fi
  fi
  if [ -n "$rustup_missing" ]; then
    if candidate rustup; then packages+=(rustup); else has curl || has wget || packages+=(curl ca-certificates); fi
  fi
  [ ${#packages[@]} -gt 0 ] || return 0
  echo "setup: installing ${packages[*]}"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
}

fetch() { # ADDRESS FILE
  if has curl; then curl -fsSL --retry 3 -o "$2" "$1"; else wget -q -O "$2" "$1"; fi
}

# rustup and no Rust yet: rust-toolchain.toml names that. The shells' start-up files stay as they are, because path.sh finds it.
install_rustup() {
  local machine checksum
  machine="$(uname -m)"
  case "$machine" in
    x86_64) checksum="$rustup_x86_64" ;;
    aarch64) checksum="$rustup_aarch64" ;;
    *) echo "setup: no pinned rustup for $machine; install Rust $rust_version (rustup.rs)" >&2; exit 1 ;;
  esac
  echo "setup: fetching rustup $rustup_version from Rust's distribution server"
  folder="$(mktemp -d)"
  trap 'rm -rf "$folder"' EXIT
  fetch "$rust_server/rustup/archive/$rustup_version/$machine-unknown-linux-gnu/rustup-init" "$folder/rustup-init"
  if ! sha256sum --status -c <<<"$checksum  $folder/rustup-init"; then
    echo "setup: rustup-init does not have the checksum it should have, so it is not run" >&2
    exit 1
  fi
  chmod +x "$folder/rustup-init"
  # Its advice to change PATH is not for the user of these scripts.
  "$folder/rustup-init" -y --quiet --no-modify-path --profile minimal --default-toolchain none >"$folder/said" 2>&1 ||
    { cat "$folder/said" >&2; exit 1; }
  hash -r
}

install_toolchain() {
  local components
  components="$(sed -n 's/^components = \[\(.*\)\]/\1/p' rust-toolchain.toml | tr -d ' "')"
  echo "setup: fetching Rust $rust_version"
  rustup --quiet toolchain install "$rust_version" --no-self-update --profile minimal --component "$components" >/dev/null
}

# --- the two in order

title=''
if [ "${1:-}" = --plan ]; then
  title="$2" run="$3" build="$4"
  shift 4
fi

for part in "$@"; do look_for "$part"; done

if [ ${#missing[@]} -gt 0 ] && { [ ! -f /etc/debian_version ] || [ "$(id -u)" -ne 0 ]; }; then
  echo "setup: missing: $(IFS=,; echo "${missing[*]}" | sed 's/,/, /g')" >&2
  exit 1
fi

if [ -n "$title" ]; then
  [ "$build" -eq 0 ] || [ -d "${CARGO_TARGET_DIR:-target}/debug" ] || expect "the first build" 0 $((build * 60))
  if [ ${#plan[@]} -eq 0 ]; then
    echo "$title: about $run minutes; nothing is missing"
  else
    echo "$title: about $((run + (seconds + 59) / 60)) minutes on this machine, $run of them every time"
    printf '%s\n' "${plan[@]}"
  fi
  [ "$megabytes" -eq 0 ] || echo "  $megabytes MB to fetch"
fi

if [ ${#missing[@]} -gt 0 ]; then
  install_packages
  [ -z "$rustup_missing" ] || has rustup || install_rustup
fi
case " $* " in *" rust "*) ! has rustup || has_toolchain || install_toolchain ;; esac
case " $* " in *" swift "*) scripts/swift.sh --install ;; esac
