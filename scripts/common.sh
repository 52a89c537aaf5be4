# shellcheck shell=bash
# What every part of ./dev needs: messages, child processes that never outlive it, locks and ports.

CHILDREN=
CHILD=

say() { printf '%s\n' "dev: $*" >&2; }

die() {
    say "$*"
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# A path as the caller meant it, who may stand in another folder than the checkout.
absolute() {
    case $1 in
        /*) printf '%s\n' "$1" ;;
        *) printf '%s\n' "$CALLER_DIR/$1" ;;
    esac
}

# Whether dotted version $1 is at least $2, by major and minor number.
version_at_least() {
    local major=${1%%.*} minor=0 wanted_major=${2%%.*} wanted_minor=0
    case $1 in *.*) minor=${1#*.} minor=${minor%%[!0-9]*} ;; esac
    case $2 in *.*) wanted_minor=${2#*.} wanted_minor=${wanted_minor%%[!0-9]*} ;; esac
    major=${major%%[!0-9]*}
    [ "${major:-0}" -gt "$wanted_major" ] || { [ "${major:-0}" -eq "$wanted_major" ] && [ "${minor:-0}" -ge "$wanted_minor" ]; }
}

port_in_use() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The first free port from $1 on.
free_port() {
    local port=$1
    while port_in_use "$port"; do port=$((port + 1)); done
    echo "$port"
}

# Whether process $1 lives and its command line contains $2: a recorded id may since belong to another process.
is_running() {
    local arguments
    [ -n "$1" ] && kill -0 "$1" 2>/dev/null || return 1
    if [ -r "/proc/$1/cmdline" ]; then
        arguments=$(tr '\0' ' ' <"/proc/$1/cmdline")
    else
        arguments=$(ps -o args= -p "$1")
    fi
    case $arguments in *"$2"*) ;; *) return 1 ;; esac
}

# Starts a command in a process group of its own, so that stopping it stops whatever it forked.
own_group() {
    set -m
    "$@" </dev/null &
    set +m
    CHILD=$!
    CHILDREN="$CHILDREN -$CHILD"
}

# Starts a command that keeps the terminal.
attached() {
    "$@" <&0 &
    CHILD=$!
    CHILDREN="$CHILDREN $CHILD"
}

await_child() {
    local status=0
    wait "$CHILD" || status=$?
    return "$status"
}

# TERM, up to 40 seconds of grace (the server lets requests finish for 30), KILL. Ids that start with - are process groups.
end_process() {
    local tick=0
    kill -TERM -- "$1" 2>/dev/null || return 0
    while kill -0 -- "$1" 2>/dev/null && [ $tick -lt 400 ]; do
        sleep 0.1
        tick=$((tick + 1))
    done
    kill -KILL -- "$1" 2>/dev/null || true
}

# Runs a function while no other ./dev of this checkout does; the lock is a link that names its holder.
locked() {
    local holder
    until ln -s "$$" "$STATE/lock" 2>/dev/null; do
        holder=$(readlink "$STATE/lock" || true)
        if [ "$holder" = "$$" ]; then
            break
        elif [ -n "$holder" ] && ! is_running "$holder" dev; then
            rm -f "$STATE/lock"
        fi
        sleep 0.2
    done
    "$@"
    rm -f "$STATE/lock"
}

# Marks this ./dev as a user of the private cluster, which the last user stops.
join_session() {
    [ -e "$STATE/sessions/$$" ] && return
    mkdir -p "$STATE/sessions"
    : >"$STATE/sessions/$$"
    trap leave_session EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap 'exit 129' HUP
}

live_sessions() {
    local file pid
    for file in "$STATE"/sessions/*; do
        pid=${file##*/}
        if [ ! -e "$file" ] || [ "$pid" = "$$" ]; then
            continue
        elif is_running "$pid" dev; then
            echo "$pid"
        else
            rm -f "$file"
        fi
    done
}

leave_session() {
    local child
    trap '' INT TERM HUP # a second Ctrl-C must not leave half of it running
    for child in $CHILDREN; do end_process "$child"; done
    rm -f "$STATE/sessions/$$"
    locked stop_postgres_if_unused
}

stop_everything() {
    local pid
    for pid in $(live_sessions); do
        say "stopping ./dev (process $pid)"
        end_process "$pid"
    done
    stop_server
    [ ! -d "$STATE" ] || locked stop_postgres_if_unused
    say "nothing is running"
}
