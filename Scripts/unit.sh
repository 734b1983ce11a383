#!/bin/bash
# Runs `swift test` with the given options. Lines of tests that run side by side are mixed, so what failed is said
# again at the end.
set -uo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
"${SWIFT:-swift}" test "$@" 2>&1 | tee "$log"
code=$?
if [ "$code" -ne 0 ]; then
    echo "What failed:"
    grep -A 3 'recorded an issue' "$log" | grep -v ' started\.$\| passed after '
    grep ' failed after ' "$log"
    grep -i 'fatal error\|unexpected signal\|exited with' "$log"
fi
exit "$code"
