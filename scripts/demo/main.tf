resource "asgardeo_my_account_portal" "this" {
  enabled = true
}

resource "asgardeo_my_account_two_factor" "this" {
  totp_enabled         = true
  backup_codes_enabled = true
  email_otp_enabled    = false
}
