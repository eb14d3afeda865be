import {
  to = asgardeo_my_account_two_factor.this
  identity = {
    organization = "bifrost" # may be left out: the provider's organization
  }
}
