# The configuration at work in the organization that ASGARDEO_* name. It must have no SMS sender; the test leaves it as it
# found it. TF_VAR_twilio_account_sid and TF_VAR_twilio_auth_token may have any value.

run "apply" {
  assert {
    condition     = asgardeo_sms_sender.this.name == "SMSPublisher" && asgardeo_my_account_two_factor.this.sms_otp_enabled
    error_message = "SMS OTP has its sender."
  }
  assert {
    condition     = asgardeo_sms_sender.this.secret_wo == null
    error_message = "The secret is not kept."
  }
}
