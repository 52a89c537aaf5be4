# What exists once in an account and a region, before any environment: where states and archives are kept, whom GitHub's
# tokens are checked against, and how API Gateway writes logs. scripts/bootstrap.sh applies it.
terraform {
  required_version = ">= 1.11.0, < 2.0.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "6.66.0" # as in ../versions.tf
    }
  }

  backend "s3" {
    use_lockfile = true # without `encrypt`, as in ../backend.tf
  }
}

variable "name" {
  description = "As in the environments."
  type        = string
  default     = "parley"
}

variable "region" {
  description = "As in the environments."
  type        = string
}

variable "github" {
  description = "Whether GitHub's workflows may sign in to this account; to what is for each environment to say."
  type        = bool
  default     = true
}

provider "aws" {
  region = var.region

  default_tags {
    tags = {
      Application = var.name
      ManagedBy   = "terraform"
    }
  }
}

data "aws_caller_identity" "current" {}

# GitHub's tokens are checked against its published keys; there is nothing to pin.
resource "aws_iam_openid_connect_provider" "github" {
  count = var.github ? 1 : 0

  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

# A setting of the whole account in this region: without it no stage can log.
resource "aws_api_gateway_account" "logs" {
  cloudwatch_role_arn = aws_iam_role.api_logs.arn

  depends_on = [aws_iam_role_policy_attachment.api_logs]
}

resource "aws_iam_role" "api_logs" {
  name = "${var.name}-api-gateway-logs-${var.region}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "apigateway.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "api_logs" {
  role       = aws_iam_role.api_logs.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
}

output "state_bucket" {
  value = aws_s3_bucket.bucket["state"].bucket
}

output "artifacts_bucket" {
  value = aws_s3_bucket.bucket["artifacts"].bucket
}
