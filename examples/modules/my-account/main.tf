# The My Account portal of one organization, with its second factors and, if given, the SMS sender. README.md says how.

resource "asgardeo_my_account_portal" "this" {
  organization = var.organization
  enabled      = var.portal_enabled
  on_destroy   = var.on_destroy
}

resource "asgardeo_sms_sender" "this" {
  count = var.sms_sender == null ? 0 : 1

  organization      = var.organization
  provider_name     = var.sms_sender.provider_name
  key               = var.sms_sender.key
  secret_wo         = var.sms_secret
  secret_wo_version = var.sms_sender.secret_version
  sender            = var.sms_sender.sender
}

resource "asgardeo_my_account_two_factor" "this" {
  count = var.login_flow == null ? 1 : 0

  organization            = var.organization
  email_otp_enabled       = contains(var.second_factors, "email_otp")
  sms_otp_enabled         = contains(var.second_factors, "sms_otp")
  totp_enabled            = contains(var.second_factors, "totp")
  totp_enrollment_enabled = var.totp_enrollment
  backup_codes_enabled    = var.backup_codes
  sms_sender              = one(asgardeo_sms_sender.this[*].name)
  on_destroy              = var.on_destroy
}

# The whole login flow, in place of the second factors.
resource "asgardeo_my_account_login_flow" "this" {
  count = var.login_flow == null ? 0 : 1

  organization   = var.organization
  steps          = var.login_flow.steps
  subject_step   = var.login_flow.subject_step
  attribute_step = var.login_flow.attribute_step
  script         = var.login_flow.script
  sms_sender     = one(asgardeo_sms_sender.this[*].name)
  on_destroy     = var.on_destroy
}
