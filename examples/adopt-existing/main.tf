# Imports an organization's settings exactly as they are. README.md says how.

terraform {
  required_version = ">= 1.6" # import blocks that take their id from a variable

  required_providers {
    asgardeo = {
      source  = "asgardeo/asgardeo"
      version = "~> 0.1"
    }
  }
}

variable "organization" {
  description = "Organization whose settings are adopted."
  type        = string
  default     = "bifrost"
}

provider "asgardeo" {
  organization = var.organization
}

import {
  to = asgardeo_my_account_portal.this
  id = var.organization
}

import {
  to = asgardeo_my_account_two_factor.this
  id = var.organization
}
