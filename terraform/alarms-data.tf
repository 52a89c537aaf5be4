locals {
  # Name => queue of everything that nobody works on any more.
  dead_letters = merge(
    { for queue in keys(local.queues) : queue => aws_sqs_queue.dead[queue].name },
    { undelivered = aws_sqs_queue.undelivered.name },
  )
}

resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  for_each = local.dead_letters

  alarm_name          = "${each.value}-letters"
  alarm_description   = "There is a dead letter in ${each.value}."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = each.value }
  statistic           = "Maximum"
  period              = 300
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.to_alarms
  ok_actions          = local.to_alarms
}

resource "aws_cloudwatch_metric_alarm" "queue_age" {
  for_each = local.queues

  alarm_name          = "${local.prefix}-${each.key}-age"
  alarm_description   = "A message waits in ${each.key} for more than ${var.alarms.queue_age_seconds} seconds: ${each.value} does not keep up."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions          = { QueueName = aws_sqs_queue.queue[each.key].name }
  statistic           = "Maximum"
  period              = 60
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarms.queue_age_seconds
  evaluation_periods  = 5
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.to_alarms
  ok_actions          = local.to_alarms
}

resource "aws_cloudwatch_metric_alarm" "database_connections" {
  count = local.make_database ? 1 : 0

  alarm_name          = "${local.prefix}-database-connections"
  alarm_description   = "More than 80 % of the ${local.max_connections} connections are open, which the functions' pools alone cannot do."
  namespace           = "AWS/RDS"
  metric_name         = "DatabaseConnections"
  dimensions          = { DBClusterIdentifier = aws_rds_cluster.postgres[0].cluster_identifier, Role = "WRITER" }
  statistic           = "Maximum"
  period              = 60
  comparison_operator = "GreaterThanThreshold"
  threshold           = floor(0.8 * local.max_connections)
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching" # it pauses
  alarm_actions       = local.to_alarms
  ok_actions          = local.to_alarms
}

resource "aws_cloudwatch_metric_alarm" "database_capacity" {
  count = local.make_database ? 1 : 0

  alarm_name          = "${local.prefix}-database-capacity"
  alarm_description   = "The database has used more than ${var.alarms.capacity_percent} % of its ${var.database.max_acu} units for a quarter of an hour."
  namespace           = "AWS/RDS"
  metric_name         = "ACUUtilization"
  dimensions          = { DBClusterIdentifier = aws_rds_cluster.postgres[0].cluster_identifier, Role = "WRITER" }
  statistic           = "Average"
  period              = 300
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarms.capacity_percent
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.to_alarms
  ok_actions          = local.to_alarms
}

resource "aws_cloudwatch_metric_alarm" "schedule" {
  alarm_name          = "${local.prefix}-schedule"
  alarm_description   = "Scheduler could not put housekeeping into its queue."
  namespace           = "AWS/Scheduler"
  metric_name         = "TargetErrorCount"
  dimensions          = { ScheduleGroup = aws_scheduler_schedule_group.parley.name }
  statistic           = "Sum"
  period              = 300
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.to_alarms
  ok_actions          = local.to_alarms
}

# The alarm for what does not happen: nobody expires, reaps and re-rings any more.
resource "aws_cloudwatch_metric_alarm" "housekeeping" {
  alarm_name          = "${local.prefix}-housekeeping"
  alarm_description   = "Housekeeping has not been done for a while, although it should be ${local.pauses ? "hourly" : "every minute"}."
  namespace           = "AWS/SQS"
  metric_name         = "NumberOfMessagesDeleted"
  dimensions          = { QueueName = aws_sqs_queue.queue["schedule"].name }
  statistic           = "Sum"
  period              = local.pauses ? 3600 : 300
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  evaluation_periods  = 3
  treat_missing_data  = "breaching"
  alarm_actions       = local.to_alarms
  ok_actions          = local.to_alarms
}
