# What the module makes of its input. Needs no organization: the provider is replaced.

variables {
  sms_secret = "secret-of-the-test" # an ephemeral variable must be given, even where it is not used
}

mock_provider "asgardeo" {
  # Without these, computed values would be random text.
  mock_resource "asgardeo_my_account_portal" {
    defaults = {
      organization = "bifrost"
      url          = "https://myaccount.asgardeo.io/t/bifrost"
    }
  }
  mock_resource "asgardeo_my_account_two_factor" {
    defaults = {
      organization = "bifrost"
    }
  }
  mock_resource "asgardeo_my_account_login_flow" {
    defaults = {
      organization = "bifrost"
      type         = "USER_DEFINED"
    }
  }
  mock_resource "asgardeo_sms_sender" {
    defaults = {
      organization = "bifrost"
      name         = "SMSPublisher"
      content_type = "JSON"
    }
  }
}

run "defaults" {
  assert {
    condition     = output.url == "https://myaccount.asgardeo.io/t/bifrost"
    error_message = "The portal is on, so its address is given."
  }
  assert {
    condition     = output.enabled_factors == tolist(["totp"])
    error_message = "TOTP alone is on."
  }
  assert {
    condition     = asgardeo_my_account_two_factor.this[0].totp_enrollment_enabled == null
    error_message = "Enrollment is left to the organization."
  }
  assert {
    condition     = length(asgardeo_sms_sender.this) == 0
    error_message = "No sender is asked for."
  }
}

run "every_factor" {
  variables {
    second_factors = ["totp", "sms_otp", "email_otp"]
    backup_codes   = true
    sms_sender = {
      provider_name = "Twilio"
      key           = "twilio-account-sid"
      sender        = "+15550100"
    }
  }

  assert {
    condition     = output.enabled_factors == tolist(["email_otp", "sms_otp", "totp"])
    error_message = "All three are on, in alphabetical order."
  }
  assert {
    condition     = asgardeo_sms_sender.this[0].secret_wo == null && asgardeo_sms_sender.this[0].secret_wo_version == 1
    error_message = "The secret is not kept; its version is."
  }
}

run "enrollment_can_be_withheld" {
  command = plan
  variables {
    totp_enrollment = false
  }

  assert {
    condition     = !asgardeo_my_account_two_factor.this[0].totp_enrollment_enabled
    error_message = "TOTP is on, enrollment off."
  }
}

run "no_address_while_the_portal_is_off" {
  command = plan
  variables {
    portal_enabled = false
    second_factors = []
  }

  assert {
    condition     = output.url == null && length(output.enabled_factors) == 0
    error_message = "Nothing is on."
  }
}

run "a_whole_login_flow" {
  variables {
    login_flow = {
      steps = [
        { options = [{ authenticator = "BasicAuthenticator" }, { authenticator = "FIDOAuthenticator" }] },
        { options = [{ authenticator = "totp" }] },
      ]
    }
  }

  assert {
    condition     = length(asgardeo_my_account_two_factor.this) == 0 && output.enabled_factors == null
    error_message = "The flow takes the place of the second factors."
  }
  assert {
    condition     = asgardeo_my_account_login_flow.this[0].steps[1].options[0].authenticator == "totp"
    error_message = "The steps are those that were given."
  }
}

run "refuses_a_url_for_an_organization" {
  command = plan
  variables {
    organization = "https://console.asgardeo.io/t/bifrost"
  }
  expect_failures = [var.organization]
}

run "refuses_an_unknown_factor" {
  command = plan
  variables {
    second_factors = ["fax"]
  }
  expect_failures = [var.second_factors]
}

run "refuses_enrollment_without_totp" {
  command = plan
  variables {
    second_factors  = ["email_otp"]
    totp_enrollment = true
  }
  expect_failures = [var.totp_enrollment]
}

run "refuses_a_flow_without_steps" {
  command = plan
  variables {
    login_flow = { steps = [] }
  }
  expect_failures = [var.login_flow]
}

run "refuses_backup_codes_without_a_factor" {
  command = plan
  variables {
    second_factors = []
    backup_codes   = true
  }
  expect_failures = [var.backup_codes]
}

run "refuses_a_gateway_it_does_not_know" {
  command = plan
  variables {
    sms_sender = {
      provider_name = "Custom"
      key           = "key"
      sender        = "+15550100"
    }
  }
  expect_failures = [var.sms_sender]
}

run "refuses_an_unknown_ending" {
  command = plan
  variables {
    on_destroy = "delete"
  }
  expect_failures = [var.on_destroy]
}
