# The organization and the credentials come from the environment: ASGARDEO_ORGANIZATION, ASGARDEO_CLIENT_ID and
# ASGARDEO_CLIENT_SECRET, with ASGARDEO_REGION or ASGARDEO_BASE_URL saying where.

terraform {
  required_providers {
    asgardeo = {
      source = "asgardeo/asgardeo"
    }
  }
}

provider "asgardeo" {}

resource "asgardeo_my_account_portal" "this" {
  enabled = true
}

resource "asgardeo_my_account_two_factor" "this" {
  email_otp_enabled       = true
  totp_enabled            = true
  totp_enrollment_enabled = true # users may enroll TOTP while signing in
  backup_codes_enabled    = true
}

output "portal_url" {
  description = "Where users find their self-service portal."
  value       = asgardeo_my_account_portal.this.url
}
