# Everything that the provider manages in an organization. README.md says how.

terraform {
  required_version = ">= 1.11" # write-only arguments

  required_providers {
    asgardeo = {
      source  = "asgardeo/asgardeo"
      version = "~> 0.1"
    }
  }
}

variable "twilio_account_sid" {
  description = "Account SID at Twilio. Set TF_VAR_twilio_account_sid."
  type        = string
}

variable "twilio_auth_token" {
  description = "Auth token at Twilio; it reaches neither plan nor state. Set TF_VAR_twilio_auth_token."
  type        = string
  sensitive   = true
  ephemeral   = true
}

provider "asgardeo" {}

resource "asgardeo_my_account_portal" "this" {
  enabled = true
}

resource "asgardeo_sms_sender" "this" {
  provider_name     = "Twilio"
  key               = var.twilio_account_sid
  secret_wo         = var.twilio_auth_token
  secret_wo_version = 1 # raise it when the auth token changes
  sender            = "+15550100"
}

resource "asgardeo_my_account_two_factor" "this" {
  email_otp_enabled       = false
  sms_otp_enabled         = true
  totp_enabled            = true
  totp_enrollment_enabled = true # left out, the organization's own setting decides
  backup_codes_enabled    = true
  sms_sender              = asgardeo_sms_sender.this.name # SMS OTP needs it: it is created first, and destroyed last
}

output "portal_url" {
  description = "Where users find their self-service portal."
  value       = asgardeo_my_account_portal.this.url
}
