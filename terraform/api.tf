# One REST API in front of all functions. It authenticates nobody: keys and tokens are the application's business, which
# also knows whose they are.
resource "aws_api_gateway_rest_api" "api" {
  name        = local.prefix
  description = "Parley, ${var.environment}"

  # With a domain of its own the API answers there and nowhere else, or the firewall of the domain would be a detour.
  disable_execute_api_endpoint = var.domain != null

  # Bodies that are not text. Everything else reaches the function as it is, without a third more for base64.
  binary_media_types = ["multipart/form-data", "application/octet-stream", "application/pdf", "application/zip", "application/gzip"]

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

locals {
  # API Gateway knows paths as a tree, and Terraform makes one level of it at a time: /v1, /v1/files, /v1/files/{proxy+}.
  # A prefix is there twice: by itself, and greedily for what is below it.
  paths = merge([for prefix, function in local.routes : {
    (prefix)                              = function
    "${trimsuffix(prefix, "/")}/{proxy+}" = function
  }]...)

  # path => its parts, for all but the root
  parts = { for path in keys(local.paths) : path => split("/", trimprefix(path, "/")) if path != "/" }

  # What the methods hang on.
  resource_ids = merge(
    { "/" = aws_api_gateway_rest_api.api.root_resource_id },
    { for path, resource in aws_api_gateway_resource.first : path => resource.id },
    { for path, resource in aws_api_gateway_resource.second : path => resource.id },
    { for path, resource in aws_api_gateway_resource.third : path => resource.id },
  )
}

resource "aws_api_gateway_resource" "first" {
  for_each = { for path, parts in local.parts : path => parts if length(parts) == 1 }

  rest_api_id = aws_api_gateway_rest_api.api.id
  parent_id   = aws_api_gateway_rest_api.api.root_resource_id
  path_part   = each.value[0]
}

resource "aws_api_gateway_resource" "second" {
  for_each = { for path, parts in local.parts : path => parts if length(parts) == 2 }

  rest_api_id = aws_api_gateway_rest_api.api.id
  parent_id   = aws_api_gateway_resource.first["/${each.value[0]}"].id
  path_part   = each.value[1]
}

resource "aws_api_gateway_resource" "third" {
  for_each = { for path, parts in local.parts : path => parts if length(parts) == 3 }

  rest_api_id = aws_api_gateway_rest_api.api.id
  parent_id   = aws_api_gateway_resource.second["/${each.value[0]}/${each.value[1]}"].id
  path_part   = each.value[2]
}

resource "aws_api_gateway_method" "any" {
  for_each = local.paths

  rest_api_id   = aws_api_gateway_rest_api.api.id
  resource_id   = local.resource_ids[each.key]
  http_method   = "ANY"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "function" {
  for_each = local.paths

  rest_api_id             = aws_api_gateway_rest_api.api.id
  resource_id             = local.resource_ids[each.key]
  http_method             = aws_api_gateway_method.any[each.key].http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"

  # Streaming has an address of its own, and what answers is always the alias: releases move that, not the API.
  uri = join("/", [
    "arn:${local.partition}:apigateway:${var.region}:lambda:path/2021-11-15/functions",
    aws_lambda_alias.live[each.value].arn,
    "response-streaming-invocations",
  ])
  response_transfer_mode = "STREAM"
  timeout_milliseconds   = var.functions[each.value].timeout * 1000
}

resource "aws_lambda_permission" "api" {
  for_each = toset(values(local.routes))

  statement_id  = "api"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.function[each.key].function_name
  qualifier     = aws_lambda_alias.live[each.key].name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.api.execution_arn}/${var.environment}/*"
}
