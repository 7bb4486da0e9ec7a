#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Generations 1 and 3 by `provecho study` and by scikit-learn, imbalanced-learn and XGBoost, on the same rows in one go.
#   bench/study/run.sh [--build DIR] [--rows N] [--threads N] [--only ours|peer]
# Data and environment are kept in build/bench-study (WORK). A run of both on the article's 148,837 rows writes RESULT.md.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$root/build/release
work=${WORK:-$root/build/bench-study}
rows=148837 threads=2 only=
while [ $# -gt 0 ]; do
  case $1 in
    --build) build=$(cd "$2" && pwd); shift ;;
    --rows) rows=$2; shift ;;
    --threads) threads=$2; shift ;;
    --only) only=$2; shift ;;
    *) sed -n '3,5s/^# *//p' "$0"; exit 2 ;;
  esac
  shift
done
q=35.9  # (1 + 0) / 0.027856, the article's.
data=$work/$rows
mkdir -p "$data"
cmake --build "$build" --target provecho > "$work/build.log" 2>&1 || { tail -20 "$work/build.log" >&2; exit 2; }
python=$work/python/bin/python
[ -x "$python" ] || python3 -m venv "$work/python"
"$python" -c 'import sklearn, imblearn, xgboost, pandas' 2> /dev/null ||
  "$python" -m pip install --quiet scikit-learn imbalanced-learn xgboost pandas
[ -e "$data/test.csv" ] || "$python" "$here/make_data.py" "$data" "$rows"

if [ "$only" != peer ]; then
  rm -rf "$data/study"
  "$python" "$here/timed.py" "$data/ours.time" "$build/provecho" study "$data/train.csv" --test "$data/test.csv" --target accepted \
    --q $q --threads "$threads" --output "$data/study" > "$data/ours.txt" || { tail -5 "$data/ours.txt"; exit 1; }
fi
if [ "$only" != ours ]; then
  "$python" "$here/peer.py" "$data/train.csv" "$data/test.csv" accepted $q "$data/peer.json" "$threads"
fi
if [ -z "$only" ]; then
  "$python" "$here/compare.py" "$data" "$rows" "$threads" > "$data/RESULT.md"
  cat "$data/RESULT.md"
  [ "$rows" != 148837 ] || cp "$data/RESULT.md" "$here/RESULT.md"
fi
