#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Ours, JPMML-Evaluator and pmml4s on the same models and rows in one go.
#   bench/score/run.sh [--build DIR] [--only ours|jpmml|pmml4s] [--models A,B] [--corpus] [--rounds N] [--again]
# Models, environments and the peers' programs are kept in build/bench-score (WORK). A run of all engines over all models writes
# RESULT.md; any other prints its tables. PROVECHO_SHARED names the folder of the data sets (needed only to make the models).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$root/build/release
work=${WORK:-$root/build/bench-score}
only= models= rounds=7 corpus= again=
while [ $# -gt 0 ]; do
  case $1 in
    --build) build=$(cd "$2" && pwd); shift ;;
    --only) only=$2; shift ;;
    --models) models=$2; shift ;;
    --rounds) rounds=$2; shift ;;
    --corpus) corpus=--corpus ;;
    --again) again=--again ;;
    *) sed -n '3,6s/^# *//p' "$0"; exit 2 ;;
  esac
  shift
done
full=$([ -z "$only$models" ] && echo yes || true)
all=lr113,xgb75,xgb75_binary,lgb75,rf_big
[ -z "$corpus" ] || all=$all,audit_lr,audit_xgb,audit_lgb
models=${models:-$all}
mkdir -p "$work"

if [ -z "$only" ] || [ "$only" = ours ]; then
  grep -q '^PROVECHO_BUILD_BENCH:BOOL=ON' "$build/CMakeCache.txt" 2> /dev/null ||
    { echo "configure it first: cmake --preset release -DPROVECHO_BUILD_BENCH=ON -B $build" >&2; exit 2; }
  cmake --build "$build" --target bench_score > "$work/build.log" 2>&1 || { tail -20 "$work/build.log" >&2; exit 2; }
fi

python=$work/python/bin/python
missing=$again
for model in ${models//,/ }; do [ -e "$work/models/$model/model.json" ] || missing=yes; done
if [ -n "$missing" ]; then
  : "${PROVECHO_SHARED:?set it to the folder that holds data/bank-marketing and data/silocompro}"
  [ -x "$python" ] || python3 -m venv "$work/python"
  "$python" -c 'import sklearn, xgboost, lightgbm, pandas' 2> /dev/null ||
    "$python" -m pip install --quiet scikit-learn xgboost lightgbm pandas
  provecho=$build/provecho
  case ,$models, in *,lr113,*)
    [ -x "$provecho" ] || cmake --build "$build" --target provecho > "$work/build.log" 2>&1 || { tail -20 "$work/build.log" >&2; exit 2; } ;;
  esac
  "$python" "$here/models.py" --shared "$PROVECHO_SHARED" --provecho "$provecho" --output "$work/models" --models "$models" $again
fi

if [ "$only" != ours ]; then
  if [ ! -e "$work/pmml4s/pmml4s_2.13-1.5.8.jar" ]; then
    [ -x "$python" ] || python3 -m venv "$work/python"
    "$python" -m pip download --quiet --no-deps --dest "$work/pypmml" pypmml==1.5.8
    "$python" - "$work" << 'END'
import glob, os, sys, zipfile
work = sys.argv[1]
os.makedirs(os.path.join(work, "pmml4s"), exist_ok=True)
with zipfile.ZipFile(glob.glob(os.path.join(work, "pypmml", "*.whl"))[0]) as wheel:
    for name in wheel.namelist():
        if name.endswith(".jar"):
            with open(os.path.join(work, "pmml4s", os.path.basename(name)), "wb") as jar:
                jar.write(wheel.read(name))
END
  fi
  mkdir -p "$work/java"
  cp -r "$here/java/pom.xml" "$here/java/src" "$work/java/"
  maven=(mvn -q -Dpmml4s="$work/pmml4s" -f "$work/java/pom.xml" compile dependency:build-classpath
         -DincludeScope=compile -Dmdep.outputFile="$work/java/classpath")
  "${maven[@]}" -o > "$work/mvn.log" 2>&1 || "${maven[@]}" > "$work/mvn.log" 2>&1 || { tail -20 "$work/mvn.log" >&2; exit 2; }
fi

exec python3 "$here/run.py" --build "$build" --work "$work" ${only:+--only "$only"} --models "$models" --rounds "$rounds" \
  --json "$work/figures.json" ${full:+--result "$here/RESULT.md"}
