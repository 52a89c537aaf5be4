# shellcheck shell=bash
# ./dev deploy: a release becomes what an environment runs, step by step; each may fail, and running it again goes on.

# A migration runs no longer than its function, which ends after 900 seconds at the latest.
MIGRATION_SECONDS=${PARLEY_DEPLOY_MIGRATION_SECONDS:-930}

deploy() {
    local archive
    enter_environment "$@"
    shift
    RELEASE=
    ARCHIVE=
    read_deploy_options "$@"
    announce
    SITUATION="Nothing has changed in $ENVIRONMENT."
    init_terraform
    read_outputs
    refuse_while_another_runs
    obtain_archive
    upload_archive
    plan
    confirm "Apply this to $ENVIRONMENT, migrate its database and move traffic to release $RELEASE?"
    apply
    migrate
    smoke_test_before_traffic
    shift_traffic
    smoke_test_after_traffic
    SITUATION=
    say "$ENVIRONMENT runs release $RELEASE: $(output api_url)"
}

read_deploy_options() {
    while [ $# -gt 0 ]; do
        case $1 in
            --release) RELEASE=${2:?dev: --release needs a tag, such as v1.2.3} && shift ;;
            --zip) ARCHIVE=$(absolute "${2:?dev: --zip needs a file}") && shift ;;
            --yes) ASSUME_YES=true ;;
            *) die "unknown option $1; see: ./dev help" ;;
        esac
        shift
    done
    [ -z "$RELEASE" ] || [[ $RELEASE =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] || die "$RELEASE is no tag of a release"
    [ -z "$RELEASE" ] || [ -z "$ARCHIVE" ] || die "--release and --zip exclude each other"
}

announce() {
    local source="a native build of this checkout"
    [ -z "$RELEASE" ] || source="release $RELEASE from GitHub, after a check of where it was built"
    [ -z "$ARCHIVE" ] || source=$ARCHIVE
    cat >&2 <<TEXT
Deploying to $ENVIRONMENT:
  1. take $source
  2. upload it to the environment's account
  3. plan with Terraform, show the plan, and ask
  4. apply it: new versions of the functions, without traffic
  5. migrate the database, which the running version goes on with
  6. ask each new version, before any traffic
  7. move traffic with CodeDeploy, a part first; its alarms move it back
  8. ask through the public URL
TEXT
}

refuse_while_another_runs() {
    local function other
    is_deployed || return 0
    for function in $(released); do
        other=$(running_deployment "$function")
        [ -z "$other" ] || die "a deployment of $function is under way ($(jq -r '.id + ", release " + .release' <<<"$other")); \
wait for it, or end it with: ./dev rollback $ENVIRONMENT"
        other=$(under_way "$function")
        [ -z "$other" ] || die "CodeDeploy is still moving traffic of $function, back or for somebody else ($other); wait for it"
    done
}

# --- The archive ---

obtain_archive() {
    if [ -n "$RELEASE" ]; then
        download_release
    elif [ -n "$ARCHIVE" ]; then
        RELEASE=zip-$(checksum "$ARCHIVE" | cut -c 1-12)
    else
        refuse_foreign_machine
        RELEASE=$(build_name)
        build_package "$RELEASE"
        ARCHIVE=target/function.zip
    fi
    RELEASE=${RELEASE#v}
    check_package "$ARCHIVE" arm64
}

# Before ten minutes of building what the functions could not start.
refuse_foreign_machine() {
    case $(uname -m) in
        arm64 | aarch64) ;;
        *) die "the functions are arm64, and a build here would be for $(uname -m); \
take a release (--release v1.2.3) or an archive that was built on arm64 (--zip FILE)" ;;
    esac
}

