# Manages settings for a while, and restores the earlier ones. README.md says how.

terraform {
  required_providers {
    asgardeo = {
      source  = "asgardeo/asgardeo"
      version = "~> 0.1"
    }
  }
}

provider "asgardeo" {}

resource "asgardeo_my_account_portal" "this" {
  enabled    = false
  on_destroy = "restore" # the default, written down because it matters here
}

resource "asgardeo_my_account_two_factor" "this" {
  email_otp_enabled = true
  totp_enabled      = true
  on_destroy        = "restore"
}
