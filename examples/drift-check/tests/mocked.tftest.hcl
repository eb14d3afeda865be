# Each check reports what it should. Needs no organization: the provider is replaced.

mock_provider "asgardeo" {
  mock_data "asgardeo_my_account_portal" {
    defaults = {
      enabled = true
    }
  }
  mock_data "asgardeo_my_account_two_factor" {
    defaults = {
      email_otp_enabled    = false
      sms_otp_enabled      = false
      totp_enabled         = true
      backup_codes_enabled = false
    }
  }
}

run "as_declared" {}

run "portal_on_in_production" {
  variables {
    environment = "production"
  }
  expect_failures = [check.portal_off_in_production]
}

run "totp_off" {
  override_data {
    target = data.asgardeo_my_account_two_factor.live
    values = {
      totp_enabled      = false
      email_otp_enabled = false
    }
  }
  expect_failures = [check.totp_as_declared]
}

run "email_otp_on" {
  override_data {
    target = data.asgardeo_my_account_two_factor.live
    values = {
      email_otp_enabled = true
      totp_enabled      = true
    }
  }
  expect_failures = [check.no_email_otp]
}

run "unknown_environment" {
  command = plan
  variables {
    environment = "staging"
  }
  expect_failures = [var.environment]
}
