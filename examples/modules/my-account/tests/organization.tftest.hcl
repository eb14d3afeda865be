# The module at work in the organization that ASGARDEO_* name: a test organization, or the mock server. The test leaves it
# as it was found.

variables {
  sms_secret = "secret-of-the-test" # an ephemeral variable must be given, even where it is not used
}

run "portal_and_totp" {
  assert {
    condition     = endswith(output.url, "/${output.organization}") || strcontains(output.url, "/${output.organization}/")
    error_message = "The address is that of the organization's portal."
  }
  assert {
    condition     = output.enabled_factors == tolist(["totp"])
    error_message = "TOTP alone is on."
  }
}

run "add_sms_otp" {
  variables {
    second_factors = ["sms_otp", "totp"]
    backup_codes   = true
    sms_sender = {
      provider_name = "Twilio"
      key           = "twilio-account-sid"
      sender        = "+15550100"
    }
  }

  assert {
    condition     = output.enabled_factors == tolist(["sms_otp", "totp"])
    error_message = "SMS OTP joined TOTP."
  }
  assert {
    condition     = asgardeo_sms_sender.this[0].name == "SMSPublisher"
    error_message = "The organization has its sender."
  }
}

run "take_sms_otp_back" {
  variables {
    second_factors = ["totp"]
  }

  assert {
    condition     = output.enabled_factors == tolist(["totp"]) && length(asgardeo_sms_sender.this) == 0
    error_message = "SMS OTP went off first, then the sender went."
  }
}

run "portal_off" {
  variables {
    portal_enabled = false
    second_factors = []
  }

  assert {
    condition     = output.url == null && length(output.enabled_factors) == 0
    error_message = "Nothing is on."
  }
}
