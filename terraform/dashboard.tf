locals {
  names = { for name, function in aws_lambda_function.function : name => function.function_name }

  # As in job.Workload. Housekeeping measures what waits for each, and housekeeping is the worker's.
  workloads = ["computing", "waiting", "patient"]

  # Each row of the dashboard: a title, and lines as CloudWatch writes them.
  charts = [
    {
      title = "Requests and errors"
      stat  = "Sum"
      lines = [
        ["AWS/ApiGateway", "Count", "ApiName", aws_api_gateway_rest_api.api.name, "Stage", aws_api_gateway_stage.live.stage_name],
        [".", "4XXError", ".", ".", ".", "."],
        [".", "5XXError", ".", ".", ".", "."],
      ]
    },
    {
      title = "Time to first token, ms"
      stat  = "p95"
      lines = [
        ["Parley", "TimeToFirstToken", "FunctionName", local.names["chat"], { stat = "p50", label = "p50" }],
        ["Parley", "TimeToFirstToken", "FunctionName", local.names["chat"], { stat = "p95", label = "p95" }],
      ]
    },
    {
      title = "Spend on models, micro-dollars"
      stat  = "Sum"
      lines = [for name in local.spends : ["Parley", "Spend", "FunctionName", local.names[name], { label = name }]]
    },
    {
      title = "Duration, p95 ms"
      stat  = "p95"
      lines = [for name in keys(var.functions) : ["AWS/Lambda", "Duration", "FunctionName", local.names[name], { label = name }]]
    },
    {
      title = "Failed invocations"
      stat  = "Sum"
      lines = [for name in keys(var.functions) : ["AWS/Lambda", "Errors", "FunctionName", local.names[name], { label = name }]]
    },
    {
      title = "Throttled invocations"
      stat  = "Sum"
      lines = [for name in keys(var.functions) : ["AWS/Lambda", "Throttles", "FunctionName", local.names[name], { label = name }]]
    },
    {
      title = "Busy copies"
      stat  = "Maximum"
      lines = [for name in keys(var.functions) : ["AWS/Lambda", "ConcurrentExecutions", "FunctionName", local.names[name], { label = name }]]
    },
    {
      title = "Age of the oldest message, s"
      stat  = "Maximum"
      lines = [for name in keys(local.queues) : ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", aws_sqs_queue.queue[name].name, { label = name }]]
    },
    {
      title = "Messages waiting"
      stat  = "Maximum"
      lines = [for name in keys(local.queues) : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", aws_sqs_queue.queue[name].name, { label = name }]]
    },
    {
      title = "Jobs waiting"
      stat  = "Maximum"
      lines = [for workload in local.workloads : ["Parley", "JobsWaiting", "FunctionName", local.names["worker"], "Workload", workload, { label = workload }]]
    },
    {
      title = "Age of the oldest job, s"
      stat  = "Maximum"
      lines = [for workload in local.workloads : ["Parley", "OldestJobAge", "FunctionName", local.names["worker"], "Workload", workload, { label = workload }]]
    },
    {
      title = "Dead letters"
      stat  = "Maximum"
      lines = [for name, queue in local.dead_letters : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue, { label = name }]]
    },
  ]

  database_charts = local.make_database ? [
    {
      title = "Database: connections of ${local.max_connections}"
      stat  = "Maximum"
      lines = [["AWS/RDS", "DatabaseConnections", "DBClusterIdentifier", local.prefix]]
    },
    {
      title = "Database: capacity units"
      stat  = "Average"
      lines = [["AWS/RDS", "ServerlessDatabaseCapacity", "DBClusterIdentifier", local.prefix]]
    },
  ] : []
}

resource "aws_cloudwatch_dashboard" "parley" {
  dashboard_name = local.prefix
  dashboard_body = jsonencode({
    widgets = [for index, chart in concat(local.charts, local.database_charts) : {
      type   = "metric"
      x      = 8 * (index % 3)
      y      = 6 * floor(index / 3)
      width  = 8
      height = 6
      properties = {
        title   = chart.title
        region  = var.region
        stat    = chart.stat
        period  = 60
        view    = "timeSeries"
        metrics = chart.lines
      }
    }]
  })
}
