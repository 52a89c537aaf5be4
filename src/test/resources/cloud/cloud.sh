#!/usr/bin/env bash
# Plays aws, terraform, curl, gh and uname for DeployScriptTest, under whose names it is called: writes down each call, keeps
# aliases and deployments in the folder $CLOUD, and fails where a file in $CLOUD/fails says so.
set -euo pipefail

program=${0##*/}
echo "$program $*" >>"$CLOUD/calls"

fails() { [ -e "$CLOUD/fails/$1" ]; }

# The value after option $1 among the other arguments.
option() {
    local wanted=$1
    shift
    while [ $# -gt 0 ]; do
        [ "$1" != "$wanted" ] || { echo "$2" && return; }
        shift
    done
}

record() { echo "$CLOUD/deployments/$1.json"; }

change() { jq "$2" "$1" >"$1.new" && mv "$1.new" "$1"; }

# A deployment ends when it is first asked for.
finish() {
    local function status=Succeeded
    [ "$(jq -r .status "$(record "$1")")" = InProgress ] || return 0
    function=$(jq -r .group "$(record "$1")")
    ! fails "canary-$function" || status=Failed
    change "$(record "$1")" ".status = \"$status\""
    [ $status = Failed ] || jq -r '.description | split(" ") | last' "$(record "$1")" >"$CLOUD/aliases/$function"
}

play_terraform() {
    case "$*" in
        *" plan "*)
            echo "Plan: 1 to add"
            ! fails plan || exit 1
            [ -e "$CLOUD/unchanged" ] || exit 2
            ;;
        *" apply "*)
            ! fails apply || exit 1
            cp "$CLOUD/outputs.after.json" "$CLOUD/outputs.json"
            ;;
        *" output -json") cat "$CLOUD/outputs.json" ;;
    esac
}

play_curl() {
    ! fails url || exit 22
    case "$*" in
        *'/v1/models') echo '{"error":{"code":"invalid_api_key"}}' ;;
        *'/v1/chat/completions'*)
            grep -q 'Bearer sk-smoke' || exit 22 # standard input: arguments can be seen by every user
            printf 'data: {}\n\ndata: [DONE]\n\n'
            ;;
    esac
}

play_gh() {
    case "$*" in
        'release download '*) cp "$CLOUD/function.zip" "$(option --dir "$@")/$(option --pattern "$@")" ;;
        'attestation verify '*) ! fails attestation || exit 1 ;;
    esac
}

play_uname() { echo x86_64; }

# AWS' no; a connection that never brings an answer; one that is cut while the function goes on, until it is asked once more.
connect() {
    if fails "refuse-$1"; then
        echo 'An error occurred (AccessDeniedException) when calling the Invoke operation' >&2
        exit 254
    elif fails "mute-$1" || fails "cut-$1"; then
        ! fails "cut-$1" || mv "$CLOUD/fails/cut-$1" "$CLOUD/fails/busy-$1"
        echo 'Read timeout on endpoint URL: "https://lambda.test"' >&2
        exit 255
    elif fails "busy-$1"; then
        rm "$CLOUD/fails/busy-$1"
        echo 'An error occurred (TooManyRequestsException) when calling the Invoke operation' >&2
        exit 254
    fi
}

invoke() {
    local answer=${!#} function version
    function=$(option --function-name "$@")
    function=${function##*-}
    version=$(option --qualifier "$@")
    [ "$version" = 8 ] || exit 254
    echo '{"StatusCode":200}'
    case $function in
        migrate) echo '{"schema_version":"20","applied":1}' >"$answer" ;;
        *) printf '{"statusCode":200,"multiValueHeaders":{}}\0\0\0\0\0\0\0\0{"status":"UP"}' >"$answer" ;;
    esac
    ! fails "invoke-$function" || echo '{"errorMessage":"no such table"}' >"$answer"
    ! fails "answer-$function" || printf '{"statusCode":503}\0\0\0\0\0\0\0\0{"status":"DOWN"}' >"$answer"
}

invoke_with_failure() {
    invoke "$@" >/dev/null
    echo '{"StatusCode":200,"FunctionError":"Unhandled"}'
}

create_deployment() {
    local group id
    group=$(option --deployment-group-name "$@")
    ! fails "create-$group" || exit 254
    id=d-$group
    jq -n --arg id "$id" --arg group "$group" --arg description "$(option --description "$@")" \
        '{deploymentId: $id, $group, $description, status: "InProgress", creator: "user"}' >"$(record "$id")"
    option --revision "$@" >"$CLOUD/revision-$group.json"
    echo "$id"
}

play_aws() {
    local id function running
    case "$1 $2" in
        'sts get-caller-identity') echo 123456789012 ;;
        's3api head-object') cat "$CLOUD/uploaded" 2>/dev/null || exit 254 ;;
        's3 cp') option --metadata "$@" | sed 's/sha256=//' >"$CLOUD/uploaded" ;;
        'lambda get-alias')
            function=$(option --function-name "$@")
            cat "$CLOUD/aliases/${function##*-}"
            ;;
        'lambda update-alias')
            function=$(option --function-name "$@")
            option --function-version "$@" >"$CLOUD/aliases/${function##*-}"
            ;;
        'lambda invoke')
            function=$(option --function-name "$@")
            connect "${function##*-}"
            if fails "invoke-${function##*-}"; then invoke_with_failure "$@"; else invoke "$@"; fi
            ;;
        'deploy create-deployment') create_deployment "$@" ;;
        'deploy list-deployments')
            case "$*" in *--include-only-statuses*) running=true ;; *) running=false ;; esac
            find "$CLOUD/deployments" -name '*.json' -exec cat {} + |
                jq -s --arg group "$(option --deployment-group-name "$@")" --argjson running $running '[.[]
                    | select(.group == $group and (.status == "InProgress" or ($running | not))) | .deploymentId]'
            ;;
        'deploy batch-get-deployments')
            shift 3
            for id in "$@"; do
                [ "${id#--}" = "$id" ] || break
                cat "$(record "$id")"
            done | jq -s '{deploymentsInfo: .}'
            ;;
        'deploy get-deployment')
            id=$(option --deployment-id "$@")
            finish "$id"
            case "$*" in *rollbackInfo*) echo None ;; *) jq -r .status "$(record "$id")" ;; esac
            ;;
        'deploy stop-deployment')
            id=$(option --deployment-id "$@")
            [ "$(jq -r .status "$(record "$id")")" = InProgress ] || exit 254
            change "$(record "$id")" '.status = "Stopped"'
            ;;
        *) echo "nobody plays aws $1 $2" >&2 && exit 252 ;;
    esac
}

"play_$program" "$@"
