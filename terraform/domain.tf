locals {
  # A certificate is made where there is a zone to prove the domain in, and none was given.
  make_certificate = try(var.domain.certificate_arn == null && var.domain.zone_id != null, false)
}

resource "aws_acm_certificate" "domain" {
  count = local.make_certificate ? 1 : 0

  domain_name       = var.domain.name
  validation_method = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "proof" {
  count = local.make_certificate ? 1 : 0

  zone_id = var.domain.zone_id
  name    = one(aws_acm_certificate.domain[0].domain_validation_options).resource_record_name
  type    = one(aws_acm_certificate.domain[0].domain_validation_options).resource_record_type
  records = [one(aws_acm_certificate.domain[0].domain_validation_options).resource_record_value]
  ttl     = 300
}

resource "aws_acm_certificate_validation" "domain" {
  count = local.make_certificate ? 1 : 0

  certificate_arn         = aws_acm_certificate.domain[0].arn
  validation_record_fqdns = aws_route53_record.proof[*].fqdn
}

resource "aws_api_gateway_domain_name" "domain" {
  count = var.domain == null ? 0 : 1

  domain_name              = var.domain.name
  regional_certificate_arn = local.make_certificate ? aws_acm_certificate_validation.domain[0].certificate_arn : var.domain.certificate_arn
  security_policy          = "TLS_1_2"

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_base_path_mapping" "domain" {
  count = var.domain == null ? 0 : 1

  domain_name = aws_api_gateway_domain_name.domain[0].domain_name
  api_id      = aws_api_gateway_rest_api.api.id
  stage_name  = aws_api_gateway_stage.live.stage_name
}

resource "aws_route53_record" "domain" {
  count = try(var.domain.zone_id, null) == null ? 0 : 1

  zone_id = var.domain.zone_id
  name    = var.domain.name
  type    = "A"

  alias {
    name                   = aws_api_gateway_domain_name.domain[0].regional_domain_name
    zone_id                = aws_api_gateway_domain_name.domain[0].regional_zone_id
    evaluate_target_health = false
  }
}
