#!/usr/bin/env bash
# Builds the measuring programs and runs one: bench/run.sh steps|hosts|failover|events|makespan|snapshot|files [arguments]; bench/README.md says what each does.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root"
if [ "${BENCH_BUILD:-1}" = 1 ]; then
  ./mvnw -q -ntp -pl bench -am -Pquick,programs -DskipTests package </dev/null >&2
fi
compiler=-XX:TieredStopAtLevel=1
case "${1:-}" in snapshot | files) compiler=-XX:TieredStopAtLevel=4 ;; esac # as ./belay starts a worker
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" "$compiler" -Djava.io.tmpdir="${BENCH_TMP:-/tmp}" -XX:+UseSerialGC -Xshare:auto -Dbelay.root="$root" \
  -Dorg.slf4j.simpleLogger.defaultLogLevel=error -cp "bench/target/classes:bench/target/lib/*" dev.belay.bench.Main "$@"
