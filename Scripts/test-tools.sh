#!/bin/sh
# Gives the tests the programs they listen with, without installing anything: what is on the PATH is used as it
# is; the rest is downloaded with apt-get (with lists and a cache of its own) and unpacked under .build/tools.
# The tests find the unpacked programs in .build/tools/bin. A second run does nothing.
set -eu

tools="curl ffmpeg mpg123 mpv chromium nginx openssl"
folder=$(cd "$(dirname "$0")/.." && pwd)/.build/tools
root=$folder/root
bin=$folder/bin

say() { printf 'test-tools: %s\n' "$*" >&2; }

# Whether nothing is to be done for the tool $1: on the PATH, unpacked by an earlier run, or given up by one
# (remove .build/tools to try again).
settled() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || [ -x "$bin/$1" ] || [ -e "$folder/without/$1" ]; }

missing=""
for tool in $tools; do
    settled "$tool" || missing="$missing $tool"
done
[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null 2>&1 || ! command -v dpkg >/dev/null 2>&1; then
    say "not on the PATH:$missing. The tests that need them are skipped."
    exit 0
fi

# apt with its own lists and cache, reading the system's package status and changing nothing of it.
apt_folder=$folder/apt
log=$folder/log
mkdir -p "$apt_folder/lists/partial" "$apt_folder/cache/archives/partial" "$root" "$bin" "$folder/without"
private_apt() {
    program=$1
    shift
    "$program" -q -o Dir::State::lists="$apt_folder/lists" -o Dir::Cache="$apt_folder/cache" \
        -o Dir::State::extended_states="$apt_folder/extended_states" -o Debug::NoLocking=1 \
        -o APT::Sandbox::User="$(id -un)" -o APT::Get::Fix-Missing=true "$@"
}

# The program inside the unpacked tree that the tool's wrapper starts.
program_of() {
    case "$1" in
        chromium) echo "$root/usr/lib/chromium/chromium" ;;
        mpg123) echo "$root/usr/bin/mpg123.bin" ;;
        nginx) echo "$root/usr/sbin/nginx" ;;
        *) echo "$root/usr/bin/$1" ;;
    esac
}

# Folders with shared libraries that the unpacked programs look for, most special first.
library_path() {
    path=""
    for triplet in "$root"/usr/lib/*-linux-gnu* "$root"/lib/*-linux-gnu*; do
        for inner in blas lapack pulseaudio nss; do
            [ -d "$triplet/$inner" ] && path="$path$triplet/$inner:"
        done
        [ -d "$triplet" ] && path="$path$triplet:"
    done
    echo "${path}"
}

# The package that holds the tool $1.
package_of() {
    case "$1" in
        nginx) echo nginx-light ;;
        *) echo "$1" ;;
    esac
}

write_wrapper() {
    {
        echo '#!/bin/sh'
        echo "# Written by Scripts/test-tools.sh: starts the unpacked $1."
        echo "LD_LIBRARY_PATH=$(library_path)\${LD_LIBRARY_PATH:-}"
        echo "FONTCONFIG_FILE=$folder/fonts.conf"
        for modules in "$root"/usr/lib/*/mpg123; do
            [ -d "$modules" ] && echo "MPG123_MODDIR=$modules; export MPG123_MODDIR"
        done
        echo 'export LD_LIBRARY_PATH FONTCONFIG_FILE'
        echo "exec $(program_of "$1") \"\$@\""
    } >"$bin/$1"
    chmod +x "$bin/$1"
}

write_font_configuration() {
    cat >"$folder/fonts.conf" <<FONTS
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>$root/usr/share/fonts</dir>
  <cachedir>$folder/font-cache</cachedir>
</fontconfig>
FONTS
}

give_up() {
    say "$2; the tests that need $1 are skipped"
    : >"$folder/without/$1"
}

say "not on the PATH:$missing. Unpacking them under .build/tools (once; nothing is installed)."
private_apt apt-get update >"$log" 2>&1 || say "'apt-get update' failed; see $log"
offered=""
packages=""
for tool in $missing; do
    # A package must hold a program: Ubuntu's chromium is only a pointer to a snap.
    case "$(private_apt apt-cache show "$(package_of "$tool")" 2>/dev/null | sed -n 's/^Version: //p' | head -n 1)" in
        "" | *snap*) give_up "$tool" "this system offers no package '$tool'" ;;
        *)
            offered="$offered $tool"
            packages="$packages $(package_of "$tool")"
            ;;
    esac
done
[ -n "$offered" ] || exit 0
# Only what the system lacks is downloaded; its own libraries serve the rest.
if ! private_apt apt-get install --download-only --no-install-recommends -y $packages >>"$log" 2>&1; then
    say "could not download$offered; see $log. The tests that need them are skipped."
    exit 0
fi
for package in "$apt_folder"/cache/archives/*.deb; do
    case "$package" in
        # The C library must be the running system's own.
        */libc6_* | */libc-bin_*) ;;
        *) dpkg -x "$package" "$root" ;;
    esac
done
write_font_configuration
rm -rf "$apt_folder" "$root"/usr/share/doc "$root"/usr/share/man "$root"/usr/share/locale
for tool in $offered; do
    [ -x "$(program_of "$tool")" ] || { give_up "$tool" "the package '$tool' holds no program"; continue; }
    write_wrapper "$tool"
    case "$tool" in
        ffmpeg) set -- -version ;;
        nginx) set -- -v ;;
        openssl) set -- version ;;
        *) set -- --version ;;
    esac
    "$bin/$tool" "$@" >>"$log" 2>&1 || {
        rm "$bin/$tool"
        give_up "$tool" "the unpacked $tool does not start here (see $log)"
    }
done
