# Terraform makes the places, never the values: those would be in its state. scripts/secrets.sh puts them in.
resource "aws_secretsmanager_secret" "app" {
  name                    = "${local.prefix}/database/app"
  description             = "{\"username\", \"password\"} with which the application logs in; the function `migrate` makes the login"
  kms_key_id              = aws_kms_key.key["secrets"].arn
  recovery_window_in_days = 7
}

resource "aws_secretsmanager_secret" "providers" {
  name                    = "${local.prefix}/providers"
  description             = "{\"OPENAI_API_KEY\": …}: members become variables of the functions that call models"
  kms_key_id              = aws_kms_key.key["secrets"].arn
  recovery_window_in_days = 7
}

locals {
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
