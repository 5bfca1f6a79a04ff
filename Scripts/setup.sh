#!/bin/sh
# Installs what the build needs and nothing else: only Debian packages that are missing.
#   Scripts/setup.sh          everything for forever-server, forever-relay and the tests
#   Scripts/setup.sh relay    only what forever-relay needs (no FFmpeg, no SQLite)
# Made for Debian 12 and 13 and Ubuntu 22.04 and 24.04. Says nothing when nothing is missing.
set -eu

relay_packages="libssl-dev"
server_packages="libavformat-dev libavcodec-dev libswresample-dev libavutil-dev libsqlite3-dev"
swift_needed="6.2"
# libavcodec 59.24 is FFmpeg 5.1, the first with the channel layouts used here.
avcodec_needed="59.24"

say() { printf 'setup: %s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

case "${1:-all}" in
    relay) wanted="$relay_packages" ;;
    all) wanted="$relay_packages $server_packages" ;;
    *) stop "unknown argument '$1'; use no argument, or 'relay'" ;;
esac

# Whether version $1 is at least version $2, both numbers with dots.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

check_swift() {
    if ! command -v swift >/dev/null 2>&1; then
        say "swift is not on the PATH. Forever needs Swift $swift_needed or newer (built and tested with 6.3)."
        stop "It comes from https://www.swift.org/install/linux/ ; then run this again."
    fi
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    [ -n "$version" ] || stop "'swift --version' does not answer; www.swift.org/install/linux lists the packages it needs itself"
    at_least "$version" "$swift_needed" ||
        stop "Swift $version is too old: $swift_needed or newer is needed, from https://www.swift.org/install/linux/"
}

installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null || true)" = installed ]
}

# Whether Swift can link: it uses the system's linker, C library headers and C++ library.
links() {
    command -v ld >/dev/null 2>&1 && [ -e /usr/include/stdio.h ] && ls /usr/lib/gcc/*/*/libstdc++.so >/dev/null 2>&1
}

# The packages of $wanted that are not there, one line. pkg-config is asked for as a program, because
# newer releases provide it by the package pkgconf.
missing_packages() {
    list=""
    links || list="g++"
    command -v pkg-config >/dev/null 2>&1 || list="$list pkg-config"
    for package in $wanted; do
        installed "$package" || list="$list $package"
    done
    echo $list
}

install_packages() {
    if [ "$(id -u)" = 0 ]; then
        as_root=""
    elif command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
        as_root="sudo"
    else
        say "these Debian packages are missing, and only root can install them: $*"
        stop "as root, run: apt-get update && apt-get install --no-install-recommends -y $*"
    fi
    say "installing: $*"
    $as_root apt-get update -q >&2 || say "'apt-get update' failed; trying with the package lists that are here"
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install --no-install-recommends -y -q "$@" >&2 ||
        stop "apt-get could not install: $*"
}

check_ffmpeg() {
    pkg-config --atleast-version="$avcodec_needed" libavcodec ||
        stop "FFmpeg here is too old (libavcodec $(pkg-config --modversion libavcodec)); the server needs FFmpeg 5.1 or newer
setup: (Debian 12 and Ubuntu 24.04 have it; on Ubuntu 22.04 'make relay' works, the server needs a newer FFmpeg)."
}

check_swift
if command -v dpkg-query >/dev/null 2>&1; then
    missing=$(missing_packages)
    if [ -n "$missing" ]; then
        install_packages $missing
    fi
else
    say "this is not a Debian or Ubuntu system; please see to it that these are here: pkg-config $wanted"
fi
[ "${1:-all}" = relay ] || check_ffmpeg
