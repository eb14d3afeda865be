# __generated__ by Terraform
# Please review these resources and move them into your main configuration files.

# __generated__ by Terraform from "bifrost"
resource "asgardeo_my_account_portal" "this" {
  enabled      = true
  on_destroy   = null
  organization = "bifrost"
}

# __generated__ by Terraform from "bifrost"
resource "asgardeo_my_account_two_factor" "this" {
  backup_codes_enabled    = false
  email_otp_enabled       = false
  on_destroy              = null
  organization            = "bifrost"
  sms_otp_enabled         = false
  totp_enabled            = false
  totp_enrollment_enabled = null
}
