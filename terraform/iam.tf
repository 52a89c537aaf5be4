# A role for each function, with what its variables name and nothing else. Statements are put together from the same sets
# as the variables in functions.tf, so that one never goes without the other.
resource "aws_iam_role" "function" {
  for_each = var.functions

  name                 = "${local.prefix}-${each.key}"
  permissions_boundary = aws_iam_policy.boundary.arn
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "function" {
  for_each = var.functions

  name = "function"
  role = aws_iam_role.function[each.key].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [for statement in values(local.statements[each.key]) : statement if statement != null],
      local.network_statements,
    )
  })
}

locals {
  # function => secrets that it reads
  reads_secrets = { for name in keys(var.functions) : name => concat(
    name == "migrate" ? [local.database.owner_secret_arn] : [],
    [aws_secretsmanager_secret.app.arn],
    contains(local.uses_providers, name) ? [aws_secretsmanager_secret.providers.arn] : [],
  ) }

  statements = { for name, function in var.functions : name => {
    logs = {
      Sid      = "Log"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.function[name].arn}:*"
    }
    secrets = {
      Sid      = "ReadSecrets"
      Effect   = "Allow"
      Action   = "secretsmanager:GetSecretValue"
      Resource = local.reads_secrets[name]
    }
    secrets_key = {
      Sid      = "DecryptSecretsAndVariables"
      Effect   = "Allow"
      Action   = "kms:Decrypt"
      Resource = distinct(compact([aws_kms_key.key["secrets"].arn, name == "migrate" ? local.database.owner_secret_key : null]))
    }
    rings = contains(local.rings, name) ? {
      Sid    = "RingDoorbells"
      Effect = "Allow"
      # Housekeeping, which is the worker's, counts the rings that nobody has heard yet, to ring for what lacks.
      Action   = concat(["sqs:SendMessage"], name == "worker" ? ["sqs:GetQueueAttributes"] : [])
      Resource = [for queue in local.doorbells : aws_sqs_queue.queue[queue].arn]
    } : null
    wakes = length(function.queues) > 0 ? {
      Sid      = "BeWokenByQueues"
      Effect   = "Allow"
      Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"]
      Resource = [for queue in keys(function.queues) : aws_sqs_queue.queue[queue].arn]
    } : null
    events_key = contains(local.rings, name) || length(function.queues) > 0 ? {
      Sid      = "EncryptMessages"
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource = aws_kms_key.key["events"].arn
    } : null
    files = contains(local.uses_files, name) ? {
      Sid      = "KeepFiles"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
      Resource = "${aws_s3_bucket.bucket["files"].arn}/*"
    } : null
    # Without it, an object that is not there would be one that may not be read.
    files_list = contains(local.uses_files, name) ? {
      Sid      = "FindFiles"
      Effect   = "Allow"
      Action   = "s3:ListBucket"
      Resource = aws_s3_bucket.bucket["files"].arn
    } : null
    documents = local.reads_documents[name] ? {
      Sid      = "ReadDocuments"
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = [for bucket in local.document_buckets : "${bucket}/*"]
    } : null
    documents_list = local.reads_documents[name] ? {
      Sid      = "ListDocuments"
      Effect   = "Allow"
      Action   = "s3:ListBucket"
      Resource = local.document_buckets
    } : null
    documents_keys = local.reads_documents[name] && length(var.source_bucket_keys) > 0 ? {
      Sid       = "DecryptDocuments"
      Effect    = "Allow"
      Action    = "kms:Decrypt"
      Resource  = var.source_bucket_keys
      Condition = { StringLike = { "kms:ViaService" = "s3.*.${local.dns_suffix}" } } # in whatever region the bucket is
    } : null
    data_key = contains(local.uses_files, name) ? {
      Sid       = "EncryptFiles"
      Effect    = "Allow"
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = aws_kms_key.key["data"].arn
      Condition = { StringEquals = { "kms:ViaService" = "s3.${var.region}.${local.dns_suffix}" } }
    } : null
    bedrock = contains(local.uses_providers, name) && var.bedrock != null ? {
      Sid      = "AskModels"
      Effect   = "Allow"
      Action   = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
      Resource = local.bedrock_models
    } : null
    traces = var.tracing ? {
      Sid      = "Trace"
      Effect   = "Allow"
      Action   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
      Resource = "*" # knows no resources
    } : null
  } }

  # Ingestion takes in what events and sources name; the worker looks at the sources that are due.
  reads_documents  = { for name in keys(var.functions) : name => contains(["ingest", "worker"], name) }
  document_buckets = concat([aws_s3_bucket.bucket["documents"].arn], [for name in var.source_buckets : "arn:${local.partition}:s3:::${name}"])

  # An inference profile sends a question to models of several regions, so the region of models is open.
  bedrock_models = var.bedrock == null ? [] : flatten([for model in var.bedrock.models : [
    "arn:${local.partition}:bedrock:*::foundation-model/${model}",
    "arn:${local.partition}:bedrock:${var.bedrock.region}:${local.account}:inference-profile/${model}",
    "arn:${local.partition}:bedrock:${var.bedrock.region}:${local.account}:application-inference-profile/${model}",
  ]])

  # Lambda attaches functions to the network in their role's name. The second statement takes from their code what the
  # first one gives to Lambda.
  network_statements = [
    {
      Sid    = "AttachToNetwork"
      Effect = "Allow"
      Action = [
        "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets",
        "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
      ]
      Resource = "*"
    },
    {
      Sid      = "ButNotByCode"
      Effect   = "Deny"
      Action   = "ec2:*"
      Resource = "*"
      Condition = { ArnLike = {
        "lambda:SourceFunctionArn" = "arn:${local.partition}:lambda:${var.region}:${local.account}:function:${local.prefix}-*"
      } }
    },
  ]
}
