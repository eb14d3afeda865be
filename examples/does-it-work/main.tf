# Shows what the provider reads in an organization, and changes nothing. README.md says how.

terraform {
  required_providers {
    asgardeo = {
      source  = "asgardeo/asgardeo"
      version = "~> 0.1"
    }
  }
}

provider "asgardeo" {}

data "asgardeo_my_account_portal" "live" {}

data "asgardeo_my_account_two_factor" "live" {}

output "portal" {
  description = "The portal, and where this was read."
  value       = data.asgardeo_my_account_portal.live
}

output "two_factor" {
  description = "The second factors, and where they were read."
  value       = data.asgardeo_my_account_two_factor.live
}
