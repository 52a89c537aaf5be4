#!/usr/bin/env bash
# Writes the AOT cache of the packaged application (JEP 483, 514, 515): a run that starts, is asked and ends, while the
# JVM takes note of what it loads and links. Without QUARKUS_DATASOURCE_JDBC_URL it does without a database.
#
# The cache fits the JVM, the jars (by name, size and date) and the options given here; any other run does without it.
set -euo pipefail

jar=$1 cache=$2
shift 2
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
log=$(mktemp)
export QUARKUS_PROFILE=prod QUARKUS_HTTP_HOST=127.0.0.1 QUARKUS_HTTP_PORT=${TRAINING_PORT:-18080}
export PARLEY_JOB_WORKERS=0 PARLEY_JOB_HOUSEKEEPING_ENABLED=false PARLEY_IDENTITY_BOOTSTRAP_KEY=
export QUARKUS_DATASOURCE_JDBC_URL=${QUARKUS_DATASOURCE_JDBC_URL:-jdbc:postgresql://127.0.0.1:1/none}

# Bash's own sockets: a base image may have no curl.
ask() {
    (
        exec 2>/dev/null 3<>"/dev/tcp/127.0.0.1/$QUARKUS_HTTP_PORT" &&
            printf '%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer sk-parley-training\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' \
                "$1" "${#2}" "$2" >&3 && cat <&3 >/dev/null
    )
}

fail() {
    tail -n 20 "$log" >&2
    echo "train: $1" >&2
    exit 1
}

"$java" -XX:AOTCacheOutput="$cache.new" "$@" -jar "$jar" >"$log" 2>&1 &
run=$!
trap 'kill -KILL $run 2>/dev/null || true; rm -f "$log" "$cache.new" "$cache.new.config"' EXIT
tick=0
until ask 'GET /q/health/live' ''; do
    kill -0 $run 2>/dev/null || fail "the application ended before it was ready"
    [ $tick -lt 600 ] || fail "the application was not ready after two minutes"
    sleep 0.2
    tick=$((tick + 1))
done
chat='{"model":"extractive","messages":[{"role":"user","content":"Hello"}]}'
ask 'GET /q/health/ready' '' || true
ask 'GET /v1/models' '' || true
ask 'POST /v1/chat/completions' "$chat" || true
kill -TERM $run
wait $run || true # 143, for the signal
[ -s "$cache.new" ] || fail "no cache was written"
mv "$cache.new" "$cache"
