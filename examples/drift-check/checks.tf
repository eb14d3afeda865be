# Checks run in every plan and apply. They report what does not hold, and stop nothing.

# The data sources stand outside the check blocks: inside, they would make every plan one with changes. With depends_on,
# an apply that changes the settings looks at them afterwards.

data "asgardeo_my_account_portal" "live" {
  depends_on = [asgardeo_my_account_portal.this]
}

data "asgardeo_my_account_two_factor" "live" {
  depends_on = [asgardeo_my_account_two_factor.this]
}

check "portal_off_in_production" {
  assert {
    condition     = !(local.production && data.asgardeo_my_account_portal.live.enabled)
    error_message = "The portal is on. In production it has to be off."
  }
}

check "totp_as_declared" {
  assert {
    condition     = data.asgardeo_my_account_two_factor.live.totp_enabled
    error_message = "TOTP is off."
  }
}

# A rule about a setting that Terraform does not manage: only the data source sees it.
check "no_email_otp" {
  assert {
    condition     = !data.asgardeo_my_account_two_factor.live.email_otp_enabled
    error_message = "Email OTP is on. Our policy does not allow it."
  }
}
