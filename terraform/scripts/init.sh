#!/usr/bin/env bash
# init.sh ENVIRONMENT: makes Terraform work on an environment's state.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

need aws terraform
enter "${1:-}"
exec terraform -chdir="$TERRAFORM" init -input=false -reconfigure \
    -backend-config="bucket=$NAME-state-$ACCOUNT-$AWS_REGION" \
    -backend-config="key=$NAME/$ENVIRONMENT.tfstate" \
    -backend-config="region=$AWS_REGION"
