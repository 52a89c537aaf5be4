# shellcheck shell=bash
# An environment on AWS, as Terraform made it: what deploying and rolling back have in common.

ENVIRONMENT=
ASSUME_YES=false
# What holds while the command runs, and what to do if it ends here. Told whenever it does not end well.
SITUATION=
POLL_SECONDS=${PARLEY_DEPLOY_POLL_SECONDS:-10}

# Reads the environment's name from the first argument and makes sure that everything is there.
enter_environment() {
    local tool
    ENVIRONMENT=${1:-}
    case $ENVIRONMENT in
        '' | -*) die "name the environment, one of: $(environments)" ;;
        *[!a-z0-9]*) die "$ENVIRONMENT is no name of an environment" ;;
    esac
    [ -f "terraform/environments/$ENVIRONMENT.tfvars" ] || die "there is no environment $ENVIRONMENT, only: $(environments)"
    for tool in aws terraform jq curl; do
        have "$tool" || die "$tool is not installed"
    done
    FOLDER=$STATE/deploy/$ENVIRONMENT
    mkdir -p "$FOLDER"
    # Plans and answers may hold secrets.
    chmod 700 "$FOLDER"
    trap leave_environment EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

environments() {
    local file names=()
    for file in terraform/environments/*.tfvars; do
        file=${file##*/}
        names+=("${file%.tfvars}")
    done
    echo "${names[*]}"
}

leave_environment() {
    local status=$?
    rm -f "$FOLDER/plan"
    [ $status -eq 0 ] || [ -z "$SITUATION" ] || say "stopped. $SITUATION"
}

# Asks $1, unless --yes was said.
confirm() {
    local answer
    [ "$ASSUME_YES" = false ] || return 0
    printf '\n%s [y/N] ' "$1" >&2
    read -r answer || answer=
    case $answer in
        y | Y | yes) ;;
        *) die "not confirmed" ;;
    esac
}

# --- Terraform ---

in_terraform() { terraform -chdir="$ROOT/terraform" "$@"; }

# The value of variable $1 in the environment's file, else $2. Only from the beginning of a line: members of objects are
# indented, and some have the names of variables.
setting() {
    local value
    value=$(sed -n "s/^$1 *= *\"\([^\"]*\)\".*/\1/p" "terraform/environments/$ENVIRONMENT.tfvars" | head -n 1)
    value=${value:-${2:-}}
    [ -n "$value" ] || die "terraform/environments/$ENVIRONMENT.tfvars does not set $1"
    echo "$value"
}

init_terraform() {
    AWS_REGION=$(setting region)
    export AWS_REGION
    ACCOUNT=$(aws sts get-caller-identity --query Account --output text) ||
        die "there are no credentials for AWS; sign in first"
    terraform/scripts/init.sh "$ENVIRONMENT" >&2
}

# Keeps Terraform's outputs for `output` and `about`; there are none before the first deployment.
read_outputs() {
    in_terraform output -json >"$FOLDER/outputs.json"
    jq -r '.functions.value // {} | to_entries[]
        | [.key, .value.function_name, .value.alias, .value.version, .value.deployment_group] | join(" ")' \
        "$FOLDER/outputs.json" >"$FOLDER/functions"
}

output() { jq -er --arg name "$1" '.[$name].value' "$FOLDER/outputs.json" || die "Terraform has no output $1"; }

# Whether the environment has ever been deployed.
is_deployed() { [ -s "$FOLDER/functions" ]; }

# The functions that requests and events reach, by an alias.
released() { cut -d' ' -f1 "$FOLDER/functions"; }

# What Terraform says of function $1: $2 is function_name, alias, version or deployment_group.
about() {
    local name function_name alias version deployment_group
    while read -r name function_name alias version deployment_group; do
        [ "$name" != "$1" ] || echo "${!2}"
    done <"$FOLDER/functions"
}

# --- Lambda ---

live_version() {
    aws lambda get-alias --function-name "$(about "$1" function_name)" --name "$(about "$1" alias)" \
        --query FunctionVersion --output text
}

# Sends all traffic of function $1 to version $2, at once.
move_alias() {
    aws lambda update-alias --function-name "$(about "$1" function_name)" --name "$(about "$1" alias)" \
        --function-version "$2" --routing-config 'AdditionalVersionWeights={}' >/dev/null
}

# Invokes function $1 (its name at AWS) in version $2 with event $3 and prints its answer. One attempt: the caller
# decides what a second one would do. Ends with 1 if the function failed, with 2 if AWS did not let it start, and with 3 if
# no answer came, or none could because it runs already. What AWS said is in invoke.log.
#
# Networks drop connections that are silent for long without telling either end, GitHub's after four minutes; so nobody
# waits longer at one.
invoke() {
    local answer=$FOLDER/answer.json result status=0
    rm -f "$answer"
    printf '%s' "$3" >"$FOLDER/event.json"
    result=$(AWS_MAX_ATTEMPTS=1 aws lambda invoke --function-name "$1" --qualifier "$2" \
        --cli-read-timeout 200 --payload "fileb://$FOLDER/event.json" \
        --output json "$answer" 2>"$FOLDER/invoke.log") || status=$?
    if [ $status -ne 0 ]; then
        # 255: neither the command nor AWS found fault with the request, so it is the connection.
        if [ $status -eq 255 ] || grep -Eq 'TooManyRequestsException|ServiceException' "$FOLDER/invoke.log"; then return 3; fi
        return 2
    fi
    # A streamed answer has NULs between its head and its body.
    tr -d '\0' <"$answer"
    ! jq -e 'has("FunctionError")' >/dev/null <<<"$result"
}

