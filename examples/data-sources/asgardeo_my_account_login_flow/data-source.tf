data "asgardeo_my_account_login_flow" "this" {}

# A check reports in every plan and apply, and blocks neither.
check "second_factor" {
  assert {
    condition     = data.asgardeo_my_account_login_flow.this.shape != "none"
    error_message = "Users of ${data.asgardeo_my_account_login_flow.this.organization} sign in to My Account without a second factor."
  }
}
