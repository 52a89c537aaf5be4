#!/usr/bin/env bash
# Starts a packaged Parley in its production profile and checks what only a real process can show: that it starts,
# answers with the database, logs JSON without its key, and ends on SIGTERM.
# usage: smoke.sh COMMAND...   with QUARKUS_DATASOURCE_* set
set -euo pipefail

export QUARKUS_HTTP_PORT=${QUARKUS_HTTP_PORT:-18080} QUARKUS_FLYWAY_MIGRATE_AT_START=true
PARLEY_IDENTITY_BOOTSTRAP_KEY=sk-parley-$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')
export PARLEY_IDENTITY_BOOTSTRAP_KEY
url=http://localhost:$QUARKUS_HTTP_PORT
log=$(mktemp)
chmod +x "$1" 2>/dev/null || true

"$@" >"$log" 2>&1 &
app=$!
trap 'kill -9 $app 2>/dev/null || true; cat "$log"' EXIT

curl -fs --retry 60 --retry-delay 1 --retry-all-errors -o /dev/null "$url/q/health/ready"
curl -fsS -H "Authorization: Bearer $PARLEY_IDENTITY_BOOTSTRAP_KEY" "$url/v1/keys" | grep -q '"object":"list"'
curl -sS "$url/v1/keys" | grep -q '"code":"invalid_api_key"'

kill -TERM $app
status=0
wait $app || status=$?
[ $status = 143 ] || [ $status = 0 ] || { echo "Ended with $status" >&2; exit 1; }
if grep -v '^{.*}$' "$log"; then
    echo "These lines are not JSON" >&2
    exit 1
fi
if grep -q "$PARLEY_IDENTITY_BOOTSTRAP_KEY" "$log"; then
    echo "The log holds a key" >&2
    exit 1
fi
echo "Started, answered, logged JSON, stopped."
