#!/usr/bin/env bash
# bootstrap.sh ENVIRONMENT: makes what an account needs once in the environment's region, and puts RDS' certificates where
# functions get them from. Harmless when run again; run it again when AWS adds certificates.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

need aws terraform curl zip
enter "${1:-}"
STATE_BUCKET=$NAME-state-$ACCOUNT-$AWS_REGION
LOCAL_BACKEND=$TERRAFORM/bootstrap/backend_override.tf

in_bootstrap() { terraform -chdir="$TERRAFORM/bootstrap" "$@"; }

# The bucket cannot hold the state of its own making: the first time that is made here, and then moved into it. What is
# still here is left of a first time that did not get so far.
if [ ! -f "$TERRAFORM/bootstrap/terraform.tfstate" ] && aws s3api head-bucket --bucket "$STATE_BUCKET" 2>/dev/null; then
    in_bootstrap init -input=false -reconfigure -backend-config="bucket=$STATE_BUCKET" -backend-config="key=$NAME/bootstrap.tfstate" -backend-config="region=$AWS_REGION"
    in_bootstrap apply -var="name=$NAME" -var="region=$AWS_REGION"
else
    printf 'terraform {\n  backend "local" {}\n}\n' >"$LOCAL_BACKEND"
    trap 'rm -f "$LOCAL_BACKEND"' EXIT
    in_bootstrap init -input=false -reconfigure
    in_bootstrap apply -var="name=$NAME" -var="region=$AWS_REGION"
    rm -f "$LOCAL_BACKEND"
    in_bootstrap init -input=false -migrate-state -force-copy -backend-config="bucket=$STATE_BUCKET" -backend-config="key=$NAME/bootstrap.tfstate" -backend-config="region=$AWS_REGION"
    rm -f "$TERRAFORM"/bootstrap/terraform.tfstate*
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"; rm -f "$LOCAL_BACKEND"' EXIT
curl -fsS --proto =https -o "$folder/rds-ca.pem" "https://truststore.pki.rds.amazonaws.com/$AWS_REGION/$AWS_REGION-bundle.pem"
grep -q 'BEGIN CERTIFICATE' "$folder/rds-ca.pem" || die "AWS sent no certificates"
(cd "$folder" && TZ=UTC touch -t 202001010000 rds-ca.pem && zip -qX rds-ca.zip rds-ca.pem)
aws s3 cp --only-show-errors "$folder/rds-ca.zip" "s3://$NAME-artifacts-$ACCOUNT-$AWS_REGION/rds-ca.zip"
say "the account is ready; next: terraform/scripts/secrets.sh $ENVIRONMENT"
