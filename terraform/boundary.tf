# The most that any role of this environment can have, whatever its policies say. A pipeline may make and change roles, but
# only within it, and may not change the boundary itself: who can deploy cannot become administrator.
resource "aws_iam_policy" "boundary" {
  name        = "${local.prefix}-boundary"
  description = "The most that a role of ${local.prefix} can be given"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "OwnThings"
        Effect = "Allow"
        Action = [
          "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents",
          "sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:SendMessage",
          "lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "lambda:UpdateAlias",
          "sns:Publish",
        ]
        Resource = [
          "arn:${local.partition}:logs:${var.region}:${local.account}:log-group:*${local.prefix}*",
          "arn:${local.partition}:sqs:${var.region}:${local.account}:${local.prefix}-*",
          "arn:${local.partition}:lambda:${var.region}:${local.account}:function:${local.prefix}-*",
          "arn:${local.partition}:sns:${var.region}:${local.account}:${local.prefix}-*",
        ]
      },
      {
        Sid      = "OwnSecrets"
        Effect   = "Allow"
        Action   = "secretsmanager:GetSecretValue"
        Resource = ["arn:${local.partition}:secretsmanager:${var.region}:${local.account}:secret:${local.prefix}/*", local.database.owner_secret_arn]
      },
      {
        Sid      = "OwnAndNamedBuckets"
        Effect   = "Allow"
        Action   = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"]
        Resource = flatten([for bucket in concat(["${local.prefix}-*"], var.source_buckets) : ["arn:${local.partition}:s3:::${bucket}", "arn:${local.partition}:s3:::${bucket}/*"]])
      },
      {
        Sid      = "OwnAndNamedKeys"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = compact(concat([for key in aws_kms_key.key : key.arn], [local.database.owner_secret_key], var.source_bucket_keys))
      },
      {
        Sid      = "Models"
        Effect   = "Allow"
        Action   = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
        Resource = "*"
      },
      {
        Sid    = "WhatKnowsNoResources"
        Effect = "Allow"
        Action = [
          "cloudwatch:DescribeAlarms", "xray:PutTelemetryRecords", "xray:PutTraceSegments",
          "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
          "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses",
        ]
        Resource = "*"
      },
    ]
  })
}
