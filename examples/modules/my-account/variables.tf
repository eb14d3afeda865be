variable "organization" {
  description = "Organization that the settings belong to. Default: the provider's."
  type        = string
  default     = null

  validation {
    condition     = var.organization == null || can(regex("^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$", var.organization))
    error_message = "Give the organization's name alone, in lower case: it is what follows /t/ in the Console's address."
  }
}

variable "portal_enabled" {
  description = "Whether users can open the My Account portal."
  type        = bool
  nullable    = false
  default     = true
}

variable "second_factors" {
  description = "Second factors that the portal offers: any of email_otp, sms_otp and totp. The others are switched off."
  type        = set(string)
  nullable    = false
  default     = ["totp"]

  validation {
    condition     = length(setsubtract(var.second_factors, ["email_otp", "sms_otp", "totp"])) == 0
    error_message = "The second factors are email_otp, sms_otp and totp."
  }
}

variable "totp_enrollment" {
  description = "Whether users may enroll an authenticator app while they sign in. Default: the organization's own setting decides."
  type        = bool
  default     = null

  validation {
    condition     = var.totp_enrollment != true || contains(var.second_factors, "totp")
    error_message = "Enrollment needs totp among second_factors."
  }
}

variable "backup_codes" {
  description = "Whether users may sign in with backup codes."
  type        = bool
  nullable    = false
  default     = false

  validation {
    condition     = !var.backup_codes || length(var.second_factors) > 0
    error_message = "Backup codes need at least one of the second_factors, to stand in for."
  }
}

variable "login_flow" {
  description = "The whole login flow, in place of second_factors, totp_enrollment and backup_codes; null leaves it to them."

  type = object({
    steps = list(object({
      options = list(object({
        authenticator = string
        connection    = optional(string)
      }))
    }))
    subject_step   = optional(number)
    attribute_step = optional(number)
    script         = optional(string)
  })
  default = null

  validation {
    condition     = var.login_flow == null ? true : length(var.login_flow.steps) > 0
    error_message = "A login flow has at least one step."
  }
}

variable "sms_sender" {
  description = <<-EOT
    The organization's SMS sender at Twilio or Vonage; null leaves the sender alone that the organization may have. The key is the
    account SID at Twilio, the API key at Vonage. Raise secret_version when sms_secret changes.
  EOT

  type = object({
    provider_name  = string
    key            = string
    sender         = string
    secret_version = optional(number, 1)
  })
  default = null

  validation {
    condition     = var.sms_sender == null ? true : contains(["Twilio", "Vonage"], var.sms_sender.provider_name)
    error_message = "The module knows Twilio and Vonage. For another gateway, leave sms_sender out and declare an asgardeo_sms_sender of your own."
  }
}

variable "sms_secret" {
  description = "Auth token at Twilio, API secret at Vonage. It reaches neither plan nor state."
  type        = string
  sensitive   = true
  ephemeral   = true
  default     = null
}

variable "on_destroy" {
  description = "What happens to the settings when the module is destroyed: restore, reset or keep. Default: restore."
  type        = string
  default     = null

  validation {
    condition     = var.on_destroy == null ? true : contains(["restore", "reset", "keep"], var.on_destroy)
    error_message = "Choose restore, reset or keep."
  }
}
