# As wide as needed: functions and database in private subnets that nothing leads into. What leads out is a choice, see
# var.network, and public subnets exist only to hold a NAT gateway.
locals {
  make_network = var.network.existing == null
  zones        = local.make_network ? slice(data.aws_availability_zones.available.names, 0, var.network.zones) : []

  vpc_id     = local.make_network ? aws_vpc.network[0].id : var.network.existing.vpc_id
  subnet_ids = local.make_network ? aws_subnet.private[*].id : var.network.existing.subnet_ids

  nat_zones      = local.make_network && var.network.egress == "nat" ? var.network.egress_zones : 0
  endpoint_zones = local.make_network && var.network.egress == "endpoints" ? var.network.egress_zones : 0
}

data "aws_availability_zones" "available" {
  state = "available"

  # Local zones and the like have no Aurora.
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

resource "aws_vpc" "network" {
  count = local.make_network ? 1 : 0

  cidr_block           = var.network.cidr
  enable_dns_support   = true
  enable_dns_hostnames = true # private names of endpoints

  tags = { Name = local.prefix }
}

# The group that everything gets which names none lets nothing in or out.
resource "aws_default_security_group" "network" {
  count = local.make_network ? 1 : 0

  vpc_id = aws_vpc.network[0].id
}

resource "aws_subnet" "private" {
  count = length(local.zones)

  vpc_id            = aws_vpc.network[0].id
  availability_zone = local.zones[count.index]
  cidr_block        = cidrsubnet(var.network.cidr, 3, count.index)

  tags = { Name = "${local.prefix}-private-${count.index}" }
}

resource "aws_route_table" "private" {
  count = length(local.zones)

  vpc_id = aws_vpc.network[0].id

  tags = { Name = "${local.prefix}-private-${count.index}" }
}

resource "aws_route_table_association" "private" {
  count = length(local.zones)

  subnet_id      = aws_subnet.private[count.index].id
  route_table_id = aws_route_table.private[count.index].id
}

# Free, and it keeps the bytes of files off the NAT gateway. Without a policy of its own: sources by URL may well be
# served by somebody's bucket in this region.
resource "aws_vpc_endpoint" "s3" {
  count = local.make_network ? 1 : 0

  vpc_id            = aws_vpc.network[0].id
  vpc_endpoint_type = "Gateway"
  service_name      = "com.amazonaws.${var.region}.s3"
  route_table_ids   = aws_route_table.private[*].id

  tags = { Name = "${local.prefix}-s3" }
}
