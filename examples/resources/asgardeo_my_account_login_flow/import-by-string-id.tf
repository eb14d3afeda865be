import {
  to = asgardeo_my_account_login_flow.this
  id = "bifrost"
}
