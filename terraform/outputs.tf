output "api_url" {
  description = "Where the API answers; clients append /v1."
  value       = var.domain == null ? aws_api_gateway_stage.live.invoke_url : "https://${var.domain.name}"
}

output "region" {
  value = var.region
}

output "environment" {
  value = var.environment
}

output "release" {
  description = "The release whose versions were published last; what answers is what CodeDeploy moved the aliases to."
  value       = var.release
}

output "functions" {
  description = "What a release moves: from the alias' version to the one published last."
  value = { for name in keys(local.released) : name => {
    function_name    = aws_lambda_function.function[name].function_name
    alias            = aws_lambda_alias.live[name].name
    version          = aws_lambda_function.function[name].version
    deployment_group = aws_codedeploy_deployment_group.function[name].deployment_group_name
  } }
}

output "codedeploy_app" {
  value = aws_codedeploy_app.parley.name
}

output "migrate_function" {
  description = "Invoked at this version, before anything moves."
  value = {
    function_name = aws_lambda_function.function["migrate"].function_name
    version       = aws_lambda_function.function["migrate"].version
  }
}

output "artifacts_bucket" {
  description = "Holds releases/<release>/function.zip."
  value       = local.artifacts_bucket
}

output "documents_bucket" {
  description = "What is put below the prefix of a source is ingested."
  value       = aws_s3_bucket.bucket["documents"].bucket
}

output "files_bucket" {
  value = aws_s3_bucket.bucket["files"].bucket
}

output "queues" {
  value = { for name in keys(local.queues) : name => { url = aws_sqs_queue.queue[name].url, dead_letters = aws_sqs_queue.dead[name].url } }
}

output "secrets" {
  description = "To be filled by terraform/scripts/secrets.sh."
  value       = { for name, secret in local.secrets : name => secret.arn }
}

output "database" {
  value = {
    cluster     = one(aws_rds_cluster.postgres[*].cluster_identifier)
    host        = local.database.host
    name        = local.database.name
    connections = local.max_connections
  }
}

output "github_role" {
  description = "For `role-to-assume` of a workflow."
  value       = one(aws_iam_role.github[*].arn)
}

output "alarms_topic" {
  value = aws_sns_topic.alarms.arn
}

output "dashboard_url" {
  value = "https://${var.region}.console.aws.amazon.com/cloudwatch/home?region=${var.region}#dashboards/dashboard/${aws_cloudwatch_dashboard.parley.dashboard_name}"
}
