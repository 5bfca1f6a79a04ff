#!/bin/sh
# Our mix beside ffmpeg's acrossfade and Liquidsoap's smart crossfade, of the same tracks in the same order, bar by bar:
# over music of games that Debian packs, and over tracks of the demo crate, whose beats are known. Nothing is
# installed: packages are downloaded with apt-get and unpacked under .build/bench-transitions.
#   TRANSITIONS_TRACKS  tracks of each set at most (12)
#   TRANSITIONS_MUSIC   a folder of music instead of Debian's; NAME.json beside NAME.flac tells its true beats
#   TRANSITIONS_JUDGE   a program that is run with MIX and PLAN.json too, for a second opinion
set -eu
cd "$(dirname "$0")/.."
for product in forever-server bench-mix; do
    "${SWIFT:-swift}" build -c release --product "$product" >&2
done
bin=$PWD/.build/release
work=$PWD/.build/bench-transitions
count=${TRANSITIONS_TRACKS:-12}
PATH=$PATH:$PWD/.build/tools/bin
mkdir -p "$work"
say() { printf 'bench-transitions: %s\n' "$*" >&2; }

# A package may have another name in another release; what is not there is left out.
music_packages="frozen-bubble-data neverball-data asc-music singularity-music planetblupi-music-ogg hyperrogue-music
    fretsonfire-songs-sectoid fretsonfire-songs-muldjord wesnoth-1.16-music wesnoth-1.18-music"

private_apt() {
    program=$1
    shift
    "$program" -q -o Dir::State::lists="$work/apt/lists" -o Dir::Cache="$work/apt/cache" -o Debug::NoLocking=1 \
        -o Dir::State::extended_states="$work/apt/extended" -o APT::Sandbox::User="$(id -un)" "$@"
}

prepare_apt() {
    [ ! -e "$work/apt/ready" ] || return 0
    mkdir -p "$work/apt/lists/partial" "$work/apt/cache/archives/partial"
    private_apt apt-get update >"$work/apt.log" 2>&1
    : >"$work/apt/ready"
}

