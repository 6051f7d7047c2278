#!/usr/bin/env bash
# Runs a command of the Swift toolchain in ios/:   scripts/swift.sh test      scripts/swift.sh format lint --strict -r .
#   scripts/swift.sh --install     installs Swift if it is missing      scripts/swift.sh --installed     whether it is there
#   scripts/swift.sh --run SCRIPT  runs a script of the project where `swiftc` is on the PATH
#
# With Swift on PATH that one is used. Otherwise, on Debian and Ubuntu as root, it comes from Debian's own packages. Debian 13 is the
# first release that has them. An older release gets them in a folder of their own ($SWIFT_ROOT, default /opt/pocketdesk-swift: about
# 530 MB to fetch, 3.2 GB on disk, once), and the command runs in there by chroot. The project is mounted at its own path, in a mount
# namespace that ends with the command: paths in messages are the real ones, nothing has to be unmounted, and several commands may
# run at the same time.
set -euo pipefail

project="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
root="${SWIFT_ROOT:-/opt/pocketdesk-swift}"
. "$project/scripts/path.sh"

if [ $# -eq 0 ]; then
    echo "usage: scripts/swift.sh ARGUMENTS-OF-SWIFT..." >&2
    exit 2
fi

# The compiler's name, because `swift` alone may be the client of OpenStack's object store.
on_path() { command -v swiftc >/dev/null; }

# Only root may run what is in there.
in_folder() { [ "$(id -u)" -eq 0 ] && [ -x "$root/usr/bin/swiftc" ]; }

# Runs a command by chroot in a folder that has Debian, with the project at its own path if there is one.
inside() { # FOLDER PROJECT COMMAND...
    # In a chroot whose root is not a mount point the new namespace cannot be made private: a mount in it may be seen outside of it.
    # There each mount is undone when the command has ended.
    local tie=private
    unshare --mount true 2>/dev/null || tie=unchanged
    unshare --mount --propagation "$tie" bash -euc '
        tie="$1" root="$2" project="$3" mounts=()
        shift 3
        undo() { [ ${#mounts[@]} -eq 0 ] || umount --lazy "${mounts[@]}"; }
        [ "$tie" = private ] || trap undo EXIT
        mount --bind /dev "$root/dev"
        mounts=("$root/dev")
        mount -t proc proc "$root/proc"
        mounts=("$root/proc" "${mounts[@]}")
        if [ -n "$project" ]; then
            mkdir -p "$root$project"
            mount --bind "$project" "$root$project"
            mounts=("$root$project" "${mounts[@]}")
        fi
        cd /
        [ "$tie" = unchanged ] || exec chroot "$root" "$@"
        chroot "$root" "$@"' bash "$tie" "$@"
}

quietly() { # COMMAND...: what it says is shown if it fails
    local said
    said="$("$@" 2>&1)" || { echo "$said" >&2; return 1; }
}

apt_install() { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }

install_swift() {
    if [ ! -f /etc/debian_version ] || [ "$(id -u)" -ne 0 ]; then
        echo "scripts/swift.sh: no swift on PATH; install Swift 6 (swift.org), or run this as root on Debian to get it from there" >&2
        exit 1
    fi
    apt-get update -qq
    local packages=(swiftlang libc6-dev libstdc++-14-dev git ca-certificates)
    if [ -n "$(LC_ALL=C apt-cache policy swiftlang | grep '^ *Candidate: [^(]')" ]; then
        echo "scripts/swift.sh: installing ${packages[*]}" >&2
        apt_install "${packages[@]}"
        return
    fi
    echo "scripts/swift.sh: installing Swift from Debian 13 in $root" >&2
    # Ubuntu has Debian's keys in a package of their own.
    command -v debootstrap >/dev/null || apt_install debootstrap debian-archive-keyring
    # Made beside its place and moved there when it is complete, so that an interrupted installation is started afresh.
    # Debian 13's C library is newer than Debian 12's, so what was built there runs here.
    rm -rf "$root.part"
    mkdir -p "$(dirname "$root")"
    quietly debootstrap --variant=minbase trixie "$root.part"
    quietly inside "$root.part" "" bash -euc '
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq
        # What a power cut would lose is installed afresh anyway.
        apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-unsafe-io "$@"
        apt-get clean' bash "${packages[@]}"
    mv "$root.part" "$root"
}

case "$1" in
    --installed) on_path || in_folder; exit ;;
    --install) on_path || in_folder || install_swift; exit ;;
esac

on_path || in_folder || install_swift
command=(swift) folder="$project/ios"
if [ "$1" = --run ]; then
    command=(bash) folder="$project"
    shift
fi
if on_path; then
    cd "$folder"
    exec "${command[@]}" "$@"
fi
inside "$root" "$project" env HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TMPDIR=/tmp \
    bash -c 'cd "$0" && exec "$@"' "$folder" "${command[@]}" "$@"
