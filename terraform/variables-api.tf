variable "throttling" {
  description = "Requests a second, and above that for a moment, that each path of the API (routes.tf) lets through: API Gateway counts for each by itself. Tenants' own limits are the application's."
  type = object({
    rate  = number
    burst = number
  })
  default = { rate = 50, burst = 100 }

  validation {
    condition     = var.throttling.rate >= 1 && var.throttling.burst >= 1
    error_message = "At least one request."
  }
}

variable "domain" {
  description = <<-TEXT
    The API's own domain, instead of AWS's.
      zone_id          hosted zone in which to write its record (and its certificate's, unless one is given)
      certificate_arn  an existing certificate of the same region
  TEXT
  type = object({
    name            = string
    zone_id         = optional(string)
    certificate_arn = optional(string)
  })
  default = null

  validation {
    condition     = var.domain == null ? true : var.domain.zone_id != null || var.domain.certificate_arn != null
    error_message = "Without a hosted zone nobody can prove the domain, so the certificate has to exist."
  }
}

variable "waf" {
  description = "Firewall in front of the API: requests in five minutes that one address may send. Null: none."
  type = object({
    requests_per_five_minutes = optional(number, 2000)
  })
  default = null

  validation {
    condition     = var.waf == null ? true : var.waf.requests_per_five_minutes >= 10
    error_message = "AWS counts from 10 requests."
  }
}

variable "cors_origins" {
  description = "Origins of browsers that upload files straight to the bucket, by presigned URLs."
  type        = list(string)
  default     = []
}
