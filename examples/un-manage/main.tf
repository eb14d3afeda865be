# Takes settings out of Terraform's hands without changing them. README.md says how.

terraform {
  required_version = ">= 1.7" # removed blocks

  required_providers {
    asgardeo = {
      source  = "asgardeo/asgardeo"
      version = "~> 0.1"
    }
  }
}

provider "asgardeo" {}

# Still managed.
resource "asgardeo_my_account_portal" "this" {
  enabled = true
}

# Was managed until now. The block takes the place of the resource's own.
removed {
  from = asgardeo_my_account_two_factor.this

  lifecycle {
    destroy = false
  }
}
