#!/bin/sh
# Searches for inputs that break a parser's promise, crash it, hang it or make it leak: one line per parser.
#   FUZZ_SECONDS=60   how long for each        FUZZ_TARGETS="request icy"   which
#   Scripts/fuzz.sh minimise                   puts what was found new, minimised, into Tests/Corpus/fuzz
# Inputs that break something are kept under .build/fuzz/found, everything new that was reached under .build/fuzz/grown.
set -eu
cd "$(dirname "$0")/.."
seconds=${FUZZ_SECONDS:-60}
targets=${FUZZ_TARGETS:-request response chunked icy mp3 json events proof}
work=$PWD/.build/fuzz
program=$work/release/forever-fuzz
# Swift's own backtracer hangs when the address sanitizer has already caught the signal.
SWIFT_BACKTRACE=enable=no
# Freed memory is kept aside to catch late uses; as much as by default would hide what a parser itself needs.
ASAN_OPTIONS=quarantine_size_mb=32
export SWIFT_BACKTRACE ASAN_OPTIONS

# Of two -sanitize options swiftc takes the last alone, so one names both.
build() {
    mkdir -p "$work/found" "$work/log"
    "${SWIFT:-swift}" build -c release --product forever-fuzz --scratch-path "$work" --sanitize=address \
        --sanitize=fuzzer -Xswiftc -sanitize=fuzzer,address -Xswiftc -DFUZZ >"$work/log/build" 2>&1 || {
        cat "$work/log/build"
        exit 1
    }
}

# search TARGET SECONDS OPTIONS...: one process on one parser; what it wrote stands in .build/fuzz/log.
search() {
    target=$1
    limit=$2
    shift 2
    FUZZ_TARGET=$target "$program" -max_total_time="$limit" -timeout=5 -rss_limit_mb=1536 -max_len=2048 \
        -dict="Tests/Fuzz/Dictionaries/$target.dict" -artifact_prefix="$work/found/$target-" -print_final_stats=1 "$@" \
        >"$work/log/$target" 2>&1
}

# The harness must find what is planted in it (Tests/Fuzz/Properties/Canary.swift), or its silence means nothing.
canary() {
    kind=$1
    sign=$2
    mkdir -p "$work/canary"
    if FUZZ_CANARY=$kind FUZZ_TARGET=chunked "$program" -max_total_time=60 -timeout=2 -max_len=64 \
        -dict=Tests/Fuzz/Dictionaries/chunked.dict -artifact_prefix="$work/canary/" "$work/canary" \
        Tests/Corpus/fuzz/chunked >"$work/log/canary-$kind" 2>&1 || ! grep -q "$sign" "$work/log/canary-$kind"; then
        echo "the planted $kind was NOT found: see $work/log/canary-$kind"
        status=1
    else
        found="$found $kind"
    fi
    rm -rf "$work/canary"
}

minimise() {
    for target in $targets; do
        rm -rf "$work/least"
        mkdir -p "$work/least" "$work/grown/$target"
        FUZZ_TARGET=$target "$program" -merge=1 -use_counters=0 -max_len=1000 "$work/least" "Tests/Corpus/fuzz/$target" \
            "$work/grown/$target" >"$work/log/minimise" 2>&1
        rm -rf "Tests/Corpus/fuzz/$target"
        mv "$work/least" "Tests/Corpus/fuzz/$target"
        echo "$target: $(find "Tests/Corpus/fuzz/$target" -type f | wc -l) inputs"
    done
}

status=0
build
if [ "${1:-}" = minimise ]; then
    minimise
    exit
fi
found=
canary answer "the canary was found"
canary overread "heap-buffer-overflow"
canary leak "detected memory leaks"
canary hang "libFuzzer: timeout"
echo "planted bugs found:$found"
for target in $targets; do
    mkdir -p "$work/grown/$target"
    if search "$target" "$seconds" "$work/grown/$target" "Tests/Corpus/fuzz/$target"; then
        log=$work/log/$target
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
        peak=$(sed -n 's/^stat::peak_rss_mb: *//p' "$log")
        edges=$(sed -n 's/.*DONE.* cov: \([0-9]*\).*/\1/p' "$log")
        printf '%-9s ok: %s runs in %s s, %s edges, %s MB at most\n' "$target" "$runs" "$seconds" "$edges" "$peak"
    else
        status=1
        echo "$target BROKEN: $(grep -m1 -E 'Fatal error|ERROR' "$work/log/$target" || true)"
        grep "Test unit written" "$work/log/$target" || true
    fi
done
exit $status
