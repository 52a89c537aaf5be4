#!/usr/bin/env bash
# Creates the tests' database in CI's Postgres, which gets the settings of ./dev's: a service takes no arguments. The
# database's owner is no superuser, as in production; the extension needs one.
# usage: database.sh   with CONTAINER set to the id of the service
set -euo pipefail

PGPASSWORD=parley psql -v ON_ERROR_STOP=1 -h 127.0.0.1 -U postgres <<'SQL'
ALTER SYSTEM SET max_connections = 200;
ALTER SYSTEM SET shared_buffers = '256MB';
ALTER SYSTEM SET jit = off;
CREATE ROLE parley_owner LOGIN CREATEROLE PASSWORD 'parley';
CREATE DATABASE parley OWNER parley_owner;
\connect parley
CREATE EXTENSION vector;
SQL

docker restart "$CONTAINER" >/dev/null
for _ in $(seq 60); do
    if pg_isready -q -h 127.0.0.1; then exit; fi
    sleep 1
done
echo "Postgres did not come back within a minute" >&2
docker logs --tail 20 "$CONTAINER" >&2
exit 1
