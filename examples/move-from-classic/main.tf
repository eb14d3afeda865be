# Moves settings from the classic place to the application My Account. README.md says how.

terraform {
  required_providers {
    asgardeo = {
      source  = "asgardeo/asgardeo"
      version = "~> 0.1"
    }
  }
}

variable "my_account_api" {
  description = "Where the settings are: application, or classic as long as they have not moved."
  type        = string
  default     = "application"
}

provider "asgardeo" {
  my_account_api = var.my_account_api
}

resource "asgardeo_my_account_portal" "this" {
  enabled = false
}

resource "asgardeo_my_account_two_factor" "this" {
  totp_enabled         = true
  backup_codes_enabled = true
}
