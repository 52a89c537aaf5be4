# Three keys, because three kinds of principals decrypt: who reads documents need not read secrets, and what only rings a
# doorbell needs neither.
locals {
  keys = {
    data    = { description = "Aurora, and the buckets", services = {} }
    secrets = { description = "Secrets, and the functions' variables", services = {} }
    events = {
      description = "Queues, alarms and logs"
      services = {
        # service => what it does, and by which condition it is known to do it for this account
        "logs.${var.region}.${local.dns_suffix}" = {
          actions   = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
          condition = { ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "arn:${local.partition}:logs:${var.region}:${local.account}:log-group:*" } }
        }
        "s3.amazonaws.com" = {
          actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
          condition = { StringEquals = { "aws:SourceAccount" = local.account } }
        }
        "cloudwatch.amazonaws.com" = {
          actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
          condition = { StringEquals = { "aws:SourceAccount" = local.account } }
        }
        "codedeploy.amazonaws.com" = {
          actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
          condition = { StringEquals = { "aws:SourceAccount" = local.account } }
        }
      }
    }
  }
}

resource "aws_kms_key" "key" {
  for_each = local.keys

  description             = "${local.prefix}: ${each.value.description}"
  enable_key_rotation     = true
  deletion_window_in_days = 30

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid       = "PoliciesOfTheAccountDecide"
        Effect    = "Allow"
        Principal = { AWS = "arn:${local.partition}:iam::${local.account}:root" }
        Action    = "kms:*"
        Resource  = "*"
      }],
      [for service, grant in each.value.services : {
        Sid       = "For${title(split(".", service)[0])}"
        Effect    = "Allow"
        Principal = { Service = service }
        Action    = grant.actions
        Resource  = "*"
        Condition = grant.condition
      }],
    )
  })
}

resource "aws_kms_alias" "key" {
  for_each = local.keys

  name          = "alias/${local.prefix}-${each.key}"
  target_key_id = aws_kms_key.key[each.key].key_id
}
