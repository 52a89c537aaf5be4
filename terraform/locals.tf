data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  # Everything that has a name starts with it, and permissions are cut along it.
  prefix     = "${var.name}-${var.environment}"
  account    = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  dns_suffix = data.aws_partition.current.dns_suffix

  tags = merge(var.tags, {
    Application = var.name
    Environment = var.environment
    ManagedBy   = "terraform"
  })
}
