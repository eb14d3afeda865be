# The checks hold after an apply in the organization that ASGARDEO_* name, which the test leaves as it found it.

run "development" {
  assert {
    condition     = data.asgardeo_my_account_two_factor.live.totp_enabled && data.asgardeo_my_account_portal.live.enabled
    error_message = "The data sources show the settings as they are after the apply."
  }
}

run "production" {
  variables {
    environment = "production"
  }

  assert {
    condition     = !data.asgardeo_my_account_portal.live.enabled
    error_message = "The portal is off."
  }
}
