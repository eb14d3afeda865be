# An organization that a pipeline watches. README.md says how.

terraform {
  required_providers {
    asgardeo = {
      source  = "asgardeo/asgardeo"
      version = "~> 0.1"
    }
  }
}

provider "asgardeo" {}

variable "environment" {
  description = "What the organization is for: development or production. In production, the portal is off."
  type        = string
  default     = "development"

  validation {
    condition     = contains(["development", "production"], var.environment)
    error_message = "Choose development or production."
  }
}

locals {
  production = var.environment == "production"
}

resource "asgardeo_my_account_portal" "this" {
  enabled = !local.production
}

# email_otp_enabled is left to the administrators: Terraform does not manage it, but checks.tf looks at it.
resource "asgardeo_my_account_two_factor" "this" {
  totp_enabled = true
}
