#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# provecho decide beside Kafka Streams and Flink: the same million customers, the same model, one Apache Kafka, one session.
#   PROVECHO_PEERS=/path/to/peers bench/decide/run.sh [BUILD_FOLDER]
# PROVECHO_PEERS holds the rivals' programs and the Kafka fixture (its README says how they are built: mvn, javac, g++).
# Also: CUSTOMERS (1000000), RUNS (3), WORK (a scratch folder; on a tmpfs by default).
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${1:-$root/build/release}
provecho=$build/provecho
customers=${CUSTOMERS:-1000000}
runs=${RUNS:-3}
work=${WORK:-/dev/shm/provecho-bench-decide}
: "${PROVECHO_PEERS:?set it to the folder of the rivals}"
[ -x "$provecho" ] || { echo "no $provecho: build it first (cmake --build $build --target provecho)" >&2; exit 2; }

if [ ! -e "$work/built" ]; then
  mkdir -p "$work"
  cp -r "$PROVECHO_PEERS/." "$work/"
  (cd "$work/kafka" && mvn -q -B dependency:copy-dependencies -DoutputDirectory="$PWD/lib" -DincludeScope=runtime)
  bash "$work/ks/build.sh"
  bash "$work/flink/build.sh"
  for program in gen watch; do g++ -O2 -std=c++20 -o "$work/bench/$program" "$work/bench/$program.cpp" -lrdkafka; done
  touch "$work/built"
fi
export PEERS=$work RUN=$work/run
. "$work/fixture/env.sh"
for port in 19093 20093; do
  if (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then
    echo "something listens on port $port already: the fixture needs 19093 and 20093" >&2
    exit 2
  fi
done
broker=$(HEAP=1g bash "$work/fixture/broker.sh" "$K4" "$RUN/main" 19093 | tail -1)
kill -0 "$broker" || { echo "Apache Kafka did not start: see $RUN/main.log" >&2; exit 1; }
ours=
trap 'kill $ours "$broker" 2> /dev/null; while kill -0 "$broker" 2> /dev/null; do sleep 0.2; done' EXIT
mk topic_demographic > /dev/null
mk topic_historic > /dev/null
"$work/bench/gen" 127.0.0.1:19093 "$customers" 20000 1

run_ours() {  # NAME THREADS
  local out=pred-ours-$1
  mk "$out" > /dev/null
  "$provecho" decide --model "$work/model/lr.pmml" --token bench --brokers 127.0.0.1:19093 --throughput --group "$out" \
    --output-topic "$out" --rejected-topic "" --threads "$2" > "$RUN/$out.log" 2>&1 &
  ours=$!
  local before after
  before=$(awk '{print ($14+$15)/100}' "/proc/$broker/stat")
  echo "[ours $1]"
  "$work/bench/watch" 127.0.0.1:19093 "$out" "$customers" "$ours" 120
  after=$(awk '{print ($14+$15)/100}' "/proc/$broker/stat")
  echo "   broker_cpu=$(echo "$after - $before" | bc)"
  kill -TERM "$ours"; wait "$ours" || true
  ours=
  tail -1 "$RUN/$out.log"
  topic --delete --topic "$out"
}

log=$work/log.txt
{
  for run in $(seq "$runs"); do run_ours "$run" 2; done
  export NMSG=$customers
  bash "$work/run_flink.sh" "base" 2 0 none hashmap
  bash "$work/run_flink.sh" "checkpointed" 2 1000 at_least_once hashmap
  bash "$work/run_ks.sh" base stream rocksdb 1 at_least_once 2
} 2>&1 | tee "$log"
python3 "$root/bench/decide/report.py" "$log" "$customers" | tee "$work/RESULT.md"
