# The My Account portals of several organizations, from one provider block and one state. README.md says how.

terraform {
  required_version = ">= 1.11" # the module's write-only arguments

  required_providers {
    asgardeo = {
      source  = "asgardeo/asgardeo"
      version = "~> 0.1"
    }
  }
}

variable "organizations" {
  description = "What each organization gets, by its name."
  type = map(object({
    portal_enabled = optional(bool)
    second_factors = optional(set(string))
    backup_codes   = optional(bool)
  }))
  default = {}
}

variable "credentials" {
  description = "Client ID and secret of the application in each organization, by the organization's name. Set TF_VAR_credentials."
  type        = map(object({ client_id = string, client_secret = string }))
  sensitive   = true
  ephemeral   = true # reaches neither plan nor state
  default     = {}
}

provider "asgardeo" {
  credentials = var.credentials
}

module "my_account" {
  source   = "../modules/my-account"
  for_each = var.organizations

  organization   = each.key
  portal_enabled = each.value.portal_enabled
  second_factors = each.value.second_factors
  backup_codes   = each.value.backup_codes
}

output "portals" {
  description = "Where users find the portals; null where a portal is off."
  value       = { for name, portal in module.my_account : name => portal.url }
}
