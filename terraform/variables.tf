variable "name" {
  description = "What everything is named after, together with the environment."
  type        = string
  default     = "parley"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,11}$", var.name))
    error_message = "2 to 12 lower-case letters and digits: bucket names are built from it."
  }
}

variable "environment" {
  description = "Name of the environment, as in environments/<name>.tfvars; also the stage of the API."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,11}$", var.environment))
    error_message = "2 to 12 lower-case letters and digits."
  }
}

variable "region" {
  description = "Region of everything."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region's name, such as eu-central-1."
  }
}

variable "tags" {
  description = "Tags of everything, besides those that name application and environment."
  type        = map(string)
  default     = {}
}

variable "release" {
  description = "Release to run: its archive is releases/<release>/function.zip in the artifacts bucket. `./dev deploy` uploads it and sets this."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$", var.release))
    error_message = "Letters, digits, dots, hyphens and underscores: it is part of an object's key."
  }
}

variable "functions" {
  description = <<-TEXT
    The functions, one binary each: what PARLEY_FUNCTION says to it.
      memory       MB; processor time grows with it (1,769 MB are one core)
      timeout      seconds; a turn must end within it
      concurrency  reserved copies, which is also the most there can be
      pool         database connections of one copy, which answers one request at a time
      queues       queues that wake it => the most copies that each may keep busy (2 is the least that AWS knows)
      p95_ms       alarm above this duration
      storage      MB of /tmp; without, 2048 for ingest and worker, which keep files there, and 512 for others
      environment  more variables of the application
  TEXT
  type = map(object({
    memory      = number
    timeout     = number
    concurrency = number
    pool        = number
    queues      = optional(map(number), {})
    p95_ms      = optional(number, 30000)
    storage     = optional(number)
    environment = optional(map(string), {})
  }))

  validation {
    condition     = toset(keys(var.functions)) == toset(["chat", "ingest", "tools", "worker", "migrate"])
    error_message = "The application knows exactly these functions: chat, ingest, tools, worker, migrate."
  }
  validation {
    condition     = alltrue([for f in var.functions : f.memory >= 128 && f.memory <= 10240 && coalesce(f.storage, 512) >= 512 && coalesce(f.storage, 512) <= 10240])
    error_message = "Memory is 128 to 10240 MB, storage 512 to 10240 MB."
  }
  validation {
    condition     = try(coalesce(var.functions["ingest"].storage, 2048) >= 1024, true)
    error_message = "ingest takes in ten objects of 64 MB at once, and puts uploads of 512 MB together: that needs 1024 MB."
  }
  validation {
    condition     = alltrue([for f in var.functions : f.timeout >= 1 && f.timeout <= 900])
    error_message = "Lambda ends every invocation after 900 seconds at the latest."
  }
  validation {
    condition     = alltrue([for f in var.functions : f.concurrency >= 1 && f.pool >= 1])
    error_message = "Every function needs a reserved copy and a connection."
  }
  validation {
    condition = (
      sort(flatten([for f in var.functions : keys(f.queues)])) == tolist(["batches", "ingestion", "objects", "schedule", "turns"])
      && length(setsubtract(["ingestion", "objects"], keys(try(var.functions["ingest"].queues, {})))) == 0
      && length(setsubtract(["batches", "schedule", "turns"], keys(try(var.functions["worker"].queues, {})))) == 0
    )
    error_message = "ingest is woken by the queues ingestion and objects, worker by turns, batches and schedule."
  }
  validation {
    condition     = alltrue(flatten([for f in var.functions : [for most in values(f.queues) : most >= 2 && most <= 1000]]))
    error_message = "A queue keeps 2 to 1000 copies busy at most; AWS knows no lower bound."
  }
  validation {
    # Otherwise the queues' messages are refused, come back, and end in the dead letters for nothing.
    condition     = alltrue([for f in var.functions : sum(concat([0], values(f.queues))) <= f.concurrency])
    error_message = "The queues of a function may not keep more copies busy than it has."
  }
  validation {
    condition     = try(sum(concat([0], values(var.functions["ingest"].queues))) < var.functions["ingest"].concurrency, true)
    error_message = "ingest also answers requests: its queues must leave it a copy for them."
  }
  validation {
    # There is no proxy that would queue connections: it would pin each to its client because of set_config.
    condition     = sum([for f in var.functions : f.concurrency * f.pool]) <= floor(0.8 * local.max_connections)
    error_message = "Σ concurrency × pool is ${sum([for f in var.functions : f.concurrency * f.pool])}, more than 80 % of the database's ${local.max_connections} connections. Lower one, or raise database.max_acu."
  }
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "One of the numbers of days that CloudWatch Logs knows."
  }
}

variable "tracing" {
  description = "X-Ray traces of the API and its functions."
  type        = bool
  default     = true
}
