variable "database" {
  description = <<-TEXT
    Aurora PostgreSQL Serverless v2, or an existing Postgres ≥ 15 with pgvector ≥ 0.8.
      min_acu, max_acu    capacity; one unit is about 2 GB. min_acu = 0 pauses it when nobody is connected
      pause_after         seconds without a connection after which it pauses
      instances           1, or 2 to survive the loss of a zone within a minute
      engine_version      of Aurora
      backup_days         how far back it can be restored to any second
      deletion_protection whether it takes two steps to delete it
      final_snapshot      whether it leaves a last snapshot then
      existing            host, its security group, the secret of the schema's owner and the key that encrypts it, how
                          many connections it allows Parley, and what the driver is told besides: /opt/rds-ca.pem holds the
                          certificates of RDS
  TEXT
  type = object({
    min_acu             = optional(number, 0.5)
    max_acu             = optional(number, 4)
    pause_after         = optional(number, 600)
    instances           = optional(number, 1)
    engine_version      = optional(string, "17.5")
    backup_days         = optional(number, 7)
    deletion_protection = optional(bool, true)
    final_snapshot      = optional(bool, true)
    existing = optional(object({
      host              = string
      port              = optional(number, 5432)
      name              = optional(string, "parley")
      security_group_id = string
      owner_secret_arn  = string
      owner_secret_key  = optional(string)
      max_connections   = number
      jdbc_parameters   = optional(string, "sslmode=verify-full&sslrootcert=/opt/rds-ca.pem")
    }))
  })
  default = {}

  validation {
    condition     = var.database.max_acu >= 1 && var.database.max_acu <= 256 && var.database.min_acu >= 0 && var.database.min_acu <= var.database.max_acu
    error_message = "0 ≤ min_acu ≤ max_acu, and max_acu from 1 to 256."
  }
  validation {
    condition     = var.database.min_acu * 2 == floor(var.database.min_acu * 2) && var.database.max_acu * 2 == floor(var.database.max_acu * 2)
    error_message = "Capacity comes in steps of 0.5."
  }
  validation {
    condition     = var.database.pause_after >= 300 && var.database.pause_after <= 86400
    error_message = "Aurora pauses after 300 to 86400 seconds."
  }
  validation {
    condition     = var.database.instances >= 1 && var.database.instances <= 15
    error_message = "A cluster has 1 to 15 instances."
  }
  validation {
    condition     = var.database.backup_days >= 1 && var.database.backup_days <= 35
    error_message = "Aurora keeps backups for 1 to 35 days."
  }
  validation {
    condition = can(regex("^[0-9]+\\.[0-9]+$", var.database.engine_version)) && (
      startswith(var.database.engine_version, "16.") ? tonumber(split(".", var.database.engine_version)[1]) >= 8 :
      startswith(var.database.engine_version, "17.") ? tonumber(split(".", var.database.engine_version)[1]) >= 4 :
      tonumber(split(".", var.database.engine_version)[0]) >= 18
    )
    error_message = "pgvector 0.8 needs Aurora PostgreSQL 16.8, 17.4 or later."
  }
  validation {
    condition     = var.database.existing == null || var.network.existing != null
    error_message = "An existing database is reached in an existing network: set network.existing, too."
  }
}

variable "network" {
  description = <<-TEXT
    The network of the functions and the database.
      cidr          addresses of a new one
      zones         availability zones; the database wants two
      egress        what leads out of it. "nat": everywhere, which is what tools, web sources and providers need.
                    "endpoints": only to the AWS services that Parley uses, Bedrock among them; cheaper, and tighter
      egress_zones  in how many zones that exists; fewer are cheaper, and the loss of that zone cuts the others off
      flow_logs     whether connections are logged
      existing      a network that is there, with its own way out; the rest is then without effect
  TEXT
  type = object({
    cidr         = optional(string, "10.20.0.0/20")
    zones        = optional(number, 2)
    egress       = optional(string, "nat")
    egress_zones = optional(number, 1)
    flow_logs    = optional(bool, false)
    existing = optional(object({
      vpc_id     = string
      subnet_ids = list(string)
    }))
  })
  default = {}

  validation {
    condition     = can(cidrnetmask(var.network.cidr)) && try(tonumber(split("/", var.network.cidr)[1]), 32) <= 22
    error_message = "A private range of at least /22: every running copy of a function shares in its addresses."
  }
  validation {
    condition     = var.network.zones >= 2 && var.network.zones <= 4 && var.network.egress_zones >= 1 && var.network.egress_zones <= var.network.zones
    error_message = "2 to 4 zones, and a way out in at least one of them."
  }
  validation {
    condition     = contains(["nat", "endpoints"], var.network.egress)
    error_message = "egress is nat or endpoints."
  }
}

variable "bedrock" {
  description = <<-TEXT
    Models on Bedrock, called with the functions' own roles.
      region  whose models are called; an environment without NAT reaches only its own
      models  ids, * allowed, of models and of inference profiles
  TEXT
  type = object({
    region = string
    models = optional(list(string), ["*"])
  })
  default = null

  validation {
    condition     = var.bedrock == null ? true : var.network.egress == "nat" || var.network.existing != null || var.bedrock.region == var.region
    error_message = "Without NAT only this region's Bedrock can be reached: endpoints end at the region's border."
  }
}

variable "source_buckets" {
  description = "Other buckets of which `/v1/sources` may read. One of another account has to let the functions in by its own policy, too."
  type        = list(string)
  default     = []
}

variable "source_bucket_keys" {
  description = "ARNs of the KMS keys that encrypt them, unless AWS' own do. One of another account has to let the functions in by its own policy, too."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for key in var.source_bucket_keys : can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", key))])
    error_message = "ARNs of keys, not of their aliases: permissions know no others."
  }
}

variable "rotation" {
  description = <<-TEXT
    Secrets that a function of yours rotates: app (the application's database login) or providers (API keys) => its ARN
    and how often. The schema's owner is rotated by RDS itself. Without: terraform/scripts/secrets.sh.
  TEXT
  type = map(object({
    lambda_arn = string
    days       = optional(number, 30)
  }))
  default = {}

  validation {
    condition     = length(setsubtract(keys(var.rotation), ["app", "providers"])) == 0
    error_message = "Secrets are named app and providers."
  }
  validation {
    condition     = alltrue([for r in var.rotation : r.days >= 1 && r.days <= 1000])
    error_message = "Between 1 and 1000 days."
  }
}
