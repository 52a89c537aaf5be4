resource "aws_security_group" "functions" {
  name        = "${local.prefix}-functions"
  description = "Functions: nothing comes in"
  vpc_id      = local.vpc_id

  tags = { Name = "${local.prefix}-functions" }
}

resource "aws_vpc_security_group_egress_rule" "functions_https" {
  security_group_id = aws_security_group.functions.id
  description       = "Providers, tools, sources and services of AWS; where that leads is the routes' business"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "functions_database" {
  security_group_id            = aws_security_group.functions.id
  description                  = "Postgres"
  referenced_security_group_id = local.database.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = local.database.port
  to_port                      = local.database.port
}

resource "aws_security_group" "database" {
  count = local.make_database ? 1 : 0

  name        = "${local.prefix}-database"
  description = "Postgres: from functions only"
  vpc_id      = local.vpc_id

  tags = { Name = "${local.prefix}-database" }
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  security_group_id            = local.database.security_group_id
  description                  = "Functions of ${local.prefix}"
  referenced_security_group_id = aws_security_group.functions.id
  ip_protocol                  = "tcp"
  from_port                    = local.database.port
  to_port                      = local.database.port
}

resource "aws_security_group" "endpoints" {
  count = local.endpoint_zones > 0 ? 1 : 0

  name        = "${local.prefix}-endpoints"
  description = "Endpoints: from functions only"
  vpc_id      = local.vpc_id

  tags = { Name = "${local.prefix}-endpoints" }
}

resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  count = local.endpoint_zones > 0 ? 1 : 0

  security_group_id            = aws_security_group.endpoints[0].id
  description                  = "Functions"
  referenced_security_group_id = aws_security_group.functions.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}