download_release() {
    local repository
    have gh || die "gh, GitHub's command line, is not installed; or download the archive and name it: --zip FILE"
    repository=${GITHUB_REPOSITORY:-$(gh repo view --json nameWithOwner --jq .nameWithOwner)}
    ARCHIVE=$FOLDER/parley-${RELEASE#v}-function-arm64.zip
    gh release download "$RELEASE" --repo "$repository" --pattern "${ARCHIVE##*/}" --dir "$FOLDER" --clobber >&2
    gh attestation verify "$ARCHIVE" --repo "$repository" \
        --signer-workflow "$repository/.github/workflows/release.yml" --source-ref "refs/tags/$RELEASE" >&2 ||
        die "$ARCHIVE was not built by the release workflow for $RELEASE"
}

checksum() { (sha256sum "$1" 2>/dev/null || shasum -a 256 "$1") | cut -d' ' -f1; }

# An upload makes a new version of the object, and that new versions of the functions; so not twice.
upload_archive() {
    local bucket key sum
    bucket=$(setting name parley)-artifacts-$ACCOUNT-$AWS_REGION
    key=releases/$RELEASE/function.zip
    sum=$(checksum "$ARCHIVE")
    if [ "$(aws s3api head-object --bucket "$bucket" --key "$key" --query Metadata.sha256 --output text 2>/dev/null)" = "$sum" ]; then
        say "release $RELEASE is there already"
        return
    fi
    say "uploading release $RELEASE"
    aws s3 cp "$ARCHIVE" "s3://$bucket/$key" --metadata "sha256=$sum" --only-show-errors
}

# --- Terraform ---

# Sets CHANGES to whether there is something to apply.
plan() {
    local status=0
    (umask 077 && in_terraform plan -input=false -detailed-exitcode -out="$FOLDER/plan" \
        -var-file="environments/$ENVIRONMENT.tfvars" -var="release=$RELEASE") >&2 || status=$?
    case $status in
        0) CHANGES=false ;;
        2) CHANGES=true ;;
        *) die "Terraform could not plan" ;;
    esac
}

apply() {
    local first=true
    ! is_deployed || first=false
    if [ "$CHANGES" = true ]; then
        SITUATION="Terraform's changes to $ENVIRONMENT are incomplete; traffic stays where it was. Run the same command again."
        in_terraform apply -input=false "$FOLDER/plan" >&2 || die "Terraform could not apply"
    fi
    SITUATION="The new versions are there without traffic; the database is not migrated yet. Run the same command again."
    [ "$first" = false ] || SITUATION="$ENVIRONMENT is new and its database is empty. Run the same command again."
    read_outputs
}

# --- The database ---

# By the new version of the function, before anything else of it runs. Migrations only expand what the running version
# uses, and a second run finds nothing to do.
migrate() {
    local answer name version status=0
    name=$(output migrate_function | jq -r .function_name)
    version=$(output migrate_function | jq -r .version)
    say "migrating the database"
    answer=$(invoke_migration "$name" "$version") || status=$?
    if [ $status -ne 0 ] || ! jq -e 'has("schema_version")' >/dev/null 2>&1 <<<"$answer"; then
        show_failure "$answer"
        migration_failed "$name" $status
    fi
    say "the schema is at version $(jq -r .schema_version <<<"$answer"), $(jq -r '.applied // 0' <<<"$answer") migrations new"
    SITUATION="The database is migrated, which the running version works with; the new versions have no traffic. \
Run the same command again, or deploy another release."
}

# Asks until there is an answer. Whoever was not heard goes on: while that lasts, there is no room for a second run of the
# function, and after it there is nothing left to migrate.
invoke_migration() {
    local ends=$((SECONDS + MIGRATION_SECONDS)) status waited=false
    while :; do
        status=0
        invoke "$1" "$2" '{}' || status=$?
        [ $status -eq 3 ] && [ $SECONDS -lt $ends ] || return $status
        [ $waited = true ] || say "no answer; a migration may be under way, so asking again until there is one"
        waited=true
        sleep "$POLL_SECONDS"
    done
}

