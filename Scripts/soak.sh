#!/bin/sh
# Soaks: real servers under faults, then kills of the root alone, then simulated lives, then an hour on a fake
# SoundCloud (Docs/Testing.md).
#   SOAK_SECONDS    how long the first and the last take (600)
#   SOAK_RESTARTS   kills of the root (50)
#   SOAK_LISTENERS  players of the first (500)
#   SOAK_FANOUT     relays that the root serves, of nine; the others pull from relays (3)
#   SOAK_SEED       what all is drawn from (standard: another each time)
#   SOAK_PARTS      "network restarts simulation soundcloud", or some of them
# Arguments go to forever-soak.
set -eu
cd "$(dirname "$0")/.."
swift=${SWIFT:-swift}
parts=${SOAK_PARTS:-network restarts simulation soundcloud}
case $parts in
*network* | *restarts*)
    for product in forever-server forever-relay forever-soak; do
        "$swift" build -c release --product "$product"
    done
    ;;
esac
# Half of it all by https, where there is a program to make a certificate with.
certificate=
if command -v openssl >/dev/null; then
    certificate=$(mktemp)
    trap 'rm -f "$certificate"' EXIT
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$certificate" -out "$certificate" \
        -subj "/CN=soak" -days 30 -addext "subjectAltName=IP:127.0.0.1" 2>/dev/null
fi
fanout="--fanout ${SOAK_FANOUT:-3}"
seed=${SOAK_SEED:+"--seed $SOAK_SEED"}
status=0
for part in $parts; do
    case $part in
    # shellcheck disable=SC2086 # these are two words, or none
    network)
        .build/release/forever-soak --seconds "${SOAK_SECONDS:-600}" --listeners "${SOAK_LISTENERS:-500}" \
            --relays 9 $fanout $seed ${certificate:+--certificate "$certificate"} "$@" || status=1
        ;;
    restarts)
        .build/release/forever-soak --restarts "${SOAK_RESTARTS:-50}" --listeners 40 --relays 2 $seed "$@" || status=1
        ;;
    simulation)
        FOREVER_SOAK_SECONDS=${SOAK_SECONDS:-600} Scripts/test.sh --filter SimulationTests || status=1
        ;;
    soundcloud)
        FOREVER_SOUNDCLOUD_HOUR=1 Scripts/test.sh --filter SoundCloudHourTests || status=1
        ;;
    *)
        echo "soak: what is $part?" >&2
        exit 2
        ;;
    esac
done
exit $status
