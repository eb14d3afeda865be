# Declares three of the five settings. The other two stay as they are in the organization.
resource "asgardeo_my_account_two_factor" "this" {
  email_otp_enabled    = true
  totp_enabled         = true
  backup_codes_enabled = true
}
