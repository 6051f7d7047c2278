#!/usr/bin/env bash
# Runs a command of the Swift toolchain in ios/:   scripts/swift.sh test      scripts/swift.sh format lint --strict -r .
#
# With `swift` on PATH that one is used. Otherwise, on Debian as root, Swift comes from Debian's own packages and lives in
# a folder of its own ($SWIFT_ROOT, default /opt/pocketdesk-swift: about 530 MB to fetch, 3.2 GB on disk, once), and the
# command runs in there by chroot. The project is mounted at its own path, in a mount namespace that ends with the command:
# paths in messages are the real ones, nothing has to be unmounted, and several commands may run at the same time.
set -euo pipefail

project="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
root="${SWIFT_ROOT:-/opt/pocketdesk-swift}"

if [ $# -eq 0 ]; then
    echo "usage: scripts/swift.sh ARGUMENTS-OF-SWIFT..." >&2
    exit 2
fi

if command -v swift >/dev/null; then
    cd "$project/ios"
    exec swift "$@"
fi

if [ ! -f /etc/debian_version ] || [ "$(id -u)" -ne 0 ]; then
    echo "scripts/swift.sh: no swift on PATH; install Swift 6 (swift.org), or run this as root on Debian to get it from there" >&2
    exit 1
fi

if [ ! -x "$root/usr/bin/swiftc" ]; then
    if ! command -v debootstrap >/dev/null; then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq debootstrap
    fi
    # Made beside its place and moved there when it is complete, so that an interrupted installation is started afresh.
    # Debian 13 is the first release with Swift. Its C library is newer than Debian 12's, so what was built there runs here.
    rm -rf "$root.part"
    debootstrap --variant=minbase trixie "$root.part" >&2
    unshare --mount bash -euc '
        mount --rbind /dev "$1/dev"
        mount -t proc proc "$1/proc"
        chroot "$1" apt-get update -qq
        chroot "$1" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            swiftlang libc6-dev libstdc++-14-dev git ca-certificates
        chroot "$1" apt-get clean' bash "$root.part" >&2
    mv "$root.part" "$root"
fi

mkdir -p "$root$project"
exec unshare --mount bash -euc '
    root="$1" project="$2"
    shift 2
    mountpoint -q "$root/dev" || mount --rbind /dev "$root/dev"
    mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
    mount --rbind "$project" "$root$project"
    cd /
    exec chroot "$root" env HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TMPDIR=/tmp \
        bash -c "cd \"\$0/ios\" && exec swift \"\$@\"" "$project" "$@"' bash "$root" "$project" "$@"