# Unpacks the packages named, without what they depend on, into the folder $1.
unpack() {
    folder=$1
    shift
    prepare_apt
    mkdir -p "$folder" "$work/packages"
    for package in "$@"; do
        (cd "$work/packages" && private_apt apt-get download "$package") >>"$work/apt.log" 2>&1 || say "no package $package"
    done
    for package in "$work"/packages/*.deb; do [ ! -e "$package" ] || dpkg -x "$package" "$folder"; done
    rm -rf "$work/packages"
}

# Liquidsoap with the libraries that this system lacks.
prepare_liquidsoap() {
    ! command -v liquidsoap >/dev/null 2>&1 || return 0
    [ ! -e "$work/liquidsoap/ready" ] || return 0
    prepare_apt
    rm -f "$work"/apt/cache/archives/*.deb
    private_apt apt-get install --download-only --no-install-recommends -y liquidsoap >>"$work/apt.log" 2>&1 || {
        say "Liquidsoap cannot be had here; see $work/apt.log"
        return 0
    }
    for package in "$work"/apt/cache/archives/*.deb; do dpkg -x "$package" "$work/liquidsoap"; done
    : >"$work/liquidsoap/ready"
}

liquidsoap_of() {
    if command -v liquidsoap >/dev/null 2>&1; then
        liquidsoap "$@"
        return
    fi
    root=$work/liquidsoap
    libraries=
    for folder in "$root"/usr/lib/*-linux-gnu* "$root"/lib/*-linux-gnu*; do libraries=$libraries$folder: ; done
    LD_LIBRARY_PATH=$libraries${LD_LIBRARY_PATH:-} CAML_LD_LIBRARY_PATH=$root/usr/lib/ocaml/stublibs \
        "$root/usr/bin/liquidsoap" "$@"
}

seconds_of() { ffmpeg -hide_banner -i "$1" 2>&1 | sed -n 's/.*Duration: \(..\):\(..\):\([0-9.]*\),.*/\1 \2 \3/p' | awk '{ print int($1 * 3600 + $2 * 60 + $3) }'; }

# Music of one to five minutes under the folder $1 as WAVE files in $2, at most $3 of a folder.
collect() {
    mkdir -p "$2"
    find "$1" -type f \( -name '*.ogg' -o -name '*.mp3' -o -name '*.flac' \) -size +600k ! -name 'guitar.ogg' | sort |
        while read -r file; do
            folder=$(dirname "$file")
            case $folder in */songs/*) folder=$(dirname "$folder") ;; esac
            key=$(echo "$folder" | cksum | cut -d' ' -f1)
            taken=$(ls "$2" | grep -c "^$key.*wav$" || :)
            [ "$taken" -lt "$3" ] && [ "$(ls "$2" | grep -c 'wav$' || :)" -lt "$count" ] || continue
            seconds=$(seconds_of "$file")
            [ "${seconds:-0}" -ge 60 ] && [ "$seconds" -le 300 ] || continue
            ffmpeg -v error -nostdin -y -i "$file" -ar 48000 -ac 2 "$2/$key-$taken.wav" || rm -f "$2/$key-$taken.wav"
            [ ! -e "${file%.*}.json" ] || cp "${file%.*}.json" "$2/$key-$taken.json"
        done
}

# fade_all OUT FILE...: each file over into the next in eight seconds.
fade_all() {
    out=$1
    shift
    inputs=$#
    for file in "$@"; do
        shift
        set -- "$@" -i "$file"
    done
    graph= last="[0:a]" at=1
    while [ "$at" -lt "$inputs" ]; do
        graph="$graph$last[$at:a]acrossfade=d=8[m$at];"
        last="[m$at]"
        at=$((at + 1))
    done
    ffmpeg -v error -nostdin -y "$@" -filter_complex "${graph%;}" -map "$last" "$out"
}

# Liquidsoap's crossfade as its manual has it, over the files. Unpacked elsewhere it has to be told of its own library.
smart_all() {
    out=$1
    shift
    list=
    standard=
    [ ! -e "$work/liquidsoap/ready" ] || standard="%include \"$work/liquidsoap/usr/share/liquidsoap/libs/stdlib.liq\""
    for file in "$@"; do list="$list${list:+,}once(single(\"$file\"))"; done
    cat >"$work/smart.liq" <<SCRIPT
$standard
settings.log.stdout.set(false)
settings.init.allow_root.set(true)
settings.frame.audio.samplerate.set(48000)
s = crossfade(smart=true, duration=8., fade_in=5., fade_out=5., sequence([$list]))
clock.assign_new(sync="none", [s])
output.file(fallible=true, on_stop=shutdown, %wav, "$out", s)
SCRIPT
    liquidsoap_of ${standard:+--no-stdlib} "$work/smart.liq" >"$work/smart.log" 2>&1
}

# measure NAME FOLDER: all mixes of the WAVE files in the folder, and the table.
measure() {
    name=$1
    set -- "$2"/*.wav
    [ $# -gt 1 ] || { say "$name: no music"; return 0; }
    mixes=$work/mixes/$name
    mkdir -p "$mixes"
    "$bin/forever-server" mix "$@" --order tour -o "$mixes/ours.wav" --plan "$mixes/ours.json" --data "$work/data" \
        --plot "$mixes/drawings"
    # One path a line, in the tour's order.
    tr ',{' '\n\n' <"$mixes/ours.json" | sed -n 's/.*"path" *: *"\(.*\)".*/\1/p' >"$mixes/order"
    set --
    while read -r path; do set -- "$@" "$path"; done <"$mixes/order"
    fade_all "$mixes/acrossfade.wav" "$@"
    compared="ours=$mixes/ours.wav=$mixes/ours.json acrossfade=$mixes/acrossfade.wav"
    if smart_all "$mixes/liquidsoap.wav" "$@" && [ -s "$mixes/liquidsoap.wav" ]; then
        compared="$compared liquidsoap=$mixes/liquidsoap.wav"
    else
        say "Liquidsoap made nothing; see $work/smart.log"
    fi
    printf '\n%s: %s tracks\n\n' "$name" "$#"
    # shellcheck disable=SC2086 # the paths are ours and have no spaces
    "$bin/bench-mix" compare $compared
    [ -n "${TRANSITIONS_JUDGE:-}" ] || return 0
    for mix in ours acrossfade liquidsoap; do
        plan=$mixes/$mix.wav.json
        [ "$mix" != ours ] || plan=$mixes/ours.json
        [ ! -e "$plan" ] || "$TRANSITIONS_JUDGE" "$mixes/$mix.wav" "$plan" || say "the second judge failed on $mix"
    done
}

prepare_liquidsoap
music=${TRANSITIONS_MUSIC:-}
real=$work/tracks/real
most=3
if [ -n "$music" ]; then
    real=$work/tracks/$(echo "$music" | cksum | cut -d' ' -f1)
    most=$count
else
    music=$work/music
    # shellcheck disable=SC2086 # a list of words
    [ -e "$music" ] || unpack "$music" $music_packages
fi
[ -e "$real" ] || collect "$music" "$real" "$most"
[ -e "$work/tracks/demo" ] || "$bin/bench-mix" tracks "$work/tracks/demo" "$count" 7001
measure real "$real"
measure demo "$work/tracks/demo"
