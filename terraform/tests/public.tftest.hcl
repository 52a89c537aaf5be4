# Nothing but the API can be reached from outside, and nothing but the API can call a function.
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

run "buckets_are_private" {
  assert {
    condition = alltrue([for block in aws_s3_bucket_public_access_block.bucket :
      block.block_public_acls && block.block_public_policy && block.ignore_public_acls && block.restrict_public_buckets
    ]) && toset(keys(aws_s3_bucket_public_access_block.bucket)) == toset(keys(aws_s3_bucket.bucket))
    error_message = "Every bucket blocks all public access."
  }
  assert {
    condition     = alltrue([for controls in aws_s3_bucket_ownership_controls.bucket : controls.rule[0].object_ownership == "BucketOwnerEnforced"])
    error_message = "No bucket knows access lists."
  }
  assert {
    condition     = alltrue([for policy in aws_s3_bucket_policy.bucket : alltrue([for s in jsondecode(policy.policy).Statement : s.Effect == "Deny"])])
    error_message = "The buckets' own policies only take away."
  }
}

run "database_is_private" {
  assert {
    condition     = length(aws_rds_cluster_instance.postgres) > 0 && alltrue([for instance in aws_rds_cluster_instance.postgres : !instance.publicly_accessible])
    error_message = "The database has no public address."
  }
  assert {
    condition     = aws_vpc_security_group_ingress_rule.database.cidr_ipv4 == null && aws_vpc_security_group_ingress_rule.database.referenced_security_group_id == aws_security_group.functions.id
    error_message = "Only functions reach the database."
  }
  assert {
    condition     = alltrue([for subnet in aws_subnet.public : !subnet.map_public_ip_on_launch])
    error_message = "Nothing gets a public address by being there."
  }
}

run "functions_are_called_by_the_api_only" {
  assert {
    condition     = alltrue([for permission in aws_lambda_permission.api : permission.principal == "apigateway.amazonaws.com" && endswith(permission.source_arn, "/test/*") && permission.qualifier == "live"])
    error_message = "Only this API's stage calls functions, and only their aliases."
  }
  assert {
    condition     = toset(keys(aws_lambda_permission.api)) == toset(["chat", "ingest", "tools"])
    error_message = "Worker and migrate answer no requests."
  }
  assert {
    condition     = alltrue([for function in aws_lambda_function.function : length(function.vpc_config[0].subnet_ids) >= 2])
    error_message = "Every function runs inside the network, in two zones."
  }
}

run "queues_take_from_whom_they_must" {
  assert {
    condition = alltrue([for name, policy in aws_sqs_queue_policy.queue :
      length([for s in jsondecode(policy.policy).Statement : s if s.Effect == "Allow"]) == (name == "objects" ? 1 : 0)
    ])
    error_message = "Only the queue of objects lets somebody in by its own policy."
  }
  assert {
    condition = alltrue([for s in jsondecode(aws_sqs_queue_policy.queue["objects"].policy).Statement :
      s.Principal.Service == "s3.amazonaws.com" && s.Condition.StringEquals["aws:SourceAccount"] == "123456789012" && s.Condition.ArnEquals["aws:SourceArn"] == aws_s3_bucket.bucket["documents"].arn
      if s.Effect == "Allow"
    ])
    error_message = "The queue of objects hears its own bucket only."
  }
}

run "the_domain_is_no_detour" {
  variables {
    domain = { name = "api.example.com", zone_id = "Z1" }
    waf    = {}
  }

  assert {
    condition     = aws_api_gateway_rest_api.api.disable_execute_api_endpoint
    error_message = "With a domain of its own, the API does not answer at AWS's."
  }
  assert {
    condition     = aws_api_gateway_domain_name.domain[0].security_policy == "TLS_1_2" && output.api_url == "https://api.example.com"
    error_message = "The domain speaks TLS 1.2 or later."
  }
  assert {
    condition     = aws_wafv2_web_acl_association.api[0].resource_arn == aws_api_gateway_stage.live.arn
    error_message = "The firewall stands before the stage."
  }
}

run "without_nat_nothing_leads_out" {
  variables {
    network = { egress = "endpoints" }
    bedrock = { region = "eu-central-1" }
  }

  assert {
    condition     = length(aws_nat_gateway.nat) == 0 && length(aws_internet_gateway.network) == 0 && length(aws_subnet.public) == 0 && length(aws_route.nat) == 0
    error_message = "There is no way out but the endpoints."
  }
  assert {
    condition     = toset(keys(aws_vpc_endpoint.interface)) == toset(["secretsmanager", "sqs", "bedrock-runtime"])
    error_message = "There are endpoints for what the functions use."
  }
}

run "bedrock_elsewhere_needs_a_way_there" {
  command = plan

  variables {
    network = { egress = "endpoints" }
    bedrock = { region = "us-east-1" }
  }

  expect_failures = [var.bedrock]
}
