# Every log group is made here, before its writer would make one that is kept for ever and encrypted with nobody's key.
locals {
  log_group = {
    retention = var.log_retention_days
    key       = aws_kms_key.key["events"].arn
  }
}

resource "aws_cloudwatch_log_group" "function" {
  for_each = var.functions

  name              = "/aws/lambda/${local.prefix}-${each.key}"
  retention_in_days = local.log_group.retention
  kms_key_id        = local.log_group.key
}

resource "aws_cloudwatch_log_group" "api" {
  name              = "/aws/apigateway/${local.prefix}/access"
  retention_in_days = local.log_group.retention
  kms_key_id        = local.log_group.key
}

resource "aws_cloudwatch_log_group" "api_execution" {
  name              = "API-Gateway-Execution-Logs_${aws_api_gateway_rest_api.api.id}/${var.environment}"
  retention_in_days = local.log_group.retention
  kms_key_id        = local.log_group.key
}

resource "aws_cloudwatch_log_group" "database" {
  count = local.make_database ? 1 : 0

  name              = "/aws/rds/cluster/${local.prefix}/postgresql"
  retention_in_days = local.log_group.retention
  kms_key_id        = local.log_group.key
}

resource "aws_cloudwatch_log_group" "waf" {
  count = var.waf == null ? 0 : 1

  name              = "aws-waf-logs-${local.prefix}" # WAF wants the beginning
  retention_in_days = local.log_group.retention
  kms_key_id        = local.log_group.key
}

resource "aws_cloudwatch_log_group" "flow" {
  count = local.make_network && var.network.flow_logs ? 1 : 0

  name              = "/aws/vpc/${local.prefix}"
  retention_in_days = local.log_group.retention
  kms_key_id        = local.log_group.key
}

resource "aws_flow_log" "network" {
  count = local.make_network && var.network.flow_logs ? 1 : 0

  vpc_id                   = aws_vpc.network[0].id
  traffic_type             = "REJECT" # what should not have been tried
  log_destination_type     = "cloud-watch-logs"
  log_destination          = aws_cloudwatch_log_group.flow[0].arn
  iam_role_arn             = aws_iam_role.flow[0].arn
  max_aggregation_interval = 600
}

resource "aws_iam_role" "flow" {
  count = local.make_network && var.network.flow_logs ? 1 : 0

  name                 = "${local.prefix}-flow-logs"
  permissions_boundary = aws_iam_policy.boundary.arn
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "vpc-flow-logs.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

resource "aws_iam_role_policy" "flow" {
  count = local.make_network && var.network.flow_logs ? 1 : 0

  name = "write"
  role = aws_iam_role.flow[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
      Resource = "${aws_cloudwatch_log_group.flow[0].arn}:*"
    }]
  })
}
