# shellcheck shell=bash
# A Postgres >= 15 with pgvector >= 0.8 for this checkout: the environment's, a container, or a private cluster.

IMAGE=pgvector/pgvector:pg17
# The settings of both, for a small machine.
SETTINGS='max_connections=200 shared_buffers=256MB jit=off'
CONTAINER=parley-dev-$(printf %s "$ROOT" | cksum | cut -d' ' -f1)
PG_BIN=
PG_PORT=

# Sets QUARKUS_DATASOURCE_* to database $1; with a second argument the database is created anew.
provide_postgres() {
    [ -z "${QUARKUS_DATASOURCE_JDBC_URL:-}" ] || return 0
    if docker_has_image; then
        start_container
    else
        find_server || install_server
        start_cluster
    fi
    provide_database "$@"
    export QUARKUS_DATASOURCE_JDBC_URL=jdbc:postgresql://127.0.0.1:$PG_PORT/$1 QUARKUS_DATASOURCE_USERNAME=parley_owner
    QUARKUS_DATASOURCE_PASSWORD=$(secret owner)
    export QUARKUS_DATASOURCE_PASSWORD
}

provide_database() {
    admin_psql <<SQL
SET client_min_messages = warning;
${2:+DROP DATABASE IF EXISTS $1 WITH (FORCE);}
SELECT 'CREATE ROLE parley_owner LOGIN CREATEROLE'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'parley_owner') \gexec
ALTER ROLE parley_owner PASSWORD '$(secret owner)';
SELECT 'CREATE DATABASE $1 OWNER parley_owner'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '$1') \gexec
\connect $1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS vector; -- not a trusted extension, so the owner could not
SQL
}

# Runs the SQL on standard input as the superuser.
admin_psql() {
    local options="-X -q -v ON_ERROR_STOP=1 -U postgres -d postgres"
    # shellcheck disable=SC2086
    if [ -n "$PG_BIN" ]; then
        PGPASSWORD=$(secret superuser) "$PG_BIN/psql" $options -h 127.0.0.1 -p "$PG_PORT"
    else
        docker exec -i "$CONTAINER" psql $options
    fi
}

# A password that is made up once and kept where only this user can read it.
secret() {
    local file=$STATE/password.$1
    [ -s "$file" ] || (umask 077 && od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$file")
    cat "$file"
}

stop_postgres_if_unused() {
    [ -z "$(live_sessions)" ] || return 0
    local data
    for data in "$STATE"/postgres-*; do
        [ ! -d "$data" ] || stop_cluster "$(cd "$data" && pwd -P)"
    done
    if [ -e "$STATE/container" ]; then
        docker stop "$CONTAINER" >/dev/null || true
        rm -f "$STATE/container"
    fi
}

# --- Docker ---

docker_has_image() {
    have docker && docker info >/dev/null 2>&1 || return 1
    docker image inspect "$IMAGE" >/dev/null 2>&1 && return
    say "pulling $IMAGE"
    docker pull -q "$IMAGE" >/dev/null || { say "could not pull $IMAGE, looking for a local server" && return 1; }
}

start_container() {
    local setting tick=0 arguments=()
    for setting in $SETTINGS; do arguments+=(-c "$setting"); done
    : >"$STATE/container"
    docker start "$CONTAINER" >/dev/null 2>&1 ||
        POSTGRES_PASSWORD=$(secret superuser) docker run -d --name "$CONTAINER" -p 127.0.0.1::5432 \
            -v "$CONTAINER:/var/lib/postgresql/data" \
            -e POSTGRES_PASSWORD -e POSTGRES_INITDB_ARGS='--encoding=UTF8 --locale=C.UTF-8' \
            "$IMAGE" "${arguments[@]}" >/dev/null
    # Over TCP, because while the image sets itself up it serves its socket only.
    until docker exec "$CONTAINER" pg_isready -q -h 127.0.0.1; do
        [ $tick -lt 120 ] || die "the database container does not start; see: docker logs $CONTAINER"
        sleep 0.5
        tick=$((tick + 1))
    done
    PG_PORT=$(docker port "$CONTAINER" 5432/tcp | sed -n '1s/.*://p')
}

# --- Local server ---

server_folders() {
    if have pg_config; then pg_config --bindir; fi
    if have postgres; then dirname "$(command -v postgres)"; fi
    ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin \
        /Applications/Postgres.app/Contents/Versions/*/bin 2>/dev/null || true
}

server_version() { "$1/postgres" --version 2>/dev/null | sed 's/[^0-9]*//'; }

# Version of pgvector that the server in folder $1 could load; empty if none.
pgvector_version() {
    local share
    share=$("$1/pg_config" --sharedir 2>/dev/null) || share=${1%/bin}/share/postgresql
    sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" "$share/extension/vector.control" 2>/dev/null || true
}

# Sets PG_BIN to the folder of a server that is new enough and has pgvector.
find_server() {
    local folder
    while IFS= read -r folder; do
        if version_at_least "$(server_version "$folder")" 15 && version_at_least "$(pgvector_version "$folder")" 0.8; then
            PG_BIN=$folder
            return
        fi
    done < <(server_folders)
    return 1
}
