# Terraform makes the places, never the values: those would be in its state. scripts/secrets.sh puts them in.
resource "aws_secretsmanager_secret" "app" {
  name                    = "${local.prefix}/database/app"
  description             = "{\"username\", \"password\"} with which the application logs in; the function `migrate` makes the login"
  kms_key_id              = aws_kms_key.key["secrets"].arn
  recovery_window_in_days = local.secrets_wait
}

resource "aws_secretsmanager_secret" "providers" {
  name                    = "${local.prefix}/providers"
  description             = "{\"OPENAI_API_KEY\": …}: members become variables of the functions that call models"
  kms_key_id              = aws_kms_key.key["secrets"].arn
  recovery_window_in_days = local.secrets_wait
}

# Which value is there now, by its id. It is among the functions' variables, so that a new value makes new versions of them,
# which read it when they start and are released like any other change.
data "aws_secretsmanager_secret_versions" "current" {
  for_each = local.secrets

  secret_id = each.value.id
}

locals {
  # Days in which a deleted secret can be brought back, and no other can have its name: the environment cannot be made anew
  # in them. One that may go in a single step may also come again at once.
  secrets_wait = var.database.deletion_protection ? 7 : 0

  secret_versions = { for name, secret in data.aws_secretsmanager_secret_versions.current : name => join("", [
    for version in secret.versions : version.version_id if contains(version.version_stages, "AWSCURRENT")
  ]) }

  secrets = {
    app       = aws_secretsmanager_secret.app
    providers = aws_secretsmanager_secret.providers
  }
}

# The hook for what rotates them. The schema's owner needs none: RDS does it, see database.tf.
resource "aws_secretsmanager_secret_rotation" "secret" {
  for_each = var.rotation

  secret_id           = local.secrets[each.key].id
  rotation_lambda_arn = each.value.lambda_arn

  # Not at the moment the hook is set: the secret may have no value yet.
  rotate_immediately = false

  rotation_rules {
    automatically_after_days = each.value.days
  }

  depends_on = [aws_lambda_permission.rotation]
}

resource "aws_lambda_permission" "rotation" {
  for_each = var.rotation

  statement_id_prefix = "${local.prefix}-rotation-"
  action              = "lambda:InvokeFunction"
  function_name       = each.value.lambda_arn
  principal           = "secretsmanager.amazonaws.com"
  source_arn          = local.secrets[each.key].arn
}
