# An organization that a pipeline plans and applies. README.md says how.

terraform {
  required_providers {
    asgardeo = {
      source  = "asgardeo/asgardeo"
      version = "~> 0.1"
    }
  }
}

# The organization and the credentials come from the pipeline: ASGARDEO_ORGANIZATION, ASGARDEO_CLIENT_ID and
# ASGARDEO_CLIENT_SECRET.
provider "asgardeo" {}

resource "asgardeo_my_account_portal" "this" {
  enabled = true
}

resource "asgardeo_my_account_two_factor" "this" {
  totp_enabled         = true
  backup_codes_enabled = true
}
