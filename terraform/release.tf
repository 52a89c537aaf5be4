# A release is a new version of each function. CodeDeploy moves a part of the traffic of the aliases to it, waits, and moves
# the rest, or everything back when an alarm says that the new version fails.
resource "aws_codedeploy_app" "parley" {
  name             = local.prefix
  compute_platform = "Lambda"
}

resource "aws_codedeploy_deployment_group" "function" {
  for_each = local.released

  app_name               = aws_codedeploy_app.parley.name
  deployment_group_name  = each.key
  service_role_arn       = aws_iam_role.codedeploy.arn
  deployment_config_name = var.canary

  deployment_style {
    deployment_type   = "BLUE_GREEN"
    deployment_option = "WITH_TRAFFIC_CONTROL"
  }

  alarm_configuration {
    enabled                   = true
    ignore_poll_alarm_failure = false # who cannot see goes back

    # Only what a release itself can be to blame for: an alarm that is on beforehand stops a release, too, and a slow
    # provider must not stop the one that is to help.
    alarms = concat(
      [aws_cloudwatch_metric_alarm.canary[each.key].alarm_name],
      contains(local.answers, each.key) ? [aws_cloudwatch_metric_alarm.api_errors.alarm_name] : [],
    )
  }

  auto_rollback_configuration {
    enabled = true
    events  = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"]
  }

  trigger_configuration {
    trigger_name       = "alarms"
    trigger_events     = ["DeploymentFailure", "DeploymentRollback"]
    trigger_target_arn = aws_sns_topic.alarms.arn
  }

  depends_on = [aws_iam_role_policy.codedeploy, aws_sns_topic_policy.alarms]
}

# Faster than the alarms for people, and only of what the alias answers. A new version that always fails shows as the tenth
# of the traffic that it has; three failures are needed, because in a quiet minute one would be all of it.
resource "aws_cloudwatch_metric_alarm" "canary" {
  for_each = local.released

  alarm_name          = "${local.prefix}-${each.key}-canary"
  alarm_description   = "The alias of ${each.key} fails: a release that is under way goes back."
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarms.error_percent
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"

  metric_query {
    id          = "percent"
    expression  = "IF(errors > 2, 100 * errors / invocations, 0)"
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
        stat        = "Sum"
        period      = 60
        dimensions = {
          FunctionName = aws_lambda_function.function[each.key].function_name
          Resource     = "${aws_lambda_function.function[each.key].function_name}:${aws_lambda_alias.live[each.key].name}"
        }
      }
    }
  }
}

resource "aws_iam_role" "codedeploy" {
  name                 = "${local.prefix}-codedeploy"
  permissions_boundary = aws_iam_policy.boundary.arn
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "codedeploy.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

resource "aws_iam_role_policy" "codedeploy" {
  name = "release"
  role = aws_iam_role.codedeploy.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "MoveAliases"
        Effect   = "Allow"
        Action   = ["lambda:GetAlias", "lambda:UpdateAlias", "lambda:GetProvisionedConcurrencyConfig"]
        Resource = [for name in keys(local.released) : "${aws_lambda_function.function[name].arn}:*"]
      },
      {
        Sid      = "MoveAliasesOf"
        Effect   = "Allow"
        Action   = ["lambda:GetAlias", "lambda:UpdateAlias"]
        Resource = [for name in keys(local.released) : aws_lambda_function.function[name].arn]
      },
      {
        Sid      = "ReadAlarms"
        Effect   = "Allow"
        Action   = "cloudwatch:DescribeAlarms"
        Resource = "*" # it asks for several by name
      },
      {
        Sid      = "Tell"
        Effect   = "Allow"
        Action   = "sns:Publish"
        Resource = aws_sns_topic.alarms.arn
      },
      {
        Sid      = "TellEncrypted"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = aws_kms_key.key["events"].arn
      },
    ]
  })
}
