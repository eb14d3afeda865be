import {
  to = asgardeo_my_account_portal.this
  id = "bifrost"
}
