# --- egress = "nat": everywhere

resource "aws_internet_gateway" "network" {
  count = local.nat_zones > 0 ? 1 : 0

  vpc_id = aws_vpc.network[0].id

  tags = { Name = local.prefix }
}

resource "aws_subnet" "public" {
  count = local.nat_zones

  vpc_id                  = aws_vpc.network[0].id
  availability_zone       = local.zones[count.index]
  cidr_block              = cidrsubnet(var.network.cidr, 6, 32 + count.index)
  map_public_ip_on_launch = false

  tags = { Name = "${local.prefix}-nat-${count.index}" }
}

resource "aws_route_table" "public" {
  count = local.nat_zones > 0 ? 1 : 0

  vpc_id = aws_vpc.network[0].id

  tags = { Name = "${local.prefix}-nat" }
}

resource "aws_route" "internet" {
  count = local.nat_zones > 0 ? 1 : 0

  route_table_id         = aws_route_table.public[0].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.network[0].id
}

resource "aws_route_table_association" "public" {
  count = local.nat_zones

  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = aws_route_table.public[0].id
}

resource "aws_eip" "nat" {
  count = local.nat_zones

  domain = "vpc"

  tags = { Name = "${local.prefix}-nat-${count.index}" }
}

resource "aws_nat_gateway" "nat" {
  count = local.nat_zones

  subnet_id     = aws_subnet.public[count.index].id
  allocation_id = aws_eip.nat[count.index].id

  tags = { Name = "${local.prefix}-${count.index}" }

  depends_on = [aws_route.internet]
}

# Every zone leaves by its own gateway, or by another zone's where there are fewer.
resource "aws_route" "nat" {
  count = local.nat_zones > 0 ? length(local.zones) : 0

  route_table_id         = aws_route_table.private[count.index].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.nat[count.index % local.nat_zones].id
}

# --- egress = "endpoints": to these services, by addresses inside the network

resource "aws_vpc_endpoint" "interface" {
  for_each = local.endpoint_zones > 0 ? toset(concat(["secretsmanager", "sqs"], var.bedrock == null ? [] : ["bedrock-runtime"])) : []

  vpc_id              = aws_vpc.network[0].id
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${var.region}.${each.key}"
  subnet_ids          = slice(aws_subnet.private[*].id, 0, local.endpoint_zones)
  security_group_ids  = [aws_security_group.endpoints[0].id]
  private_dns_enabled = true

  # Whoever gets hold of a function gets no way to write to an account of their own.
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "*"
      Resource  = "*"
      Condition = { StringEquals = { "aws:PrincipalAccount" = local.account } }
    }]
  })

  tags = { Name = "${local.prefix}-${each.key}" }
}
