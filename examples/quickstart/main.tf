# The organization and the credentials come from the environment: ASGARDEO_ORGANIZATION, ASGARDEO_CLIENT_ID and
# ASGARDEO_CLIENT_SECRET, with ASGARDEO_REGION or ASGARDEO_BASE_URL saying where.

terraform {
  required_version = ">= 1.11" # write-only arguments

  required_providers {
    asgardeo = {
      source  = "asgardeo/asgardeo"
      version = "~> 0.1"
    }
  }
}

provider "asgardeo" {}

variable "twilio_auth_token" {
  description = "Auth token at Twilio; it reaches neither plan nor state. Set TF_VAR_twilio_auth_token."
  type        = string
  sensitive   = true
  ephemeral   = true
}

resource "asgardeo_my_account_portal" "this" {
  enabled = true
}

# What SMS OTP sends with.
resource "asgardeo_sms_sender" "this" {
  provider_name     = "Twilio"
  key               = "AC-example"
  secret_wo         = var.twilio_auth_token
  secret_wo_version = 1
  sender            = "+15550100"
}

resource "asgardeo_my_account_two_factor" "this" {
  email_otp_enabled    = true
  sms_otp_enabled      = true
  totp_enabled         = true
  backup_codes_enabled = true
  sms_sender           = asgardeo_sms_sender.this.name
}

output "portal_url" {
  description = "Where users find their self-service portal."
  value       = asgardeo_my_account_portal.this.url
}
