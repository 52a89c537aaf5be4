# Nothing wakes a function but these queues. The doorbells say that a job waits, and nothing of it: its state, retries and
# dead letters are in Postgres; here only what could not even be handed over ends in dead letters.
locals {
  # queue => the function that it wakes, as var.functions says
  queues = merge([for name, function in var.functions : { for queue in keys(function.queues) : queue => name }]...)

  # Rung by the application, after a commit.
  doorbells = toset(["ingestion", "turns", "batches"])

  # Messages of one invocation. A job takes as long as it takes, so it shares its time with no other.
  batch_sizes = { objects = 10 }
}

resource "aws_sqs_queue" "queue" {
  for_each = local.queues

  name                      = "${local.prefix}-${each.key}"
  kms_master_key_id         = aws_kms_key.key["events"].arn
  message_retention_seconds = 4 * 24 * 3600
  receive_wait_time_seconds = 20

  # Lambda may hold a message back while its function is busy; AWS advises six times what one run may take.
  visibility_timeout_seconds = 6 * var.functions[each.value].timeout

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead[each.key].arn
    maxReceiveCount     = 5
  })
}

resource "aws_sqs_queue" "dead" {
  for_each = local.queues

  name                      = "${local.prefix}-${each.key}-dead"
  kms_master_key_id         = aws_kms_key.key["events"].arn
  message_retention_seconds = 14 * 24 * 3600
}

# A dead letter queue takes letters of its own queue only.
resource "aws_sqs_queue_redrive_allow_policy" "dead" {
  for_each = local.queues

  queue_url = aws_sqs_queue.dead[each.key].id
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.queue[each.key].arn]
  })
}

resource "aws_sqs_queue_policy" "queue" {
  for_each = local.queues

  queue_url = aws_sqs_queue.queue[each.key].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [local.deny_plain_sqs[each.key]],
      each.key == "objects" ? [{
        Sid       = "TheBucketTellsOfItsObjects"
        Effect    = "Allow"
        Principal = { Service = "s3.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = aws_sqs_queue.queue[each.key].arn
        Condition = {
          StringEquals = { "aws:SourceAccount" = local.account }
          ArnEquals    = { "aws:SourceArn" = aws_s3_bucket.bucket["documents"].arn }
        }
      }] : [],
    )
  })
}

resource "aws_sqs_queue_policy" "dead" {
  for_each = local.queues

  queue_url = aws_sqs_queue.dead[each.key].id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [merge(local.deny_plain_sqs[each.key], { Resource = aws_sqs_queue.dead[each.key].arn })]
  })
}

locals {
  deny_plain_sqs = { for queue in keys(local.queues) : queue => {
    Sid       = "NothingWithoutTls"
    Effect    = "Deny"
    Principal = "*"
    Action    = "sqs:*"
    Resource  = aws_sqs_queue.queue[queue].arn
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  } }
}

resource "aws_lambda_event_source_mapping" "queue" {
  for_each = local.queues

  event_source_arn        = aws_sqs_queue.queue[each.key].arn
  function_name           = aws_lambda_alias.live[each.value].arn
  batch_size              = lookup(local.batch_sizes, each.key, 1)
  function_response_types = ["ReportBatchItemFailures"]

  # Bounded below the function's own concurrency, or messages would be refused, counted and buried while it is busy.
  scaling_config {
    maximum_concurrency = var.functions[each.value].queues[each.key]
  }

  depends_on = [aws_iam_role_policy.function]
}
