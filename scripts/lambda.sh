# shellcheck shell=bash
# The packaged application as a Lambda function on this machine, and the AOT cache that makes its JVM start fast.

AOT_CACHE=target/parley.aot
AOT_LOG=off # Without the cache a JVM starts all the same, and need not say why it is slow.

# What a JVM is started with besides its jar; the cache only fits a JVM that is started with the same.
JVM_OPTIONS='--enable-native-access=ALL-UNNAMED'

# Trains a cache, once for each build.
provide_aot_cache() {
    [ "$AOT_CACHE" -nt "$(server_jar)" ] && return
    say "training the AOT cache, once for this build (half a minute)"
    own_group env TRAINING_PORT="$(free_port 18080)" src/main/docker/train.sh "$(server_jar)" "$AOT_CACHE" $JVM_OPTIONS
    await_child || say "no AOT cache: the JVM starts slower, and works the same"
}

# The options that use the cache, if there is one for this build.
aot_options() {
    [ ! "$AOT_CACHE" -nt "$(server_jar)" ] || echo "-XX:AOTCache=$AOT_CACHE -Xlog:aot=$AOT_LOG -Xlog:cds=$AOT_LOG"
}

# As ./dev deploy does before the functions: they never migrate.
migrate_locally() {
    QUARKUS_PROFILE=dev own_group "$@" migrate >"$STATE/migrate.log" 2>&1
    await_child || { tail -n 20 "$STATE/migrate.log" >&2 && die "the migration failed"; }
}

# What every environment has, however it is started: the development key works, and a start touches no database.
function_settings() {
    export QUARKUS_PROFILE=dev QUARKUS_FLYWAY_MIGRATE_AT_START=false PARLEY_IDENTITY_BOOTSTRAP_KEY=
}

# Lambda's own choices for Java: one small heap, and no compiler that pays off after minutes only.
FUNCTION_OPTIONS='-XX:+UseSerialGC -XX:TieredStopAtLevel=1'

# Every run of the bench has the same database, which a start must not need.
bench_start() {
    local runs=5
    [ "${1:-}" != --runs ] || runs=${2:?dev: --runs needs a number}
    prepare parley
    locked provide_aot_cache
    # shellcheck disable=SC2046,SC2086 # options, not words
    migrate_locally "$JAVA_HOME/bin/java" $JVM_OPTIONS $(aot_options) -jar "$(server_jar)"
    function_settings
    # shellcheck disable=SC2046,SC2086
    attached "$JAVA_HOME/bin/java" -cp "$LIBRARIES/*" scripts/lambda/StartBench.java "$runs" "$STATE/start.log" \
        "$JAVA_HOME/bin/java" $JVM_OPTIONS -- $FUNCTION_OPTIONS -- $(aot_options) -- -jar "$(server_jar)"
    await_child
}

lambda() {
    local port=${QUARKUS_HTTP_PORT:-8080} executable='' event='' options=()
    while [ $# -gt 0 ]; do
        [ $# -gt 1 ] || die "$1 needs a value; see ./dev help"
        case $1 in
            --native) executable=$(absolute "$2") ;;
            --event)
                event=$2
                [ "$event" = - ] || event=$(absolute "$event")
                options+=(--event "$event")
                ;;
            *) options+=("$1" "$2") ;;
        esac
        shift 2
    done
    export PARLEY_JOB_POLLING=true # no queue calls for jobs here, and no environment is frozen
    [ -z "$executable" ] || [ -x "$executable" ] || die "$executable is no executable"
    [ -n "$event" ] || require_free_port "$port"
    prepare parley
    local command=("$executable")
    if [ -z "$executable" ]; then
        locked provide_aot_cache
        # shellcheck disable=SC2046,SC2206 # options, not words
        command=("$JAVA_HOME/bin/java" $JVM_OPTIONS $(aot_options))
        migrate_locally "${command[@]}" -jar "$(server_jar)"
        # shellcheck disable=SC2206
        command=("${command[@]}" $FUNCTION_OPTIONS -jar "$(server_jar)")
    else
        migrate_locally "$executable"
    fi
    function_settings
    : >"$STATE/lambda.log"
    attached "$JAVA_HOME/bin/java" -XX:TieredStopAtLevel=1 -cp "$LIBRARIES/*" scripts/lambda/Lambda.java \
        --port "$port" --log "$STATE/lambda.log" ${options[@]+"${options[@]}"} -- "${command[@]}"
    await_child
}
