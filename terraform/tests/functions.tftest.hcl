# Functions stream, run what was released, and may do what they need.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  environment = "test"
  region      = "eu-central-1"
  release     = "1.0.0"
  bedrock     = { region = "eu-central-1", models = ["anthropic.*"] }
  functions = {
    chat    = { memory = 512, timeout = 900, concurrency = 10, pool = 3 }
    ingest  = { memory = 512, timeout = 900, concurrency = 6, pool = 3, queues = { ingestion = 2, objects = 2 } }
    tools   = { memory = 512, timeout = 300, concurrency = 4, pool = 2 }
    worker  = { memory = 512, timeout = 900, concurrency = 6, pool = 3, queues = { turns = 2, batches = 2, schedule = 2 } }
    migrate = { memory = 512, timeout = 900, concurrency = 1, pool = 2 }
  }
}

run "answers_stream" {
  assert {
    condition     = alltrue([for integration in aws_api_gateway_integration.function : integration.response_transfer_mode == "STREAM"])
    error_message = "Every integration streams."
  }
  assert {
    condition = alltrue([for integration in aws_api_gateway_integration.function :
      integration.uri == "arn:aws:apigateway:eu-central-1:lambda:path/2021-11-15/functions/arn:aws:lambda:eu-central-1:123456789012:function:mock:live/response-streaming-invocations"
    ])
    error_message = "Every integration calls the alias, at the address that streams."
  }
  assert {
    condition     = alltrue([for path, integration in aws_api_gateway_integration.function : integration.timeout_milliseconds == (local.paths[path] == "tools" ? 300000 : 900000)])
    error_message = "The API waits as long as the function may take."
  }
  assert {
    condition     = alltrue([for name in ["chat", "ingest", "tools"] : aws_lambda_function.function[name].environment[0].variables["PARLEY_RESPONSE_MODE"] == "stream"])
    error_message = "Functions stream where their integration does."
  }
  assert {
    condition     = aws_api_gateway_method_settings.all.settings[0].data_trace_enabled == false && aws_api_gateway_method_settings.all.settings[0].throttling_rate_limit == 50
    error_message = "Requests are throttled, and their bodies are not logged."
  }
}

run "paths_reach_their_functions" {
  assert {
    condition = (
      local.paths["/{proxy+}"] == "chat" && local.paths["/v1/{proxy+}"] == "chat"
      && local.paths["/v1/files"] == "ingest" && local.paths["/v1/files/{proxy+}"] == "ingest"
      && local.paths["/v1/tools/{proxy+}"] == "tools" && local.paths["/mcp"] == "tools" && local.paths["/mcp/{proxy+}"] == "tools"
    )
    error_message = "A prefix and what is below it go to one function."
  }
  assert {
    condition     = toset(keys(aws_api_gateway_method.any)) == toset(keys(local.paths)) && length(aws_api_gateway_integration.function) == 2 * length(local.routes)
    error_message = "Every path has a method and an integration."
  }
}

run "functions_run_what_was_released" {
  assert {
    condition = alltrue([for name, function in aws_lambda_function.function :
      function.publish && function.architectures == tolist(["arm64"]) && function.runtime == "provided.al2023" && function.environment[0].variables["PARLEY_FUNCTION"] == name
    ])
    error_message = "One native archive, published as a version each."
  }
  assert {
    condition     = data.aws_s3_object.archive.key == "releases/1.0.0/function.zip" && data.aws_s3_object.archive.bucket == "parley-artifacts-123456789012-eu-central-1"
    error_message = "The release names the archive."
  }
  assert {
    condition     = toset(keys(aws_codedeploy_deployment_group.function)) == toset(["chat", "ingest", "tools", "worker"])
    error_message = "What answers or works is released step by step."
  }
  assert {
    condition = alltrue([for group in aws_codedeploy_deployment_group.function :
      group.alarm_configuration[0].enabled && length(group.alarm_configuration[0].alarms) > 0 && group.auto_rollback_configuration[0].enabled
      && contains(group.auto_rollback_configuration[0].events, "DEPLOYMENT_STOP_ON_ALARM")
    ])
    error_message = "An alarm takes a release back."
  }
}

