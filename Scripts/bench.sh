#!/bin/sh
# Builds what `make bench` needs and runs it in a network namespace of its own with nothing in it but loopback, so
# that it neither disturbs nor sees anything else here. Arguments go to forever-bench.
set -eu
cd "$(dirname "$0")/.."
for product in forever-server forever-relay forever-bench bench-floor bench-listeners bench-relay; do
    "${SWIFT:-swift}" build -c release --product "$product" >&2
done
ulimit -n "$(ulimit -Hn)"

# Pacing congestion controls (bbr) bill the sender for timers that a real network card's interrupts would replace.
inside='ip link set lo up
sysctl -qw net.ipv4.tcp_congestion_control=reno net.ipv4.ip_local_port_range="10000 60999" net.core.somaxconn=4096 || :
exec "$@"'
user=
[ "$(id -u)" = 0 ] || user=-r
if command -v ip >/dev/null && unshare $user -n sh -c 'ip link set lo up' 2>/dev/null; then
    FOREVER_BENCH_NAMESPACE=private
    export FOREVER_BENCH_NAMESPACE
    exec unshare $user -n sh -c "$inside" sh .build/release/forever-bench "$@"
fi
echo "bench: no private network namespace can be had here; measuring in the shared one" >&2
exec .build/release/forever-bench "$@"
