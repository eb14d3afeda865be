import {
  to = asgardeo_my_account_portal.this
  identity = {
    organization = "bifrost" # may be left out: the provider's organization
  }
}