run "files_fit_on_disks" {
  assert {
    condition     = { for name, function in aws_lambda_function.function : name => function.ephemeral_storage[0].size } == { chat = 512, ingest = 2048, worker = 2048, tools = 512, migrate = 512 }
    error_message = "Who takes in files has room for ten of them, and for an upload that is put together."
  }
}

run "a_new_secret_is_a_new_version" {
  assert {
    condition     = { for name, function in aws_lambda_function.function : name => function.environment[0].variables["SECRET_VERSIONS"] } == { chat = "new new", ingest = "new new", worker = "new new", tools = "new new", migrate = "new" }
    error_message = "Functions change when a secret that they read does."
  }
}

run "no_function_starts_without_its_secrets" {
  command = plan

  override_data {
    target = data.aws_secretsmanager_secret_versions.current
    values = { versions = [] }
  }

  expect_failures = [aws_lambda_function.function]
}

run "roles_allow_what_is_needed" {
  assert {
    condition = alltrue([for role in aws_iam_role_policy.function : alltrue([for s in jsondecode(role.policy).Statement :
      !anytrue([for action in flatten([s.Action]) : strcontains(action, "*")]) if s.Effect == "Allow"
    ])])
    error_message = "No role has an action with an asterisk."
  }
  assert {
    condition     = alltrue([for role in aws_iam_role_policy.function : toset([for s in jsondecode(role.policy).Statement : s.Sid if s.Effect == "Allow" && contains(flatten([s.Resource]), "*")]) == toset(["Trace", "AttachToNetwork"])])
    error_message = "Only what knows no resources is allowed on all."
  }
  assert {
    condition = { for name, role in aws_iam_role_policy.function : name => join(" ", sort([for s in jsondecode(role.policy).Statement :
      s.Sid if contains(["AskModels", "BeWokenByQueues", "KeepFiles", "ReadDocuments", "RingDoorbells"], s.Sid)
      ])) } == {
      chat    = "AskModels KeepFiles RingDoorbells"
      ingest  = "AskModels BeWokenByQueues KeepFiles ReadDocuments RingDoorbells"
      migrate = ""
      tools   = "AskModels RingDoorbells"
      worker  = "AskModels BeWokenByQueues KeepFiles ReadDocuments RingDoorbells"
    }
    error_message = "Each function may do what it does, and no more."
  }
  assert {
    condition = [for name, role in aws_iam_role_policy.function : name if anytrue([for s in jsondecode(role.policy).Statement :
      s.Sid == "ReadSecrets" && contains(flatten([s.Resource]), "arn:aws:secretsmanager:eu-central-1:123456789012:secret:owner")
    ])] == ["migrate"]
    error_message = "Only migrations log in as the schema's owner."
  }
  assert {
    condition     = alltrue([for role in concat(values(aws_iam_role.function), [aws_iam_role.scheduler, aws_iam_role.codedeploy]) : role.permissions_boundary == aws_iam_policy.boundary.arn])
    error_message = "Every role stays within the boundary."
  }
}

run "encrypted_buckets_of_others_can_be_read" {
  variables {
    source_buckets     = ["theirs"]
    source_bucket_keys = ["arn:aws:kms:eu-central-1:210987654321:key/11111111-1111-1111-1111-111111111111"]
  }

  assert {
    condition = { for name, role in aws_iam_role_policy.function : name => join(" ", flatten([for s in jsondecode(role.policy).Statement : [s.Action]
      if contains(flatten([s.Resource]), "arn:aws:kms:eu-central-1:210987654321:key/11111111-1111-1111-1111-111111111111")
      ])) } == {
      chat    = ""
      ingest  = "kms:Decrypt"
      migrate = ""
      tools   = ""
      worker  = "kms:Decrypt"
    }
    error_message = "Who reads their documents may decrypt them, and no more."
  }
  assert {
    condition     = anytrue([for s in jsondecode(aws_iam_policy.boundary.policy).Statement : contains(flatten([s.Resource]), "arn:aws:kms:eu-central-1:210987654321:key/11111111-1111-1111-1111-111111111111")])
    error_message = "The boundary lets through what the roles are given."
  }
}

