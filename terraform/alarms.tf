# An alarm says that somebody should look: each has a line in docs/guide/alerting.md that says where.
resource "aws_sns_topic" "alarms" {
  name              = "${local.prefix}-alarms"
  kms_master_key_id = aws_kms_key.key["events"].arn
}

resource "aws_sns_topic_policy" "alarms" {
  arn = aws_sns_topic.alarms.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AlarmsAndReleasesOfThisAccount"
        Effect    = "Allow"
        Principal = { Service = ["cloudwatch.amazonaws.com", "codedeploy.amazonaws.com"] }
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.alarms.arn
        Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
      },
      {
        Sid       = "NothingWithoutTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.alarms.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_sns_topic_subscription" "email" {
  for_each = toset(var.alarms.emails)

  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = each.key
}

locals {
  to_alarms = [aws_sns_topic.alarms.arn]

  # Functions that pay for models report it, in micro-dollars: docs/guide/alerting.md.
  spends = sort([for name in local.uses_providers : name])
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  for_each = var.functions

  alarm_name          = "${local.prefix}-${each.key}-errors"
  alarm_description   = "More than ${var.alarms.error_percent} % of the invocations of ${each.key} failed."
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarms.error_percent
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.to_alarms
  ok_actions          = local.to_alarms

  metric_query {
    id          = "percent"
    expression  = "100 * errors / invocations"
    label       = "failed, %"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { errors = "Errors", invocations = "Invocations" }

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/Lambda"
        metric_name = metric_query.value
        dimensions  = { FunctionName = aws_lambda_function.function[each.key].function_name }
        stat        = "Sum"
        period      = 300
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "throttles" {
  for_each = var.functions

  alarm_name          = "${local.prefix}-${each.key}-throttles"
  alarm_description   = "Every copy of ${each.key} was busy: raise its concurrency, and with it the database."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.function[each.key].function_name }
  statistic           = "Sum"
  period              = 60
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.to_alarms
  ok_actions          = local.to_alarms
}

resource "aws_cloudwatch_metric_alarm" "latency" {
  for_each = var.functions

  alarm_name          = "${local.prefix}-${each.key}-latency"
  alarm_description   = "p95 of the duration of ${each.key} is above ${each.value.p95_ms} ms."
  namespace           = "AWS/Lambda"
  metric_name         = "Duration"
  dimensions          = { FunctionName = aws_lambda_function.function[each.key].function_name }
  extended_statistic  = "p95"
  period              = 300
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.p95_ms
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.to_alarms
  ok_actions          = local.to_alarms

  # Three slow invocations in a night are no trend.
  evaluate_low_sample_count_percentiles = "ignore"
}

resource "aws_cloudwatch_metric_alarm" "first_token" {
  alarm_name          = "${local.prefix}-first-token"
  alarm_description   = "p95 of the time to the first token is above ${var.alarms.first_token_ms} ms."
  namespace           = "Parley"
  metric_name         = "TimeToFirstToken"
  dimensions          = { FunctionName = aws_lambda_function.function["chat"].function_name }
  extended_statistic  = "p95"
  period              = 300
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarms.first_token_ms
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.to_alarms
  ok_actions          = local.to_alarms

  evaluate_low_sample_count_percentiles = "ignore"
}

resource "aws_cloudwatch_metric_alarm" "spend" {
  alarm_name          = "${local.prefix}-spend"
  alarm_description   = "Models cost more than ${var.alarms.spend_usd_per_hour} dollars within an hour, all tenants together."
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarms.spend_usd_per_hour
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.to_alarms
  ok_actions          = local.to_alarms

  metric_query {
    id          = "dollars"
    expression  = "(${join(" + ", [for name in local.spends : "FILL(${name}, 0)"])}) / 1000000"
    label       = "dollars an hour"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = local.spends

    content {
      id = metric_query.value

      metric {
        namespace   = "Parley"
        metric_name = "Spend"
        dimensions  = { FunctionName = aws_lambda_function.function[metric_query.value].function_name }
        stat        = "Sum"
        period      = 3600
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "api_errors" {
  alarm_name          = "${local.prefix}-api-errors"
  alarm_description   = "More than ${var.alarms.error_percent} % of the requests were answered with 5xx."
  namespace           = "AWS/ApiGateway"
  metric_name         = "5XXError"
  dimensions          = { ApiName = aws_api_gateway_rest_api.api.name, Stage = aws_api_gateway_stage.live.stage_name }
  statistic           = "Average"
  period              = 60
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarms.error_percent / 100
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.to_alarms
  ok_actions          = local.to_alarms
}
