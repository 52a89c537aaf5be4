# shellcheck shell=bash
# The packaged application: start, wait, find, stop.

LIBRARIES=target/lib

# The application's jar; its name holds the version.
server_jar() { ls -t target/*-runner.jar 2>/dev/null | head -n 1 || true; }

# Everything a server needs, under one lock; $1 names the database.
prepare() {
    find_jdk
    join_session
    locked provide_postgres "$1"
    locked build
}

start_server() {
    # The development key is no secret, so without an explicit wish only this machine can reach the server.
    export QUARKUS_HTTP_PORT=$1 QUARKUS_HTTP_HOST=${QUARKUS_HTTP_HOST:-127.0.0.1}
    # shellcheck disable=SC2046,SC2086 # options, not words
    own_group "$JAVA_HOME/bin/java" -Dquarkus.profile=dev $JVM_OPTIONS $(aot_options) -jar "$(server_jar)"
    echo "$CHILD $1" >"$STATE/server"
}

# Whether GET /q/health/ready on port $1 answers 200. Bash's own sockets: a fresh machine may have no curl.
is_ready() {
    local status
    status=$(
        exec 2>/dev/null 3<>"/dev/tcp/127.0.0.1/$1" &&
            printf 'GET /q/health/ready HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3 && read -r -t 5 line <&3 && echo "$line"
    ) || return 1
    case $status in *' 200'*) ;; *) return 1 ;; esac
}

wait_until_ready() {
    local tick=0
    until is_ready "$1"; do
        kill -0 "$CHILD" 2>/dev/null || server_failed "the server ended before it was ready" "${2:-}"
        [ $tick -lt 600 ] || server_failed "the server was not ready after two minutes" "${2:-}"
        sleep 0.2
        tick=$((tick + 1))
    done
}

server_failed() {
    [ -z "$2" ] || tail -n 20 "$2" >&2
    die "$1"
}

# Port of the server that this checkout runs.
running_port() {
    local pid port
    read -r pid port 2>/dev/null <"$STATE/server" || return 1
    is_running "$pid" quarkus.profile=dev && is_ready "$port" && echo "$port"
}

require_free_port() {
    local port
    if port=$(running_port) && [ "$port" = "$1" ]; then
        die "already running on port $port; stop it with: ./dev stop"
    fi
    ! port_in_use "$1" || die "port $1 is in use; choose another: QUARKUS_HTTP_PORT=$(free_port $(($1 + 1))) ./dev run"
}

stop_server() {
    local pid port
    read -r pid port 2>/dev/null <"$STATE/server" || return 0
    if is_running "$pid" quarkus.profile=dev; then
        say "stopping the server on port $port"
        end_process "-$pid"
    fi
    rm -f "$STATE/server"
}
