#!/bin/sh
# Runs all tests: first those inside the process, then those that start the built programs, which want the
# machine for themselves because they listen in real time. Arguments go to `swift test` (then it runs once).
set -eu
cd "$(dirname "$0")/.."
swift=${SWIFT:-swift}
PATH=$PATH:$PWD/.build/tools/bin
export PATH

if [ $# -gt 0 ]; then
    exec "$swift" test -c release --disable-xctest "$@"
fi
"$swift" build -c release --build-tests
status=0
"$swift" test -c release --skip-build --disable-xctest --skip EndToEndTests || status=$?
"$swift" test -c release --skip-build --disable-xctest --no-parallel --filter EndToEndTests || status=$?
exit $status
