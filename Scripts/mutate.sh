#!/bin/sh
# Breaks music files a little, a thousand times, and has each opened and analysed under the address sanitizer: an
# error or a result, never a crash.   MUTATIONS=1000   SEED=1
set -eu
cd "$(dirname "$0")/.."
work=$PWD/.build/mutate
music=$work/music
# Swift's own backtracer hangs when the address sanitizer has already caught the signal.
SWIFT_BACKTRACE=enable=no
export SWIFT_BACKTRACE
mkdir -p "$music"
"${SWIFT:-swift}" build -c release --product forever-mutate --scratch-path "$work" --sanitize=address \
    >"$work/build.log" 2>&1 || {
    cat "$work/build.log"
    exit 1
}
beat='0.7*sin(2*PI*(55*mod(t\,0.5)+3*(1-exp(-40*mod(t\,0.5)))))*exp(-14*mod(t\,0.5))'
for name in a.mp3 b.mp3 a.flac a.m4a a.aac a.ogg a.opus a.wav a.aiff; do
    [ -s "$music/$name" ] || ffmpeg -hide_banner -nostdin -loglevel error -y -f lavfi \
        -i "aevalsrc=$beat+0.05*sin(2*PI*220*t)+0.1*(random(0)-0.5)*exp(-60*mod(t+0.25\,0.5)):s=44100:d=9" \
        -metadata title=Title $([ "$name" != b.mp3 ] || echo -q:a 5) "$music/$name"
done
exec "$work/release/forever-mutate" "$music" "${MUTATIONS:-1000}" "${SEED:-1}"