# Shows what an invocation that failed left: the function's answer, $1, and what AWS said.
show_failure() {
    printf '%s\n' "$1" | cut -c 1-2000 >&2
    cat "$FOLDER/invoke.log" >&2
}

# --- CodeDeploy ---

# Deployments of function $1 that CodeDeploy remembers and a ./dev deploy made, newest first, one JSON object a line:
# id, status, release, stamp, from, to.
deployments() {
    local ids
    ids=$(aws deploy list-deployments --application-name "$(output codedeploy_app)" \
        --deployment-group-name "$(about "$1" deployment_group)" --query 'deployments[:25]' --output json) || return
    [ "$(jq length <<<"$ids")" -gt 0 ] || return 0
    # shellcheck disable=SC2046 # ids have no blanks
    aws deploy batch-get-deployments --deployment-ids $(jq -r '.[]' <<<"$ids") --output json | jq -c '
        [.deploymentsInfo[]
         | select(.creator != "codeDeployRollback")
         | {id: .deploymentId, status}
           + ((.description // "") | capture("^parley (?<release>\\S+) (?<stamp>\\S+) (?<from>\\d+) -> (?<to>\\d+)$"))]
        | sort_by(.stamp) | reverse[]'
}

is_running='.status | IN("Created", "Queued", "InProgress", "Baking", "Ready")'

# The deployment of function $1 that is under way, if there is one.
running_deployment() { deployments "$1" | jq -c "select($is_running)" | sed -n 1p; }

# Ids of whatever moves traffic of function $1 now, a roll-back of CodeDeploy's own among it, which `deployments` leaves out.
under_way() {
    aws deploy list-deployments --application-name "$(output codedeploy_app)" \
        --deployment-group-name "$(about "$1" deployment_group)" \
        --include-only-statuses Created Queued InProgress Baking Ready --query deployments --output json |
        jq -r '. // [] | join(", ")'
}

deployment_status() { aws deploy get-deployment --deployment-id "$1" --query deploymentInfo.status --output text; }

# Waits until deployment $1 has ended and prints how.
await_deployment() {
    local status
    while :; do
        status=$(deployment_status "$1") || return
        case $status in
            Succeeded | Failed | Stopped) echo "$status" && return ;;
        esac
        sleep "$POLL_SECONDS"
    done
}

# Ends deployment $1 of function $2 and makes sure that all traffic is at version $3 again.
stop_deployment() {
    local back
    aws deploy stop-deployment --deployment-id "$1" --auto-rollback-enabled >/dev/null || true # it may just have ended
    await_deployment "$1" >/dev/null
    back=$(aws deploy get-deployment --deployment-id "$1" \
        --query deploymentInfo.rollbackInfo.rollbackDeploymentId --output text)
    case $back in '' | None) ;; *) await_deployment "$back" >/dev/null ;; esac
    move_alias "$2" "$3"
}

# --- Smoke tests ---

# Asks function $1 in version $2 what only a started one that reaches its database can answer. Every function answers a
# request that it is invoked with, also those that the API does not route to.
smoke_test_version() {
    local answer event
    event='{"httpMethod":"GET","path":"/q/health/ready","multiValueHeaders":{"Host":["smoke.test"]},"isBase64Encoded":false,
        "requestContext":{"requestId":"smoke","stage":"smoke","identity":{"sourceIp":"127.0.0.1"}}}'
    answer=$(invoke "$(about "$1" function_name)" "$2" "$event") && grep -Eq '"statusCode": *200' <<<"$answer" || {
        show_failure "$answer"
        return 1
    }
}

# Asks as a client would; with a key, for a streamed answer of a model that costs nothing.
smoke_test_url() {
    local url=$1 answer
    ask_url "$url/q/health/ready" >/dev/null || return
    answer=$(curl -sS -m 30 "$url/v1/models") || return
    grep -q '"code": *"invalid_api_key"' <<<"$answer" || { say "$url/v1/models answers without a key" && return 1; }
    [ -n "${PARLEY_API_KEY:-}" ] || return 0
    answer=$(ask_url "$url/v1/chat/completions" -N -H 'Content-Type: application/json' \
        -d '{"model":"extractive","stream":true,"messages":[{"role":"user","content":"Hello"}]}' \
        -K - <<<"header = \"Authorization: Bearer $PARLEY_API_KEY\"") || return
    grep -q '^data: \[DONE\]' <<<"$answer" || { say "the streamed answer does not end as it should" && return 1; }
}

ask_url() { curl -fsS -m 60 --retry 5 --retry-delay 2 --retry-all-errors "$@"; }
