locals {
  make_database = var.database.existing == null

  # Whether nobody being connected makes it pause, and the first who comes waits for it.
  pauses = local.make_database && var.database.min_acu == 0

  # Aurora derives the number from the largest capacity: 189 at 1 unit, 823 at 4, 3,360 at 16, at most 5,000, and at most
  # 2,000 where the smallest is below 1. 189 for each unit is never more than it really allows.
  max_connections = (
    local.make_database
    ? min(floor(189 * var.database.max_acu), 5000, var.database.min_acu < 1 ? 2000 : 5000)
    : var.database.existing.max_connections
  )

  database = {
    host              = local.make_database ? aws_rds_cluster.postgres[0].endpoint : var.database.existing.host
    port              = local.make_database ? aws_rds_cluster.postgres[0].port : var.database.existing.port
    name              = local.make_database ? aws_rds_cluster.postgres[0].database_name : var.database.existing.name
    security_group_id = local.make_database ? aws_security_group.database[0].id : var.database.existing.security_group_id
    owner_secret_arn  = local.make_database ? aws_rds_cluster.postgres[0].master_user_secret[0].secret_arn : var.database.existing.owner_secret_arn
    owner_secret_key  = local.make_database ? aws_kms_key.key["secrets"].arn : var.database.existing.owner_secret_key
  }

  # In the URL, because what is there wins over the application's own settings.
  jdbc_parameters = concat(
    [local.make_database ? "sslmode=verify-full&sslrootcert=/opt/rds-ca.pem" : var.database.existing.jdbc_parameters],
    local.pauses ? ["connectTimeout=35", "sslResponseTimeout=35000"] : [],
  )
  jdbc_url = "jdbc:postgresql://${local.database.host}:${local.database.port}/${local.database.name}?${join("&", local.jdbc_parameters)}"
}

resource "aws_rds_cluster" "postgres" {
  count = local.make_database ? 1 : 0

  cluster_identifier = local.prefix
  engine             = "aurora-postgresql"
  engine_mode        = "provisioned" # which Serverless v2 is a kind of
  engine_version     = var.database.engine_version
  database_name      = "parley"

  # Versions move by engine_version, one environment after another. Whoever applies has read the plan and wants it now, not
  # on Sunday night; a new major version takes the database away for some minutes.
  allow_major_version_upgrade = true
  apply_immediately           = true

  # The owner of the schema. RDS makes the password, keeps it in Secrets Manager and changes it every week; only
  # migrations use it, and it is in no state.
  master_username               = "parley_owner"
  manage_master_user_password   = true
  master_user_secret_kms_key_id = aws_kms_key.key["secrets"].arn

  db_subnet_group_name            = aws_db_subnet_group.postgres[0].name
  vpc_security_group_ids          = [aws_security_group.database[0].id]
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.postgres[0].name

  storage_encrypted = true
  kms_key_id        = aws_kms_key.key["data"].arn

  # Any second of the last days can be restored: scripts/restore-drill.sh does, to see that it can.
  backup_retention_period      = var.database.backup_days
  preferred_backup_window      = "01:00-02:00"
  preferred_maintenance_window = "sun:02:30-sun:03:30"
  copy_tags_to_snapshot        = true
  deletion_protection          = var.database.deletion_protection
  skip_final_snapshot          = !var.database.final_snapshot
  final_snapshot_identifier    = "${local.prefix}-final"

  enabled_cloudwatch_logs_exports = ["postgresql"]

  serverlessv2_scaling_configuration {
    min_capacity             = var.database.min_acu
    max_capacity             = var.database.max_acu
    seconds_until_auto_pause = local.pauses ? var.database.pause_after : null
  }

  depends_on = [aws_cloudwatch_log_group.database]
}

resource "aws_rds_cluster_instance" "postgres" {
  count = local.make_database ? var.database.instances : 0

  identifier         = "${local.prefix}-${count.index}"
  cluster_identifier = aws_rds_cluster.postgres[0].id
  engine             = aws_rds_cluster.postgres[0].engine
  engine_version     = aws_rds_cluster.postgres[0].engine_version
  instance_class     = "db.serverless"

  publicly_accessible = false
  promotion_tier      = min(count.index, 1) # a first reader keeps the writer's size, so that it can take over at once

  # As with the cluster, whose versions move by engine_version only.
  auto_minor_version_upgrade = false
  apply_immediately          = true

  # Its agent needs two units of capacity to itself; smaller databases go without.
  performance_insights_enabled    = var.database.min_acu >= 2
  performance_insights_kms_key_id = var.database.min_acu >= 2 ? aws_kms_key.key["data"].arn : null
}

resource "aws_rds_cluster_parameter_group" "postgres" {
  count = local.make_database ? 1 : 0

  name   = "${local.prefix}-${split(".", var.database.engine_version)[0]}"
  family = "aurora-postgresql${split(".", var.database.engine_version)[0]}"

  parameter {
    name         = "rds.force_ssl"
    value        = "1"
    apply_method = "pending-reboot" # which a new cluster has not to wait for
  }

  # A function that is frozen inside a transaction keeps its locks; the application waits for nothing inside of one.
  # Migrations do, and take this back for themselves: functions.tf.
  parameter {
    name  = "idle_in_transaction_session_timeout"
    value = "60000"
  }

  # A frozen function cannot close its connections, and an open one keeps the database awake.
  dynamic "parameter" {
    for_each = local.pauses ? ["120000"] : []

    content {
      name  = "idle_session_timeout"
      value = parameter.value
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_subnet_group" "postgres" {
  count = local.make_database ? 1 : 0

  name       = local.prefix
  subnet_ids = local.subnet_ids
}
