# Run once for each environment, with `-var-file`: its numbers pass every rule.
mock_provider "aws" {
  source = "./tests/mocks"
}

run "environment_fits" {
  variables {
    release = "1.0.0"
  }

  assert {
    condition     = toset(keys(aws_lambda_function.function)) == toset(["chat", "ingest", "tools", "worker", "migrate"])
    error_message = "An environment has all functions."
  }
}
