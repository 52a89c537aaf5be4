# What cannot be handed over is kept, seen, and can be sent round again.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  environment = "test"
  region      = "eu-central-1"
  release     = "1.0.0"
  functions = {
    chat    = { memory = 512, timeout = 900, concurrency = 10, pool = 3 }
    ingest  = { memory = 512, timeout = 900, concurrency = 6, pool = 3, queues = { ingestion = 2, objects = 2 } }
    tools   = { memory = 512, timeout = 300, concurrency = 4, pool = 2 }
    worker  = { memory = 512, timeout = 900, concurrency = 6, pool = 3, queues = { turns = 2, batches = 2, schedule = 2 } }
    migrate = { memory = 512, timeout = 900, concurrency = 1, pool = 2 }
  }
}

run "every_queue_has_dead_letters" {
  assert {
    condition     = toset(keys(aws_sqs_queue.dead)) == toset(["batches", "ingestion", "objects", "schedule", "turns"]) && toset(keys(aws_sqs_queue.queue)) == toset(keys(aws_sqs_queue.dead))
    error_message = "There is a queue of dead letters for each queue."
  }
  assert {
    condition     = alltrue([for name, queue in aws_sqs_queue.queue : jsondecode(queue.redrive_policy).maxReceiveCount == 5 && queue.message_retention_seconds < aws_sqs_queue.dead[name].message_retention_seconds])
    error_message = "A message is tried several times, and kept longer when dead: it keeps its age."
  }
  assert {
    condition     = alltrue([for policy in aws_sqs_queue_redrive_allow_policy.dead : jsondecode(policy.redrive_allow_policy).redrivePermission == "byQueue"])
    error_message = "Dead letters come from their own queue only."
  }
  assert {
    condition     = aws_scheduler_schedule.housekeeping.target[0].dead_letter_config[0].arn == aws_sqs_queue.undelivered.arn
    error_message = "Scheduler has dead letters of its own."
  }
  assert {
    condition     = toset(keys(aws_cloudwatch_metric_alarm.dead_letters)) == toset(concat(keys(aws_sqs_queue.dead), ["undelivered"]))
    error_message = "Every dead letter raises an alarm."
  }
}

run "queues_wake_functions" {
  assert {
    condition = alltrue([for name, mapping in aws_lambda_event_source_mapping.queue :
      contains(mapping.function_response_types, "ReportBatchItemFailures") && mapping.scaling_config[0].maximum_concurrency >= 2
    ])
    error_message = "Batches fail in part, and queues keep a bounded number of copies busy."
  }
  assert {
    condition     = alltrue([for name, queue in aws_sqs_queue.queue : queue.visibility_timeout_seconds >= 6 * aws_lambda_function.function[local.queues[name]].timeout])
    error_message = "A message stays hidden for six times as long as its function may take."
  }
  assert {
    condition     = aws_s3_bucket_notification.documents.queue[0].events == toset(["s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:LifecycleExpiration:*"])
    error_message = "Documents that come and documents that go are told."
  }
  assert {
    condition     = jsondecode(aws_scheduler_schedule.housekeeping.target[0].input) == { parley = "housekeeping" } && aws_scheduler_schedule.housekeeping.schedule_expression == "rate(1 minute)"
    error_message = "Housekeeping comes every minute."
  }
}

run "jobs_that_wait_are_shown" {
  assert {
    condition = alltrue([for metric in ["JobsWaiting", "OldestJobAge"] : toset(flatten([for widget in jsondecode(aws_cloudwatch_dashboard.parley.dashboard_body).widgets :
      [for line in widget.properties.metrics : join(" ", slice(line, 0, 6)) if line[1] == metric]
    ])) == toset([for workload in ["computing", "patient", "waiting"] : "Parley ${metric} FunctionName parley-test-worker Workload ${workload}"])])
    error_message = "The dashboard has both metrics of each workload, of this environment only."
  }
}

run "queues_may_not_take_every_copy" {
  command = plan

  variables {
    functions = {
      chat    = { memory = 512, timeout = 900, concurrency = 10, pool = 3 }
      ingest  = { memory = 512, timeout = 900, concurrency = 4, pool = 3, queues = { ingestion = 2, objects = 2 } }
      tools   = { memory = 512, timeout = 300, concurrency = 4, pool = 2 }
      worker  = { memory = 512, timeout = 900, concurrency = 6, pool = 3, queues = { turns = 2, batches = 2, schedule = 2 } }
      migrate = { memory = 512, timeout = 900, concurrency = 1, pool = 2 }
    }
  }

  expect_failures = [var.functions]
}
