# shellcheck shell=bash
# A Postgres >= 15 with pgvector >= 0.8 for this checkout: the environment's, a container, or a private cluster.

IMAGE=pgvector/pgvector:pg17
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
        docker stop "$CONTAINER" >/dev/null
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
        docker run -d --name "$CONTAINER" -p 127.0.0.1::5432 -v "$CONTAINER:/var/lib/postgresql/data" \
            -e POSTGRES_PASSWORD="$(secret superuser)" -e POSTGRES_INITDB_ARGS='--encoding=UTF8 --locale=C.UTF-8' \
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
    share=$("$1/pg_config" --sharedir 2>/dev/null) ||
        share=$(echo "$1" | sed 's#^/usr/lib/postgresql/\([0-9]*\)/bin$#/usr/share/postgresql/\1#; t; s#/bin$#/share/postgresql#')
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

# Postgres refuses to run as root, so root lends it another user.
as_postgres() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && runuser -u "$(lent_user)" -- "$@")
    else
        "$@"
    fi
}

lent_user() {
    local user
    for user in postgres nobody; do
        id "$user" >/dev/null 2>&1 && echo "$user" && return
    done
    die "Postgres must not run as root and there is no user postgres or nobody; run ./dev as another user"
}

# --- Private cluster ---

start_cluster() {
    local folder port
    folder=$(cluster_folder)
    [ -d "$folder/data" ] || create_cluster "$folder"
    if ! cluster_runs "$folder"; then
        port=$(free_port "$(cat "$STATE/port" 2>/dev/null || echo 15432)")
        as_postgres "$PG_BIN/pg_ctl" start -s -w -t 60 -D "$folder/data" -l "$folder/server.log" -o "-p $port" ||
            die "the private Postgres does not start; see $folder/server.log"
        echo "$port" >"$STATE/port"
    fi
    PG_PORT=$(sed -n 4p "$folder/data/postmaster.pid")
}

# Prints the cluster's folder and creates it: .dev/postgres-N, or a link from there when the user that is lent for it
# cannot pass the checkout's parent folders.
cluster_folder() {
    local version folder outside
    version=$(server_version "$PG_BIN")
    folder=$STATE/postgres-${version%%[!0-9]*}
    if [ ! -e "$folder" ]; then
        outside=${XDG_STATE_HOME:-/var/tmp}/$CONTAINER-${folder##*-}
        rm -f "$folder"
        if ! lend "$folder"; then
            rmdir "$folder"
            # Left by an earlier .dev, whose passwords are gone.
            stop_cluster "$outside" && rm -rf "$outside"
            lend "$outside" || die "user $(lent_user) cannot use $folder or $outside; set XDG_STATE_HOME to a folder that it can enter"
            ln -s "$outside" "$folder"
        fi
    fi
    (cd "$folder" && pwd -P)
}

# Makes folder $1 the server's own, and says whether the server could use it.
lend() {
    mkdir -p "$1" && chmod 700 "$1" || return
    [ "$(id -u)" -ne 0 ] || chown "$(lent_user)" "$1" || return
    as_postgres test -w "$1"
}

# initdb works aside, so that an interrupted one is not taken for a cluster.
create_cluster() {
    local locale=C setting
    ! locale -a 2>/dev/null | grep -qiE '^c\.utf-?8$' || locale=C.UTF-8
    say "creating a private Postgres cluster in $1"
    as_postgres rm -rf "$1/new"
    # shellcheck disable=SC2016 # $1 is the inner shell's
    secret superuser | as_postgres sh -c 'umask 077 && cat >"$1"' sh "$1/password"
    as_postgres "$PG_BIN/initdb" -D "$1/new" -U postgres --pwfile="$1/password" -A scram-sha-256 -E UTF8 --locale="$locale" \
        >"$STATE/initdb.log" 2>&1 || { cat "$STATE/initdb.log" >&2 && die "initdb failed"; }
    # TCP only: a socket's path has a length limit that a deep checkout exceeds.
    for setting in $SETTINGS "listen_addresses='127.0.0.1'" "unix_socket_directories=''"; do
        echo "$setting" | as_postgres tee -a "$1/new/postgresql.conf" >/dev/null
    done
    as_postgres rm "$1/password"
    as_postgres mv "$1/new" "$1/data"
}

cluster_pid() { head -n 1 "$1/data/postmaster.pid" 2>/dev/null || true; }

cluster_runs() { is_running "$(cluster_pid "$1")" "$1/data"; }

stop_cluster() {
    local pid tick=0
    cluster_runs "$1" || return 0
    pid=$(cluster_pid "$1")
    kill -INT "$pid" # Postgres' fast shutdown
    while kill -0 "$pid" 2>/dev/null && [ $tick -lt 300 ]; do
        sleep 0.1
        tick=$((tick + 1))
    done
}
