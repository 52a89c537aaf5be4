resource "aws_api_gateway_deployment" "api" {
  rest_api_id = aws_api_gateway_rest_api.api.id

  # A deployment is a snapshot: anything it holds makes a new one.
  triggers = {
    content = sha1(jsonencode([
      aws_api_gateway_rest_api.api.binary_media_types,
      aws_api_gateway_rest_api.api.disable_execute_api_endpoint,
      local.resource_ids,
      aws_api_gateway_method.any,
      aws_api_gateway_integration.function,
      aws_api_gateway_gateway_response.error,
    ]))
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "live" {
  rest_api_id          = aws_api_gateway_rest_api.api.id
  deployment_id        = aws_api_gateway_deployment.api.id
  stage_name           = var.environment
  xray_tracing_enabled = var.tracing

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.api.arn
    # No query and no header: they may hold what is nobody's business.
    format = jsonencode({
      request_id     = "$context.requestId"
      time           = "$context.requestTime"
      ip             = "$context.identity.sourceIp"
      user_agent     = "$context.identity.userAgent"
      method         = "$context.httpMethod"
      path           = "$context.path"
      route          = "$context.resourcePath"
      status         = "$context.status"
      error          = "$context.error.responseType"
      bytes          = "$context.responseLength"
      latency_ms     = "$context.responseLatency"
      function_ms    = "$context.integration.latency"
      function_error = "$context.integration.error"
      waf            = "$context.wafResponseCode"
    })
  }
}

resource "aws_api_gateway_method_settings" "all" {
  rest_api_id = aws_api_gateway_rest_api.api.id
  stage_name  = aws_api_gateway_stage.live.stage_name
  method_path = "*/*"

  settings {
    metrics_enabled    = true
    logging_level      = "ERROR"
    data_trace_enabled = false # it would log prompts and keys

    # Of each method: what all of them let through together is bounded by the functions' concurrency.
    throttling_rate_limit  = var.throttling.rate
    throttling_burst_limit = var.throttling.burst
  }

  # The execution log exists before the gateway would make one without retention and key.
  depends_on = [aws_cloudwatch_log_group.api_execution]
}

locals {
  # What the gateway answers by itself looks like what the application answers: OpenAI's envelope.
  gateway_errors = {
    THROTTLED           = { status = "429", type = "rate_limit_error", code = "rate_limit_exceeded" }
    REQUEST_TOO_LARGE   = { status = "413", type = "invalid_request_error", code = "request_too_large" }
    WAF_FILTERED        = { status = "403", type = "invalid_request_error", code = "request_blocked" }
    INTEGRATION_TIMEOUT = { status = "504", type = "api_error", code = "timeout" }
    INTEGRATION_FAILURE = { status = "502", type = "api_error", code = "bad_gateway" }
    DEFAULT_4XX         = { status = null, type = "invalid_request_error", code = null }
    DEFAULT_5XX         = { status = null, type = "api_error", code = null }
  }
}

resource "aws_api_gateway_gateway_response" "error" {
  for_each = local.gateway_errors

  rest_api_id   = aws_api_gateway_rest_api.api.id
  response_type = each.key
  status_code   = each.value.status

  response_templates = {
    "application/json" = <<-JSON
      {"error":{"message":$context.error.messageString,"type":"${each.value.type}","param":null,"code":${jsonencode(each.value.code)}}}
    JSON
  }
  response_parameters = merge(
    { "gatewayresponse.header.x-request-id" = "context.requestId" },
    each.key == "THROTTLED" ? { "gatewayresponse.header.retry-after" = "'1'" } : {},
  )
}
