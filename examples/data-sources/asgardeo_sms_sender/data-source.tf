# The organization must have a sender, here from the Console.
data "asgardeo_sms_sender" "this" {}

resource "asgardeo_my_account_two_factor" "this" {
  email_otp_enabled = true
  sms_otp_enabled   = data.asgardeo_sms_sender.this.usable
}
