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
  max_session_duration = 10800
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

  # What has no name to cut permissions along is known by its tags: what is there already, and what is to be made.
  own_tags = { "aws:ResourceTag/Application" = var.name, "aws:ResourceTag/Environment" = var.environment }
  new_tags = { "aws:RequestTag/Application" = var.name, "aws:RequestTag/Environment" = var.environment }

  ec2_arn = "arn:${local.partition}:ec2:${var.region}:${local.account}:"
  api_arn = "arn:${local.partition}:apigateway:${var.region}::"

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
      ]
    },
  ]

  # What Terraform does to its own things. Reading secrets, documents and logs is not among it, nor is restoring databases.
  # Of another environment in the same account it touches nothing that AWS can tell apart; docs/aws.md says what it cannot.
  change_statements = concat(local.own_statements, local.tagged_statements, local.foreign_statements)

  own_statements = [
    {
      Sid    = "OwnThings"
      Effect = "Allow"
      Action = [
        "lambda:*", "sns:*", "cloudwatch:*", "scheduler:*", "wafv2:*",
        "sqs:CreateQueue", "sqs:DeleteQueue", "sqs:Get*", "sqs:List*", "sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:UntagQueue",
        "rds:Add*", "rds:Create*", "rds:Delete*", "rds:Describe*", "rds:List*", "rds:Modify*", "rds:Remove*", "rds:Reset*",
        "logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:DisassociateKmsKey", "logs:List*", "logs:PutRetentionPolicy", "logs:TagResource", "logs:UntagResource",
        "kms:*Alias", # which the key has to allow, too: below, by its tags
      ]
      Resource = [
        format(local.own_arn, "lambda", "function:", "-*"),
        format(local.own_arn, "lambda", "layer:", "-*"),
        format(local.own_arn, "sqs", "", "-*"),
        format(local.own_arn, "sns", "", "-*"),
        format(local.own_arn, "logs", "log-group:*", "*"),
        "arn:${local.partition}:logs:${var.region}:${local.account}:log-group:API-Gateway-Execution-Logs_*/${var.environment}*",
        format(local.own_arn, "cloudwatch", "alarm:", "-*"),
        "arn:${local.partition}:cloudwatch::${local.account}:dashboard/${local.prefix}",
        format(local.own_arn, "rds", "*:", ""),
        format(local.own_arn, "rds", "*:", "-*"),
        format(local.own_arn, "scheduler", "schedule-group/", ""),
        format(local.own_arn, "scheduler", "schedule/", "/*"),
        format(local.own_arn, "wafv2", "regional/webacl/", "/*"),
        "arn:${local.partition}:wafv2:${var.region}:*:*/managedruleset/*",
        "${local.api_arn}/restapis/${aws_api_gateway_rest_api.api.id}/stages/*", # before which the firewall is put
        format(local.own_arn, "kms", "alias/", "-*"),
      ]
    },
    {
      Sid    = "OwnApis"
      Effect = "Allow"
      Action = ["apigateway:GET", "apigateway:POST", "apigateway:PUT", "apigateway:PATCH", "apigateway:DELETE", "apigateway:SetWebACL"]
      Resource = [for path in concat(
        ["/restapis", "/restapis/${aws_api_gateway_rest_api.api.id}", "/restapis/${aws_api_gateway_rest_api.api.id}/*", "/tags/*${aws_api_gateway_rest_api.api.id}*"],
        var.domain == null ? [] : ["/domainnames", "/domainnames/${var.domain.name}", "/domainnames/${var.domain.name}/*", "/tags/*${var.domain.name}"],
      ) : "${local.api_arn}${path}"]
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
      Action   = ["secretsmanager:CreateSecret", "secretsmanager:DeleteSecret", "secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy", "secretsmanager:ListSecretVersionIds", "secretsmanager:UpdateSecret", "secretsmanager:*RotateSecret", "secretsmanager:TagResource", "secretsmanager:UntagResource"]
      Resource = "arn:${local.partition}:secretsmanager:${var.region}:${local.account}:secret:${local.prefix}/*"
    },
    {
      # RDS makes it in the name of who makes the cluster, keeps it, and deletes it with the cluster.
      Sid      = "OwnersSecret"
      Effect   = "Allow"
      Action   = ["secretsmanager:CreateSecret", "secretsmanager:DescribeSecret", "secretsmanager:TagResource"]
      Resource = "arn:${local.partition}:secretsmanager:${var.region}:${local.account}:secret:rds!cluster-*"
    },
    {
      Sid       = "OwnQueuesWakeOwnFunctions"
      Effect    = "Allow"
      Action    = ["lambda:CreateEventSourceMapping", "lambda:UpdateEventSourceMapping", "lambda:DeleteEventSourceMapping"]
      Resource  = "*"
      Condition = { ArnLike = { "lambda:FunctionArn" = format(local.own_arn, "lambda", "function:", "-*") } }
    },
  ]

  # Nobody comes by a thing of others by giving it these tags: only what is being made gets them, and what has them already.
  tagged_statements = [
    {
      Sid    = "OwnKeysNetworkAndCertificates"
      Effect = "Allow"
      Action = [
        "kms:*Alias", "kms:CreateGrant", "kms:DescribeKey", "kms:Encrypt", "kms:EnableKeyRotation", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateKeyDescription",
        "ec2:CreateTags", "ec2:DeleteTags", "ec2:*Vpc", "ec2:*VpcAttribute", "ec2:*VpcEndpoint*", "ec2:*Subnet", "ec2:*SubnetAttribute", "ec2:*Route", "ec2:*RouteTable*", "ec2:*InternetGateway",
        "ec2:*NatGateway", "ec2:*Address", "ec2:*AddressAttribute", "ec2:*SecurityGroup*", "ec2:*FlowLogs",
        "acm:AddTagsToCertificate", "acm:DeleteCertificate", "acm:RemoveTagsFromCertificate", "acm:UpdateCertificateOptions",
      ]
      Resource  = "*"
      Condition = { StringEquals = local.own_tags }
    },
    {
      Sid    = "New"
      Effect = "Allow"
      Action = [
        "kms:CreateKey", "acm:RequestCertificate", "ec2:AllocateAddress",
        "ec2:CreateFlowLogs", "ec2:CreateInternetGateway", "ec2:CreateNatGateway", "ec2:CreateRouteTable", "ec2:CreateSecurityGroup", "ec2:CreateSubnet", "ec2:CreateVpc", "ec2:CreateVpcEndpoint",
      ]
      Resource  = "*"
      Condition = { StringEquals = merge(local.new_tags, { "aws:RequestedRegion" = var.region }) }
    },
    {
      Sid       = "NewRules"
      Effect    = "Allow"
      Action    = "ec2:AuthorizeSecurityGroup*"
      Resource  = "${local.ec2_arn}security-group-rule/*" # the group has to be ours besides
      Condition = { StringEquals = local.new_tags }
    },
    {
      Sid       = "TagWhatIsBeingMade"
      Effect    = "Allow"
      Action    = "ec2:CreateTags"
      Resource  = "*"
      Condition = { StringEquals = local.new_tags, Null = { "ec2:CreateAction" = "false" } }
    },
    {
      Sid       = "TagWhatHasNone"
      Effect    = "Allow"
      Action    = ["kms:TagResource", "acm:AddTagsToCertificate"]
      Resource  = "*"
      Condition = { StringEquals = local.new_tags, Null = { "aws:ResourceTag/Application" = "true" } }
    },
  ]

  foreign_statements = concat(
    [{
      Sid    = "WhatHasNoNamesOfOurs"
      Effect = "Allow"
      Action = [
        "ec2:Describe*", "ec2:Get*", "kms:ListAliases", "acm:DescribeCertificate", "acm:ListTagsForCertificate",
        "cloudwatch:DescribeAlarms", "logs:DescribeLogGroups", "logs:*LogDelivery*", "logs:*ResourcePolic*",
        "lambda:GetEventSourceMapping", "lambda:ListEventSourceMappings", "rds:Describe*", "codedeploy:GetDeploymentConfig", "sts:GetCallerIdentity",
      ]
      Resource = "*"
    }],
    [{
      Sid      = "TagsOfWhatWakes" # which decide nothing
      Effect   = "Allow"
      Action   = ["lambda:ListTags", "lambda:TagResource", "lambda:UntagResource"]
      Resource = "arn:${local.partition}:lambda:${var.region}:${local.account}:event-source-mapping:*"
    }],
    local.make_network ? [] : [{
      Sid    = "NamedNetwork"
      Effect = "Allow"
      Action = ["ec2:CreateSecurityGroup", "ec2:AuthorizeSecurityGroupIngress", "ec2:ModifySecurityGroupRules", "ec2:RevokeSecurityGroupIngress"]
      Resource = concat(
        ["${local.ec2_arn}vpc/${var.network.existing.vpc_id}"],
        local.make_database ? [] : ["${local.ec2_arn}security-group/${var.database.existing.security_group_id}"],
      )
    }],
    try(var.domain.zone_id, null) == null ? [] : [{
      Sid      = "NamedZone"
      Effect   = "Allow"
      Action   = ["route53:GetHostedZone", "route53:GetChange", "route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets", "route53:ListTagsForResource"]
      Resource = ["arn:${local.partition}:route53:::hostedzone/${var.domain.zone_id}", "arn:${local.partition}:route53:::change/*"]
    }],
  )

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
