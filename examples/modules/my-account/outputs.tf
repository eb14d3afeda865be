output "organization" {
  description = "Organization that the settings belong to."
  value       = asgardeo_my_account_portal.this.organization
}

output "url" {
  description = "Where users find the portal; null while it is off."
  value       = asgardeo_my_account_portal.this.enabled ? asgardeo_my_account_portal.this.url : null
}

output "enabled_factors" {
  description = "Second factors that are on, in alphabetical order; null where the whole login flow is given."
  value = var.login_flow != null ? null : sort(concat(
    asgardeo_my_account_two_factor.this[0].email_otp_enabled ? ["email_otp"] : [],
    asgardeo_my_account_two_factor.this[0].sms_otp_enabled ? ["sms_otp"] : [],
    asgardeo_my_account_two_factor.this[0].totp_enabled ? ["totp"] : [],
  ))
}
