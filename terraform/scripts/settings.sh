# shellcheck shell=bash
# What the scripts here have in common.
TERRAFORM=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

say() { printf '%s\n' "${0##*/}: $*" >&2; }

die() {
    say "$*"
    exit 1
}

need() {
    local tool
    for tool in "$@"; do command -v "$tool" >/dev/null || die "$tool is not installed"; done
}

# shellcheck disable=SC2034 # for those who read this file
# Reads an environment's file: sets ENVIRONMENT, NAME, AWS_REGION, ACCOUNT and PREFIX.
enter() {
    ENVIRONMENT=${1:-}
    [ -f "$TERRAFORM/environments/$ENVIRONMENT.tfvars" ] || die "name an environment, one of: $(cd "$TERRAFORM/environments" && echo *.tfvars)"
    NAME=$(setting name) NAME=${NAME:-parley}
    AWS_REGION=$(setting region)
    export AWS_REGION
    PREFIX=$NAME-$ENVIRONMENT
    ACCOUNT=$(aws sts get-caller-identity --query Account --output text) || die "there are no credentials for AWS; sign in first"
}

setting() { sed -n "s/^$1 *= *\"\([^\"]*\)\".*/\1/p" "$TERRAFORM/environments/$ENVIRONMENT.tfvars" | head -n 1; }
