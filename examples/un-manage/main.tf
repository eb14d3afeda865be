# Stops managing settings without changing them. README.md says how.

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

# Was managed until now. This block replaces the resource block.
removed {
  from = asgardeo_my_account_two_factor.this

  lifecycle {
    destroy = false
  }
}
