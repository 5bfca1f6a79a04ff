#!/bin/sh
# What mixing costs: the stretcher alone, then whole mixes by forever-server, the analysis of every track included, in
# CPU seconds of all threads, so that other programs do not matter much. --long adds a track of three hours.
set -eu
cd "$(dirname "$0")/.."
for product in forever-server bench-mix; do
    "${SWIFT:-swift}" build -c release --product "$product" >&2
done
bin=$PWD/.build/release
work=$PWD/.build/bench-mix
PATH=$PATH:$PWD/.build/tools/bin
mkdir -p "$work"

"$bin/bench-mix" speed

# Ten tracks as they come from a library: MP3 files.
[ -e "$work/tracks/demo41-1.wav" ] || "$bin/bench-mix" tracks "$work/tracks" 10 41
set --  "$@" --
long=
while [ "$1" != -- ]; do
    [ "$1" != --long ] || long=yes
    shift
done
shift
for wave in "$work"/tracks/*.wav; do
    coded=${wave%.wav}.mp3
    [ -e "$coded" ] || ffmpeg -v error -y -i "$wave" -b:a 192k "$coded"
    set -- "$@" "$coded"
done

# cost WORDS OUT FILE...: no analysis is kept, so each is made again.
cost() {
    printf '%s: ' "$1"
    out=$2
    shift 2
    "$bin/bench-mix" cost "$out" "$bin/forever-server" mix "$@" -o "$out"
}
cost "ten MP3 files to WAVE, analysis included" "$work/mix.wav" "$@"
cost "ten MP3 files to MP3, analysis included" "$work/mix.mp3" "$@"

[ -n "$long" ] || exit 0
first=$1
hours=$work/three-hours.mp3
if [ ! -e "$hours" ]; then
    for turn in 1 2 3 4 5; do
        for coded in "$@"; do echo "file '$coded'"; done
    done >"$work/list"
    ffmpeg -v error -y -f concat -safe 0 -i "$work/list" -t 10800 -c copy "$hours"
fi
cost "a track of three hours between two others, to MP3" "$work/long.mp3" "$first" "$hours" "$2"
