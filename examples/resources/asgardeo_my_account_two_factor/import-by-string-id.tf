import {
  to = asgardeo_my_account_two_factor.this
  id = "bifrost"
}