# What holds after invocation of $1 that ended with $2.
migration_failed() {
    case $2 in
        2) ;; # as before
        3) SITUATION="Nobody knows how far the migration came: no answer of $1 arrived. The running version works with the \
schema before and after it, and the new versions have no traffic. Read the log of $1, and run the same command again: \
what is migrated stays." ;;
        *) SITUATION="The migration that failed was undone, those before it stay, and the running version goes on with them. \
Read the log of $1, mend the cause, and run the same command again." ;;
    esac
    die "the database could not be migrated"
}

# --- Traffic ---

smoke_test_before_traffic() {
    local function
    for function in $(released); do
        say "asking version $(about "$function" version) of $function, which has no traffic yet"
        smoke_test_version "$function" "$(about "$function" version)" ||
            die "version $(about "$function" version) of $function does not answer as it should"
    done
}

# All functions at once: they are one release. Whichever fails takes the others back with it.
shift_traffic() {
    local function from started=() failed=
    STAMP=$(date -u +%Y%m%dT%H%M%SZ)
    SITUATION="CodeDeploy moves traffic to release $RELEASE and goes on with it or, on an alarm, back. \
Wait for it and run the same command again; or end it with: ./dev rollback $ENVIRONMENT"
    for function in $(released); do
        from=$(live_version "$function")
        [ "$from" != "$(about "$function" version)" ] || continue
        if ! start_deployment "$function" "$from"; then
            failed=$function
            break
        fi
        started+=("$function $DEPLOYMENT $from")
    done
    [ -n "$failed" ] || await_deployments ${started[@]+"${started[@]}"} || failed=$FAILED
    [ -z "$failed" ] || take_back "$failed" ${started[@]+"${started[@]}"}
}

# Starts to move function $1 from version $2 to the new one; sets DEPLOYMENT.
start_deployment() {
    local to specification
    to=$(about "$1" version)
    specification=$(jq -nc --arg name "$(about "$1" function_name)" --arg alias "$(about "$1" alias)" --arg from "$2" --arg to "$to" '
        {version: "0.0", Resources: [{function: {Type: "AWS::Lambda::Function",
         Properties: {Name: $name, Alias: $alias, CurrentVersion: $from, TargetVersion: $to}}}]}
        | {revisionType: "AppSpecContent", appSpecContent: {content: tojson}}')
    DEPLOYMENT=$(aws deploy create-deployment --application-name "$(output codedeploy_app)" \
        --deployment-group-name "$(about "$1" deployment_group)" --description "parley $RELEASE $STAMP $2 -> $to" \
        --revision "$specification" --query deploymentId --output text) || return
    say "moving traffic of $1 from version $2 to $to ($DEPLOYMENT)"
}

# Each argument is "function deployment from". Sets FAILED to the first that does not succeed.
await_deployments() {
    local moved function deployment status
    for moved in "$@"; do
        read -r function deployment _ <<<"$moved"
        status=$(await_deployment "$deployment") || status=unknown
        say "$function: $status"
        FAILED=$function
        [ "$status" = Succeeded ] || return 1
    done
}

take_back() {
    local failed=$1 moved function deployment from
    shift
    SITUATION="Some functions of $ENVIRONMENT may have the new version and some the old. Run: ./dev rollback $ENVIRONMENT"
    say "taking all functions back, because of $failed"
    for moved in "$@"; do
        read -r function deployment from <<<"$moved"
        stop_deployment "$deployment" "$function" "$from"
    done
    SITUATION="All traffic is at the versions before; the database keeps its new schema, which they work with. \
Look at the alarms and logs of $failed, then deploy again."
    die "traffic of $failed could not be moved"
}

smoke_test_after_traffic() {
    SITUATION="Release $RELEASE has all traffic of $ENVIRONMENT. If it does not do its work: ./dev rollback $ENVIRONMENT"
    say "asking through $(output api_url)"
    smoke_test_url "$(output api_url)" || die "$(output api_url) does not answer as it should"
}
