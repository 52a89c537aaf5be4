# shellcheck shell=bash
# A private cluster in .dev, over TCP on a free loopback port, as a user that is not root.

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
