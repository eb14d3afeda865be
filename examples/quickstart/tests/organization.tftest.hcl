# The configuration at work in the organization that ASGARDEO_* name, which the test leaves as it found it.

run "apply" {
  assert {
    condition     = strcontains(output.portal_url, "/t/${asgardeo_my_account_portal.this.organization}")
    error_message = "The address is that of the organization's portal."
  }
}

run "again" {
  command = plan

  assert {
    condition     = asgardeo_my_account_two_factor.this.backup_codes_enabled && asgardeo_my_account_two_factor.this.sms_otp_enabled == null
    error_message = "What is declared is managed; SMS OTP is not."
  }
}
