#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# bench/platform/run.sh [BUILD_FOLDER]: writes RESULT.md beside itself. STORE=postgresql://… adds that server.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${1:-$root/build/release}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
{
  printf '# Result\n\n%s, %s threads, commits to a local disk; load average before %s.\n\n' \
    "$(sed -n 's/model name.*: //p' /proc/cpuinfo | head -1)" "$(nproc)" "$(cut -d' ' -f1 /proc/loadavg)"
  printf '## One experiment, one thread, SQLite\n\n'
  "$build/bench/platform/bench_trial" --folder "$work/trial"
  printf '\n## A verdict over 100 million customers\n\n'
  "$build/bench/platform/bench_trial" --generated 100000000
  if [ -n "${STORE:-}" ]; then
    printf '\n## The same on PostgreSQL\n\n'
    "$build/bench/platform/bench_trial" --store "$STORE" --customers 10000,100000
  fi
  printf '\n## Everything in one process\n\n'
  python3 "$root/bench/platform/page.py" "$build/provecho" "$work/demo"
} > "$work/RESULT.md"
cp "$work/RESULT.md" "$root/bench/platform/RESULT.md"
cat "$root/bench/platform/RESULT.md"
