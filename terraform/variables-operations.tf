variable "alarms" {
  description = <<-TEXT
    Who hears of trouble, and what trouble is.
      emails                  addresses that get the alarms, each to be confirmed once
      first_token_ms          p95 of the time to first token
      spend_usd_per_hour      what models may cost in an hour, all tenants together
      error_percent           failed invocations of a function
      queue_age_seconds       how long the oldest message may wait
      capacity_percent        of max_acu that the database may use for a quarter of an hour
  TEXT
  type = object({
    emails             = optional(list(string), [])
    first_token_ms     = optional(number, 3000)
    spend_usd_per_hour = optional(number, 10)
    error_percent      = optional(number, 2)
    queue_age_seconds  = optional(number, 900)
    capacity_percent   = optional(number, 90)
  })
  default = {}

  validation {
    condition     = var.alarms.first_token_ms > 0 && var.alarms.spend_usd_per_hour > 0 && var.alarms.queue_age_seconds > 0
    error_message = "A limit of zero is always exceeded."
  }
  validation {
    condition     = alltrue([for p in [var.alarms.error_percent, var.alarms.capacity_percent] : p > 0 && p <= 100])
    error_message = "Percentages are above 0 and at most 100."
  }
}

variable "canary" {
  description = "How a release takes over: one of CodeDeploy's configurations for Lambda."
  type        = string
  default     = "CodeDeployDefault.LambdaCanary10Percent5Minutes"

  validation {
    condition     = can(regex("^CodeDeployDefault\\.Lambda(AllAtOnce|(Canary|Linear)10Percent(Every)?[0-9]+Minutes?)$", var.canary))
    error_message = "For example CodeDeployDefault.LambdaCanary10Percent5Minutes or CodeDeployDefault.LambdaAllAtOnce."
  }
}

variable "github" {
  description = <<-TEXT
    Repository whose GitHub environment of this environment's name may deploy, as GitHub's tokens name it: owner/name, or
    owner@id/name@id if it was made or renamed since July 15, 2026 (docs/aws.md says how to find out). Null: none.
  TEXT
  type = object({
    repository = string
  })
  default = null

  validation {
    condition     = var.github == null ? true : can(regex("^[A-Za-z0-9-]+(@[0-9]+)?/[A-Za-z0-9._-]+(@[0-9]+)?$", var.github.repository))
    error_message = "owner/name or owner@id/name@id."
  }
}