run "github_names_repositories_by_their_ids" {
  variables {
    github = { repository = "acme@123456/parley@456789" }
  }

  assert {
    condition     = jsondecode(aws_iam_role.github[0].assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == "repo:acme@123456/parley@456789:environment:test"
    error_message = "Tokens of newer repositories name them with ids, and so does the trust in them."
  }
}

run "github_deploys_its_environment" {
  variables {
    github = { repository = "acme/parley" }
  }

  assert {
    condition     = jsondecode(aws_iam_role.github[0].assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == "repo:acme/parley:environment:test"
    error_message = "Only jobs of this GitHub environment get the role."
  }
  assert {
    condition     = sum([for policy in aws_iam_role_policy.github : length(replace(policy.policy, "/\\s/", ""))]) <= 10240
    error_message = "IAM takes 10,240 characters of policies in a role."
  }
  assert {
    condition = !anytrue(flatten([for policy in aws_iam_role_policy.github : [for s in jsondecode(policy.policy).Statement : [for action in flatten([try(s.Action, [])]) :
      contains(["*", "iam:*", "s3:*", "secretsmanager:*", "kms:*", "secretsmanager:GetSecretValue"], action)
    ]]]))
    error_message = "The pipeline reads no secret and rules over no service that could give it more."
  }
  assert {
    condition = toset(flatten([for policy in aws_iam_role_policy.github : [for s in jsondecode(policy.policy).Statement :
      s.Sid if s.Effect == "Allow" && contains(flatten([s.Resource]), "*") && !can(s.Condition)
    ]])) == toset(["ReadRoles", "WhatHasNoNamesOfOurs"])
    error_message = "What has no name of the environment's is changed only where its tags are the environment's."
  }
  assert {
    condition = alltrue(flatten([for policy in aws_iam_role_policy.github : [for s in jsondecode(policy.policy).Statement : [for action in flatten([try(s.Action, [])]) :
      try(s.Condition.StringEquals["aws:ResourceTag/Environment"] == "test" && s.Condition.StringEquals["aws:ResourceTag/Application"] == "parley", false)
      if contains(["kms:CreateGrant", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "ec2:*Vpc", "ec2:*Route", "acm:DeleteCertificate"], action)
    ]]]))
    error_message = "Keys, networks and certificates of other environments are out of reach."
  }
}

run "github_reaches_what_an_environment_names" {
  variables {
    github  = { repository = "acme/parley" }
    domain  = { name = "api.example.com", zone_id = "Z1" }
    network = { existing = { vpc_id = "vpc-1", subnet_ids = ["subnet-1", "subnet-2"] } }
    database = { existing = {
      host              = "db.example.com"
      security_group_id = "sg-1"
      owner_secret_arn  = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:theirs"
      max_connections   = 1000
    } }
  }

  assert {
    condition = { for s in jsondecode(aws_iam_role_policy.github["change"].policy).Statement : s.Sid => join(" ", flatten([s.Resource])) if startswith(s.Sid, "Named") } == {
      NamedNetwork = "arn:aws:ec2:eu-central-1:123456789012:vpc/vpc-1 arn:aws:ec2:eu-central-1:123456789012:security-group/sg-1"
      NamedZone    = "arn:aws:route53:::hostedzone/Z1 arn:aws:route53:::change/*"
    }
    error_message = "Of what is there already, only the network, group and zone that the environment names are changed."
  }
  assert {
    condition     = sum([for policy in aws_iam_role_policy.github : length(replace(policy.policy, "/\\s/", ""))]) <= 10240
    error_message = "IAM takes 10,240 characters of policies in a role, also with all that there can be."
  }
}
