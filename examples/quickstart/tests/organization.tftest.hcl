# The configuration at work in the organization that ASGARDEO_* name, which the test leaves as it found it. It must have no SMS
# sender. TF_VAR_twilio_auth_token may have any value.

run "apply" {
  assert {
    condition     = strcontains(output.portal_url, "/t/${asgardeo_my_account_portal.this.organization}")
    error_message = "The address is that of the organization's portal."
  }
}

run "again" {
  command = plan

  assert {
    condition     = asgardeo_my_account_two_factor.this.sms_otp_enabled && asgardeo_sms_sender.this.secret_wo == null
    error_message = "SMS OTP is on, and its sender's secret is not in the state."
  }
}
