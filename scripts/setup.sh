#!/usr/bin/env bash
# Installs what is missing for the named parts, on Debian and Ubuntu as root; elsewhere says in one line what is missing.
#   scripts/setup.sh rust jvm screens android
set -euo pipefail

packages=() missing=()

need() { # COMMAND PACKAGE...
  command -v "$1" >/dev/null || { packages+=("${@:2}"); missing+=("$1"); }
}

need_font() { # FAMILY PACKAGE
  if ! command -v fc-list >/dev/null || ! fc-list ":family=$1" family | grep -q .; then
    packages+=(fontconfig "$2"); missing+=("font $1")
  fi
}

need_library() { # FILE PACKAGE
  if command -v ldconfig >/dev/null && ! ldconfig -p | grep -q "$1"; then packages+=("$2"); missing+=("$1"); fi
}

java_is_17() { command -v javac >/dev/null && [ "$(javac -version 2>&1 | sed 's/[^0-9]*\([0-9]*\).*/\1/')" -ge 17 ]; }

for part in "$@"; do
  case "$part" in
    rust)
      need cc build-essential
      if ! command -v cargo >/dev/null; then
        if [ -x "$HOME/.cargo/bin/cargo" ]; then echo "setup: put $HOME/.cargo/bin on PATH" >&2; exit 1; fi
        packages+=(rustup); missing+=("cargo (rustup)")
      fi ;;
    jvm)
      java_is_17 || { packages+=(openjdk-17-jdk-headless); missing+=("JDK 17"); }
      need mvn maven ;;
    screens) # fonts, and what the drawing library loads
      need_font "Roboto" fonts-roboto-unhinted
      need_font "Noto Sans" fonts-noto-core
      need_font "Noto Color Emoji" fonts-noto-color-emoji
      [ "$(uname -s)" != Linux ] || { need_library libGL.so.1 libgl1; need_library libfontconfig.so.1 libfontconfig1; } ;;
    android) need aapt2 aapt ;;
    *) echo "setup: no such part: $part" >&2; exit 2 ;;
  esac
done

if [ ${#missing[@]} -gt 0 ]; then
  if [ ! -f /etc/debian_version ] || [ "$(id -u)" -ne 0 ]; then
    echo "setup: missing: $(IFS=,; echo "${missing[*]}" | sed 's/,/, /g')" >&2
    exit 1
  fi
  echo "setup: installing ${packages[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi

# rust-toolchain.toml names the version; with rustup it is fetched once.
case " $* " in *" rust "*) if command -v rustup >/dev/null; then rustup show active-toolchain >/dev/null 2>&1 || rustup toolchain install >/dev/null; fi ;; esac
