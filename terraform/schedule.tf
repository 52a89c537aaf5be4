# Housekeeping: expire, reap, re-ring, and look at the sources that are due.
resource "aws_scheduler_schedule_group" "parley" {
  name = local.prefix
}

resource "aws_scheduler_schedule" "housekeeping" {
  name       = "housekeeping"
  group_name = aws_scheduler_schedule_group.parley.name

  # Every run opens a connection: a database that is to pause is left alone for most of the hour.
  schedule_expression = local.pauses ? "rate(1 hour)" : "rate(1 minute)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_sqs_queue.queue["schedule"].arn
    role_arn = aws_iam_role.scheduler.arn
    input    = jsonencode({ parley = "housekeeping" })

    retry_policy {
      maximum_event_age_in_seconds = 3600
      maximum_retry_attempts       = 5
    }
    dead_letter_config {
      arn = aws_sqs_queue.undelivered.arn
    }
  }
}

# What Scheduler could not even put into its queue.
resource "aws_sqs_queue" "undelivered" {
  name                      = "${local.prefix}-schedule-undelivered"
  kms_master_key_id         = aws_kms_key.key["events"].arn
  message_retention_seconds = 14 * 24 * 3600
}

resource "aws_sqs_queue_policy" "undelivered" {
  queue_url = aws_sqs_queue.undelivered.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [merge(local.deny_plain_sqs["schedule"], { Resource = aws_sqs_queue.undelivered.arn })]
  })
}

resource "aws_iam_role" "scheduler" {
  name                 = "${local.prefix}-scheduler"
  permissions_boundary = aws_iam_policy.boundary.arn
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnEquals    = { "aws:SourceArn" = aws_scheduler_schedule_group.parley.arn }
      }
    }]
  })
}

resource "aws_iam_role_policy" "scheduler" {
  name = "schedule"
  role = aws_iam_role.scheduler.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Send"
        Effect   = "Allow"
        Action   = "sqs:SendMessage"
        Resource = [aws_sqs_queue.queue["schedule"].arn, aws_sqs_queue.undelivered.arn]
      },
      {
        Sid      = "Encrypt"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = aws_kms_key.key["events"].arn
      },
    ]
  })
}
