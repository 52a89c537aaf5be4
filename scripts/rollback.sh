# shellcheck shell=bash
# ./dev rollback: traffic goes back to the versions before. The schema stays: it only ever expands what they use.

rollback() {
    enter_environment "$@"
    shift
    while [ $# -gt 0 ]; do
        case $1 in
            --yes) ASSUME_YES=true ;;
            *) die "unknown option $1; see: ./dev help" ;;
        esac
        shift
    done
    SITUATION="Nothing has changed in $ENVIRONMENT."
    init_terraform
    read_outputs
    is_deployed || die "$ENVIRONMENT has never been deployed"
    find_what_to_take_back
    confirm "Do this?"
    take_back_each
    SITUATION="All traffic of $ENVIRONMENT is at the versions before, and they do not do their work either."
    smoke_test_url "$(output api_url)" || die "$(output api_url) does not answer as it should"
    SITUATION=
    say "$ENVIRONMENT is back; deploy again when the cause is mended"
}

# The last deployment that counts, of all functions that took part in it: one that is under way, or the one that brought
# the version that now answers. Sets BACK to its lines "function deployment from to status".
find_what_to_take_back() {
    local function found stamp
    : >"$FOLDER/deployments"
    for function in $(released); do
        found=$(last_deployment "$function")
        [ -z "$found" ] || jq -c --arg function "$function" '. + {$function}' <<<"$found" >>"$FOLDER/deployments"
    done
    stamp=$(jq -r .stamp "$FOLDER/deployments" | sort | tail -n 1)
    [ -n "$stamp" ] || die "CodeDeploy remembers no deployment that brought what now answers; name a version yourself: \
aws lambda update-alias --function-name NAME --name live --function-version N"
    BACK=$(jq -r --arg stamp "$stamp" 'select(.stamp == $stamp) | [.function, .id, .from, .to, .status] | join(" ")' \
        "$FOLDER/deployments")
    {
        echo "Rolling back $ENVIRONMENT from release $(jq -r --arg stamp "$stamp" 'select(.stamp == $stamp) | .release' "$FOLDER/deployments" | sed -n 1p):"
        while read -r function _ from to status; do
            echo "  $function: from version $to back to $from ($(describe_step "$status"))"
        done <<<"$BACK"
        echo "  The database's schema stays as it is; the versions before work with it."
    } >&2
}

last_deployment() {
    local live
    live=$(live_version "$1") || return
    deployments "$1" | jq -c --arg live "$live" "select(($is_running) or (.status == \"Succeeded\" and .to == \$live))" | sed -n 1p
}

describe_step() {
    if [ "$1" = Succeeded ]; then echo "all at once"; else echo "stops the deployment that is under way"; fi
}

take_back_each() {
    local function deployment from status
    SITUATION="Some functions of $ENVIRONMENT may be back and some not. Run the same command again."
    while read -r function deployment from _ status; do
        say "taking $function back to version $from"
        if [ "$status" = Succeeded ]; then
            move_alias "$function" "$from"
        else
            stop_deployment "$deployment" "$function" "$from"
        fi
    done <<<"$BACK"
}
