data "asgardeo_my_account_two_factor" "this" {}

# A check reports in every plan and apply, and blocks neither.
check "second_factor" {
  assert {
    condition = anytrue([
      data.asgardeo_my_account_two_factor.this.email_otp_enabled,
      data.asgardeo_my_account_two_factor.this.sms_otp_enabled,
      data.asgardeo_my_account_two_factor.this.totp_enabled,
    ])
    error_message = "The My Account portal of ${data.asgardeo_my_account_two_factor.this.organization} offers no second factor."
  }
}
