import {
  to = asgardeo_my_account_login_flow.this
  identity = {
    organization = "bifrost" # may be left out: the provider's organization
  }
}
