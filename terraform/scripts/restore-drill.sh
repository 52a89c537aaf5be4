#!/usr/bin/env bash
# restore-drill.sh ENVIRONMENT [TIME]: restores the database beside itself as it was at a time (RFC 3339; default: the latest
# that can be had), looks into the copy, says how long it took, and deletes it. The environment is not touched. It costs a
# few cents, takes about half an hour, and belongs into the calendar once a quarter.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

need aws jq
enter "${1:-}"
TIME=${2:-}
SOURCE=$PREFIX
COPY=$PREFIX-drill-$(date -u +%Y%m%d%H%M)
STARTED=$(date +%s)

clean_up() {
    local status=$?
    say "deleting $COPY"
    aws rds delete-db-instance --db-instance-identifier "$COPY-0" --skip-final-snapshot >/dev/null 2>&1 || true
    aws rds delete-db-cluster --db-cluster-identifier "$COPY" --skip-final-snapshot >/dev/null 2>&1 ||
        say "$COPY could not be deleted; look whether it is there"
    exit "$status"
}

source=$(aws rds describe-db-clusters --db-cluster-identifier "$SOURCE" --query 'DBClusters[0]' --output json)
say "restorable from $(jq -r .EarliestRestorableTime <<<"$source") to $(jq -r .LatestRestorableTime <<<"$source")"

read -ra groups <<<"$(jq -r '[.VpcSecurityGroups[].VpcSecurityGroupId] | join(" ")' <<<"$source")"
when=(--use-latest-restorable-time)
[ -z "$TIME" ] || when=(--restore-to-time "$TIME")
trap clean_up EXIT
say "restoring $SOURCE as $COPY"
aws rds restore-db-cluster-to-point-in-time --source-db-cluster-identifier "$SOURCE" --db-cluster-identifier "$COPY" "${when[@]}" \
    --db-subnet-group-name "$(jq -r .DBSubnetGroup <<<"$source")" \
    --vpc-security-group-ids "${groups[@]}" \
    --db-cluster-parameter-group-name "$(jq -r .DBClusterParameterGroup <<<"$source")" \
    --serverless-v2-scaling-configuration MinCapacity=0.5,MaxCapacity=4 \
    --tags "Key=Application,Value=$NAME" "Key=Environment,Value=$ENVIRONMENT" Key=Purpose,Value=restore-drill >/dev/null
aws rds create-db-instance --db-cluster-identifier "$COPY" --db-instance-identifier "$COPY-0" \
    --engine aurora-postgresql --db-instance-class db.serverless --no-publicly-accessible >/dev/null
aws rds wait db-cluster-available --db-cluster-identifier "$COPY"
aws rds wait db-instance-available --db-instance-identifier "$COPY-0"
RESTORED=$(date +%s)
say "restored after $(((RESTORED - STARTED) / 60)) minutes"

# The copy is asked over RDS' own API, with a password of its own: nothing has to be let into the network for it.
aws rds modify-db-cluster --db-cluster-identifier "$COPY" --manage-master-user-password --apply-immediately >/dev/null
sleep 30
aws rds wait db-cluster-available --db-cluster-identifier "$COPY"
copy=$(aws rds describe-db-clusters --db-cluster-identifier "$COPY" --query 'DBClusters[0]' --output json)
aws rds enable-http-endpoint --resource-arn "$(jq -r .DBClusterArn <<<"$copy")" >/dev/null

ask() {
    aws rds-data execute-statement --resource-arn "$(jq -r .DBClusterArn <<<"$copy")" \
        --secret-arn "$(jq -r .MasterUserSecret.SecretArn <<<"$copy")" --database "$(jq -r .DatabaseName <<<"$copy")" \
        --sql "$1" --output json | jq -r '.records[][] | to_entries[0].value'
}

# Row-level security hides rows also from their owner, so sizes come from the catalog.
for attempt in 1 2 3 4 5 6; do
    schema=$(ask "SELECT version FROM flyway_schema_history WHERE success ORDER BY installed_rank DESC LIMIT 1" 2>/dev/null) && break
    [ "$attempt" -lt 6 ] || die "the copy does not answer"
    sleep 10
done
failed=$(ask "SELECT count(*) FROM flyway_schema_history WHERE NOT success")
invalid=$(ask "SELECT count(*) FROM pg_index WHERE NOT indisvalid")
vector=$(ask "SELECT extversion FROM pg_extension WHERE extname = 'vector'")
rows=$(ask "SELECT sum(greatest(reltuples, 0))::bigint FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
say "schema version $schema, pgvector $vector, about $rows rows, $invalid invalid indexes, $failed failed migrations"
if [ -z "$schema" ] || [ -z "$vector" ] || [ "$invalid" != 0 ] || [ "$failed" != 0 ] || [ "$rows" -le 0 ]; then
    die "the copy is not what it should be"
fi
say "the drill succeeded in $((($(date +%s) - STARTED) / 60)) minutes; note the date and the numbers in the operations' log"
