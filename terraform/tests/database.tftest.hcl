# The functions cannot ask the database for more than it has, and it can be restored.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  environment = "test"
  region      = "eu-central-1"
  release     = "1.0.0"
  functions = {
    chat    = { memory = 512, timeout = 900, concurrency = 40, pool = 10 }
    ingest  = { memory = 512, timeout = 900, concurrency = 6, pool = 20, queues = { ingestion = 2, objects = 2 } }
    tools   = { memory = 512, timeout = 300, concurrency = 4, pool = 10 }
    worker  = { memory = 512, timeout = 900, concurrency = 6, pool = 7, queues = { turns = 2, batches = 2, schedule = 2 } }
    migrate = { memory = 512, timeout = 900, concurrency = 1, pool = 2 }
  }
}

run "pools_fit" {
  # 604 connections of 756
  assert {
    condition     = local.max_connections == 756
    error_message = "4 units of capacity allow 756 connections at the least."
  }
}

run "one_connection_too_many_is_refused" {
  command = plan

  variables {
    functions = {
      chat    = { memory = 512, timeout = 900, concurrency = 40, pool = 10 }
      ingest  = { memory = 512, timeout = 900, concurrency = 6, pool = 20, queues = { ingestion = 2, objects = 2 } }
      tools   = { memory = 512, timeout = 300, concurrency = 4, pool = 10 }
      worker  = { memory = 512, timeout = 900, concurrency = 6, pool = 7, queues = { turns = 2, batches = 2, schedule = 2 } }
      migrate = { memory = 512, timeout = 900, concurrency = 1, pool = 3 }
    }
  }

  expect_failures = [var.functions]
}

run "migrations_may_take_their_time" {
  assert {
    condition     = { for name, function in aws_lambda_function.function : name => function.environment[0].variables["QUARKUS_FLYWAY_INIT_SQL"] if contains(keys(function.environment[0].variables), "QUARKUS_FLYWAY_INIT_SQL") } == { migrate = "SET idle_in_transaction_session_timeout = 0" }
    error_message = "The transaction that holds Flyway's lock is not ended for being idle, and no other is spared."
  }
}

run "a_small_minimum_caps_the_connections" {
  variables {
    database = { min_acu = 0.5, max_acu = 32 }
  }

  assert {
    condition     = local.max_connections == 2000
    error_message = "Aurora allows 2,000 connections where the smallest capacity is below 1."
  }
}

run "it_can_be_restored" {
  assert {
    condition     = aws_rds_cluster.postgres[0].backup_retention_period >= 7 && aws_rds_cluster.postgres[0].deletion_protection && !aws_rds_cluster.postgres[0].skip_final_snapshot
    error_message = "Backups are kept, and nobody deletes it by accident."
  }
  assert {
    condition     = alltrue([for lifecycle in aws_s3_bucket_lifecycle_configuration.bucket : lifecycle.rule[0].noncurrent_version_expiration[0].noncurrent_days > aws_rds_cluster.postgres[0].backup_retention_period])
    error_message = "Files are kept for as long as the database can be taken back to where it knew them."
  }
}

run "it_leaves_a_snapshot" {
  variables {
    database = { deletion_protection = false }
  }

  assert {
    condition     = !aws_rds_cluster.postgres[0].skip_final_snapshot && aws_rds_cluster.postgres[0].final_snapshot_identifier == "parley-test-final"
    error_message = "Whoever takes the protection away, as one has to before a deletion, still gets a last snapshot."
  }
}

run "it_pauses" {
  variables {
    database = { min_acu = 0, max_acu = 4 }
  }

  assert {
    condition     = aws_rds_cluster.postgres[0].serverlessv2_scaling_configuration[0].seconds_until_auto_pause == 600
    error_message = "It pauses after ten minutes."
  }
  assert {
    condition     = aws_scheduler_schedule.housekeeping.schedule_expression == "rate(1 hour)"
    error_message = "Housekeeping wakes a database that pauses once an hour."
  }
  assert {
    condition     = contains([for p in aws_rds_cluster_parameter_group.postgres[0].parameter : p.name], "idle_session_timeout")
    error_message = "Idle connections do not keep it awake."
  }
  assert {
    condition     = strcontains(aws_lambda_function.function["chat"].environment[0].variables["QUARKUS_DATASOURCE_JDBC_URL"], "connectTimeout=35")
    error_message = "Whoever comes first waits for it to resume."
  }
}

run "an_existing_one_is_left_alone" {
  variables {
    network = { existing = { vpc_id = "vpc-1", subnet_ids = ["subnet-1", "subnet-2"] } }
    database = { existing = {
      host              = "db.example.com"
      security_group_id = "sg-1"
      owner_secret_arn  = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:theirs"
      max_connections   = 1000
    } }
  }

  assert {
    condition     = length(aws_rds_cluster.postgres) == 0 && length(aws_vpc.network) == 0 && length(aws_security_group.database) == 0
    error_message = "Nothing is made of what is there."
  }
  assert {
    condition     = startswith(aws_lambda_function.function["worker"].environment[0].variables["QUARKUS_DATASOURCE_JDBC_URL"], "jdbc:postgresql://db.example.com:5432/parley?")
    error_message = "The functions connect to it."
  }
}

run "old_versions_lack_vectors" {
  command = plan

  variables {
    database = { engine_version = "17.2" }
  }

  expect_failures = [var.database]
}
