# One archive, one binary, five functions: PARLEY_FUNCTION says what each of them is.
data "aws_s3_object" "archive" {
  bucket = local.artifacts_bucket
  key    = "releases/${var.release}/function.zip"
}

# The certificates of RDS, against which functions check whom they talk to. Uploaded by scripts/bootstrap.sh.
data "aws_s3_object" "authorities" {
  bucket = local.artifacts_bucket
  key    = "rds-ca.zip"
}

resource "aws_lambda_layer_version" "authorities" {
  layer_name               = "${local.prefix}-rds-ca"
  description              = "/opt/rds-ca.pem"
  s3_bucket                = data.aws_s3_object.authorities.bucket
  s3_key                   = data.aws_s3_object.authorities.key
  s3_object_version        = data.aws_s3_object.authorities.version_id
  compatible_architectures = ["arm64"]
  compatible_runtimes      = ["provided.al2023"]
}

resource "aws_lambda_function" "function" {
  for_each = var.functions

  function_name = "${local.prefix}-${each.key}"
  description   = "Parley ${var.release}: ${each.key}"
  role          = aws_iam_role.function[each.key].arn

  architectures     = ["arm64"]
  runtime           = "provided.al2023"
  handler           = "not.used.in.provided.runtime"
  s3_bucket         = data.aws_s3_object.archive.bucket
  s3_key            = data.aws_s3_object.archive.key
  s3_object_version = data.aws_s3_object.archive.version_id
  layers            = [aws_lambda_layer_version.authorities.arn]

  # Every change is a version of its own, to which the alias moves step by step and from which it moves back at once.
  publish = true

  memory_size                    = each.value.memory
  timeout                        = each.value.timeout
  reserved_concurrent_executions = each.value.concurrency
  kms_key_arn                    = aws_kms_key.key["secrets"].arn

  ephemeral_storage {
    size = coalesce(each.value.storage, contains(local.keeps_files, each.key) ? 2048 : 512)
  }

  environment {
    variables = merge(local.function_environment[each.key], each.value.environment)
  }

  vpc_config {
    subnet_ids         = local.subnet_ids
    security_group_ids = [aws_security_group.functions.id]
  }

  tracing_config {
    mode = var.tracing ? "Active" : "PassThrough"
  }

  # The application writes JSON by itself; Lambda passes its lines on as they are.
  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.function[each.key].name
  }

  lifecycle {
    precondition {
      condition     = local.secret_versions["app"] != "" && local.secret_versions["providers"] != ""
      error_message = "A secret has no value yet, without which no function starts: terraform/scripts/secrets.sh ${var.environment}"
    }
  }

  # A function whose role cannot read its secrets yet would fail its first start; one whose network goes first, its last.
  depends_on = [
    aws_iam_role_policy.function,
    aws_route.nat,
    aws_vpc_endpoint.interface,
    aws_vpc_security_group_egress_rule.functions_database,
    aws_vpc_security_group_egress_rule.functions_https,
    aws_vpc_security_group_ingress_rule.database,
    aws_vpc_security_group_ingress_rule.endpoints,
  ]
}

# Whoever calls a function calls its alias, which CodeDeploy moves: Terraform only makes it.
resource "aws_lambda_alias" "live" {
  for_each = local.released

  name             = "live"
  description      = "The version that answers; CodeDeploy moves it."
  function_name    = aws_lambda_function.function[each.key].function_name
  function_version = aws_lambda_function.function[each.key].version

  lifecycle {
    ignore_changes = [function_version, routing_config]
  }
}

locals {
  artifacts_bucket = "${var.name}-artifacts-${local.account}-${var.region}"

  # Migrations run by the new version before anything moves to it, so that function needs no alias.
  released = { for name, function in var.functions : name => function if name != "migrate" }

  # Who gets what, which is also what its role allows: see iam.tf.
  uses_providers = toset(["chat", "ingest", "tools", "worker"]) # tools embeds the queries of its searches
  uses_files     = toset(["chat", "ingest", "worker"])
  rings          = toset(["chat", "ingest", "tools", "worker"])
  answers        = toset(values(local.routes))

  # On disk, for a while: in ingest ten objects of a batch of events, or an upload that is put together; in worker the output
  # of a batch, or documents of sources.
  keeps_files = toset(["ingest", "worker"])

  function_environment = { for name, function in var.functions : name => merge(
    {
      PARLEY_FUNCTION                  = name
      QUARKUS_DATASOURCE_JDBC_URL      = local.jdbc_url
      QUARKUS_DATASOURCE_JDBC_MIN_SIZE = "0"
      QUARKUS_DATASOURCE_JDBC_MAX_SIZE = tostring(function.pool)
      PARLEY_DATABASE_SECRET           = name == "migrate" ? local.database.owner_secret_arn : aws_secretsmanager_secret.app.arn
    },
    # A paused database answers after a quarter of a minute; and connections must not outlive their use, or it never pauses.
    local.pauses ? {
      QUARKUS_DATASOURCE_JDBC_ACQUISITION_TIMEOUT            = "40S"
      QUARKUS_DATASOURCE_JDBC_IDLE_REMOVAL_INTERVAL          = "1M"
      QUARKUS_DATASOURCE_JDBC_FOREGROUND_VALIDATION_INTERVAL = "30S"
    } : {},
    name == "migrate" ? {
      PARLEY_APP_SECRET = aws_secretsmanager_secret.app.arn
      # Flyway's lock is a transaction that idles while a migration runs on another connection, as long as that takes.
      QUARKUS_FLYWAY_INIT_SQL = "SET idle_in_transaction_session_timeout = 0"
    } : {},
    contains(local.answers, name) ? { PARLEY_RESPONSE_MODE = "stream" } : {},
    contains(local.uses_providers, name) ? { PARLEY_PROVIDERS_SECRET = aws_secretsmanager_secret.providers.arn } : {},
    { SECRET_VERSIONS = join(" ", [for secret, version in local.secret_versions : version if secret == "app" || contains(local.uses_providers, name)]) },
    contains(local.uses_providers, name) && var.bedrock != null ? { BEDROCK_REGION = var.bedrock.region } : {},
    contains(local.uses_files, name) ? { PARLEY_FILES_BUCKET = aws_s3_bucket.bucket["files"].bucket } : {},
    # No other process has this one's disk: what lies there at a start was left by one that was killed.
    contains(local.keeps_files, name) ? { PARLEY_INGESTION_STRAY_AFTER = "0S" } : {},
    local.reads_documents[name] ? { PARLEY_DOCUMENT_BUCKETS = join(",", concat([aws_s3_bucket.bucket["documents"].bucket], var.source_buckets)) } : {},
    contains(local.rings, name) ? {
      for queue in local.doorbells : "PARLEY_QUEUES_${upper(queue)}" => aws_sqs_queue.queue[queue].url
    } : {},
  ) }
}
