# Workflows sign in with the token that GitHub gives to a job, and only jobs of the GitHub environment of this name get the
# role: that environment's reviewers decide. There is no long-lived key anywhere.
data "aws_iam_openid_connect_provider" "github" {
  count = var.github == null ? 0 : 1

  url = "https://token.actions.githubusercontent.com" # made by terraform/bootstrap
}

resource "aws_iam_role" "github" {
  count = var.github == null ? 0 : 1

  name                 = "${local.prefix}-github"
  description          = "Deploys ${local.prefix} from ${var.github.repository}"
  max_session_duration = 3600
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = data.aws_iam_openid_connect_provider.github[0].arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          # With or without ids, as the repository's tokens have it; neither form stands for the other.
          "token.actions.githubusercontent.com:sub" = "repo:${var.github.repository}:environment:${var.environment}"
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "github" {
  for_each = var.github == null ? toset([]) : toset(keys(local.deployment_policies))

  name   = each.key
  role   = aws_iam_role.github[0].id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.deployment_policies[each.key] })
}

locals {
  # service, what stands before the name, what stands behind it
  own_arn = "arn:${local.partition}:%s:${var.region}:${local.account}:%s${local.prefix}%s"

  artifacts_arn = "arn:${local.partition}:s3:::${local.artifacts_bucket}"
  state_arn     = "arn:${local.partition}:s3:::${var.name}-state-${local.account}-${var.region}"

  deployment_policies = {
    release = local.release_statements
    change  = local.change_statements
    roles   = local.role_statements
  }

  # What every deployment does: read the state, upload, migrate, move the aliases.
  release_statements = [
    {
      Sid      = "State"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
      Resource = "${local.state_arn}/${var.name}/${var.environment}.tfstate*" # with its lock
    },
    {
      Sid      = "Archives"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectTagging", "s3:PutObject"]
      Resource = ["${local.artifacts_arn}/releases/*", "${local.artifacts_arn}/rds-ca.zip"]
    },
    {
      Sid      = "Look"
      Effect   = "Allow"
      Action   = ["s3:ListBucket", "s3:GetBucketLocation"]
      Resource = [local.state_arn, local.artifacts_arn]
    },
    {
      Sid       = "Decrypt"
      Effect    = "Allow"
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = "arn:${local.partition}:kms:${var.region}:${local.account}:key/*"
      Condition = { "ForAnyValue:StringEquals" = { "kms:ResourceAliases" = ["alias/${var.name}-bootstrap", "alias/${local.prefix}-secrets"] } }
    },
    {
      Sid      = "Migrate"
      Effect   = "Allow"
      Action   = "lambda:InvokeFunction"
      Resource = format(local.own_arn, "lambda", "function:", "-migrate*")
    },
    {
      Sid    = "MoveAliases"
      Effect = "Allow"
      Action = "codedeploy:*"
      Resource = [
        format(local.own_arn, "codedeploy", "application:", ""),
        format(local.own_arn, "codedeploy", "deploymentgroup:", "/*"),
        "arn:${local.partition}:codedeploy:${var.region}:${local.account}:deploymentconfig:*",
      ]
    },
  ]

  # What Terraform does to its own things. Reading secrets, documents and logs is not among it, nor is restoring databases.
  change_statements = [
    {
      Sid    = "OwnThings"
      Effect = "Allow"
      Action = [
        "lambda:*", "sns:*", "cloudwatch:*", "scheduler:*",
        "sqs:CreateQueue", "sqs:DeleteQueue", "sqs:Get*", "sqs:List*", "sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:UntagQueue",
        "rds:Add*", "rds:Create*", "rds:Delete*", "rds:Describe*", "rds:List*", "rds:Modify*", "rds:Remove*", "rds:Reset*",
        "logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:DisassociateKmsKey", "logs:List*", "logs:PutRetentionPolicy", "logs:TagResource", "logs:UntagResource",
      ]
      Resource = [
        format(local.own_arn, "lambda", "function:", "-*"),
        format(local.own_arn, "lambda", "layer:", "-*"),
        "arn:${local.partition}:lambda:${var.region}:${local.account}:event-source-mapping:*",
        format(local.own_arn, "sqs", "", "-*"),
        format(local.own_arn, "sns", "", "-*"),
        "arn:${local.partition}:logs:${var.region}:${local.account}:log-group:*",
        format(local.own_arn, "cloudwatch", "alarm:", "-*"),
        "arn:${local.partition}:cloudwatch::${local.account}:dashboard/${local.prefix}",
        format(local.own_arn, "rds", "*:", ""),
        format(local.own_arn, "rds", "*:", "-*"),
        format(local.own_arn, "scheduler", "schedule-group/", ""),
        format(local.own_arn, "scheduler", "schedule/", "/*"),
      ]
    },
    {
      Sid      = "OwnApis"
      Effect   = "Allow"
      Action   = ["apigateway:GET", "apigateway:POST", "apigateway:PUT", "apigateway:PATCH", "apigateway:DELETE", "apigateway:SetWebACL", "apigateway:UpdateRestApiPolicy"]
      Resource = [for path in ["/restapis*", "/domainnames*", "/account", "/tags/*"] : "arn:${local.partition}:apigateway:${var.region}::${path}"]
    },
    {
      Sid      = "OwnBuckets"
      Effect   = "Allow"
      Action   = ["s3:CreateBucket", "s3:DeleteBucket", "s3:ListBucket", "s3:GetBucket*", "s3:PutBucket*", "s3:DeleteBucketPolicy", "s3:ListTagsForResource", "s3:TagResource", "s3:UntagResource", "s3:*Configuration"]
      Resource = "arn:${local.partition}:s3:::${local.prefix}-*"
    },
    {
      Sid      = "OwnSecretsButNotTheirValues"
      Effect   = "Allow"
      Action   = ["secretsmanager:CreateSecret", "secretsmanager:DeleteSecret", "secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy", "secretsmanager:ListSecretVersionIds", "secretsmanager:UpdateSecret", "secretsmanager:RotateSecret", "secretsmanager:CancelRotateSecret", "secretsmanager:TagResource", "secretsmanager:UntagResource"]
      Resource = ["arn:${local.partition}:secretsmanager:${var.region}:${local.account}:secret:${local.prefix}/*", "arn:${local.partition}:secretsmanager:${var.region}:${local.account}:secret:rds!cluster-*"]
    },
    {
      Sid      = "OwnKeys"
      Effect   = "Allow"
      Action   = ["kms:CreateKey", "kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias", "kms:CreateGrant", "kms:DescribeKey", "kms:Encrypt", "kms:EnableKeyRotation", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListAliases", "kms:ListResourceTags", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateKeyDescription"]
      Resource = "*"
    },
    {
      Sid    = "Network"
      Effect = "Allow"
      Action = [
        "ec2:Describe*", "ec2:Get*", "ec2:CreateTags", "ec2:DeleteTags",
        "ec2:*Vpc", "ec2:*VpcAttribute", "ec2:*VpcEndpoint*", "ec2:*Subnet", "ec2:*SubnetAttribute", "ec2:*Route", "ec2:*RouteTable", "ec2:*InternetGateway",
        "ec2:*NatGateway", "ec2:*Address", "ec2:*AddressAttribute", "ec2:*SecurityGroup*", "ec2:*FlowLogs",
      ]
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = var.region } }
    },
    {
      Sid    = "WhatHasNoNamesOfOurs"
      Effect = "Allow"
      Action = [
        "cloudwatch:DescribeAlarms", "logs:DescribeLogGroups", "logs:*LogDelivery*", "logs:*ResourcePolic*", "lambda:CreateEventSourceMapping", "lambda:ListEventSourceMappings",
        "rds:Describe*", "codedeploy:GetDeploymentConfig", "wafv2:*", "acm:*", "sts:GetCallerIdentity",
        "route53:GetHostedZone", "route53:GetChange", "route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets", "route53:ListTagsForResource",
      ]
      Resource = "*"
    },
  ]

  role_statements = [
    {
      Sid      = "ReadRoles"
      Effect   = "Allow"
      Action   = ["iam:GetRole", "iam:GetRolePolicy", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole", "iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListPolicyVersions", "iam:GetOpenIDConnectProvider", "iam:ListOpenIDConnectProviders"]
      Resource = "*"
    },
    {
      Sid       = "ChangeRolesWithinTheBoundary"
      Effect    = "Allow"
      Action    = ["iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary"]
      Resource  = "arn:${local.partition}:iam::${local.account}:role/${local.prefix}-*"
      Condition = { StringEquals = { "iam:PermissionsBoundary" = aws_iam_policy.boundary.arn } }
    },
    {
      Sid      = "KeepRoles"
      Effect   = "Allow"
      Action   = ["iam:DeleteRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole"]
      Resource = "arn:${local.partition}:iam::${local.account}:role/${local.prefix}-*"
    },
    {
      Sid       = "GiveRoles"
      Effect    = "Allow"
      Action    = "iam:PassRole"
      Resource  = "arn:${local.partition}:iam::${local.account}:role/${local.prefix}-*"
      Condition = { StringEquals = { "iam:PassedToService" = ["lambda.amazonaws.com", "scheduler.amazonaws.com", "codedeploy.amazonaws.com", "vpc-flow-logs.amazonaws.com"] } }
    },
    {
      Sid      = "RolesOfServices"
      Effect   = "Allow"
      Action   = "iam:CreateServiceLinkedRole"
      Resource = "arn:${local.partition}:iam::${local.account}:role/aws-service-role/*"
    },
    {
      # Its own role stays an administrator's business.
      Sid       = "ButNotItself"
      Effect    = "Deny"
      NotAction = ["iam:Get*", "iam:List*", "sts:*"]
      Resource  = "arn:${local.partition}:iam::${local.account}:role/${local.prefix}-github"
    },
  ]
}
