# Everything at rest is encrypted with this environment's keys, everything on its way with TLS.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  environment = "test"
  region      = "eu-central-1"
  release     = "1.0.0"
  functions = {
    chat    = { memory = 512, timeout = 900, concurrency = 10, pool = 3 }
    ingest  = { memory = 512, timeout = 900, concurrency = 6, pool = 3, queues = { ingestion = 2, objects = 2 } }
    tools   = { memory = 512, timeout = 300, concurrency = 4, pool = 2 }
    worker  = { memory = 512, timeout = 900, concurrency = 6, pool = 3, queues = { turns = 2, batches = 2, schedule = 2 } }
    migrate = { memory = 512, timeout = 900, concurrency = 1, pool = 2 }
  }
}

run "at_rest" {
  variables {
    waf     = {}
    network = { flow_logs = true }
  }

  assert {
    condition     = aws_rds_cluster.postgres[0].storage_encrypted && aws_rds_cluster.postgres[0].kms_key_id == aws_kms_key.key["data"].arn
    error_message = "The database is encrypted, and with it its backups."
  }
  assert {
    condition = alltrue([for encryption in aws_s3_bucket_server_side_encryption_configuration.bucket : alltrue([for rule in encryption.rule :
      rule.apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms" && rule.apply_server_side_encryption_by_default[0].kms_master_key_id == aws_kms_key.key["data"].arn
    ])]) && toset(keys(aws_s3_bucket_server_side_encryption_configuration.bucket)) == toset(keys(aws_s3_bucket.bucket))
    error_message = "Every bucket is encrypted."
  }
  assert {
    condition     = alltrue([for queue in concat(values(aws_sqs_queue.queue), values(aws_sqs_queue.dead), [aws_sqs_queue.undelivered]) : queue.kms_master_key_id == aws_kms_key.key["events"].arn])
    error_message = "Every queue is encrypted, dead letters included."
  }
  assert {
    condition     = alltrue([for secret in [aws_secretsmanager_secret.app, aws_secretsmanager_secret.providers] : secret.kms_key_id == aws_kms_key.key["secrets"].arn]) && aws_rds_cluster.postgres[0].master_user_secret_kms_key_id == aws_kms_key.key["secrets"].arn
    error_message = "Every secret is encrypted."
  }
  assert {
    condition     = alltrue([for function in aws_lambda_function.function : function.kms_key_arn == aws_kms_key.key["secrets"].arn])
    error_message = "The functions' variables are encrypted."
  }
  assert {
    condition = alltrue([for group in concat(
      values(aws_cloudwatch_log_group.function), aws_cloudwatch_log_group.database, aws_cloudwatch_log_group.waf, aws_cloudwatch_log_group.flow,
      [aws_cloudwatch_log_group.api, aws_cloudwatch_log_group.api_execution],
    ) : group.kms_key_id == aws_kms_key.key["events"].arn && group.retention_in_days > 0])
    error_message = "Every log is encrypted, and none is kept for ever."
  }
  assert {
    condition     = aws_sns_topic.alarms.kms_master_key_id == aws_kms_key.key["events"].arn
    error_message = "Alarms are encrypted."
  }
  assert {
    condition     = alltrue([for key in aws_kms_key.key : key.enable_key_rotation])
    error_message = "Keys rotate."
  }
}

run "on_its_way" {
  assert {
    condition     = strcontains(aws_lambda_function.function["chat"].environment[0].variables["QUARKUS_DATASOURCE_JDBC_URL"], "sslmode=verify-full&sslrootcert=/opt/rds-ca.pem")
    error_message = "The functions know the database by its certificate."
  }
  assert {
    condition     = contains([for p in aws_rds_cluster_parameter_group.postgres[0].parameter : "${p.name}=${p.value}"], "rds.force_ssl=1")
    error_message = "The database takes no plain connection."
  }
  assert {
    condition = alltrue([for policy in concat(
      values(aws_s3_bucket_policy.bucket)[*].policy, values(aws_sqs_queue_policy.queue)[*].policy, values(aws_sqs_queue_policy.dead)[*].policy,
      [aws_sqs_queue_policy.undelivered.policy, aws_sns_topic_policy.alarms.policy],
    ) : anytrue([for s in jsondecode(policy).Statement : s.Effect == "Deny" && try(s.Condition.Bool["aws:SecureTransport"], "") == "false"])])
    error_message = "Buckets, queues and topics take nothing without TLS."
  }
}

run "no_secret_is_in_a_variable" {
  variables {
    bedrock = { region = "eu-central-1" }
  }

  assert {
    condition = alltrue(flatten([for function in aws_lambda_function.function : [for name, value in function.environment[0].variables :
      !can(regex("PASSWORD|API_KEY", name)) && (!endswith(name, "_SECRET") || startswith(value, "arn:"))
    ]]))
    error_message = "Functions are told where secrets are, not what they are."
  }
  assert {
    condition     = aws_rds_cluster.postgres[0].manage_master_user_password && aws_rds_cluster.postgres[0].master_password == null
    error_message = "The owner's password is RDS' business, and in no state."
  }
}
