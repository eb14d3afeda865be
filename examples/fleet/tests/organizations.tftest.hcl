# The fleet at work in three organizations, with the credentials in TF_VAR_credentials. The test leaves them as it found them.

variables {
  organizations = {
    asgard  = {}
    bifrost = { portal_enabled = false }
    midgard = { second_factors = ["email_otp", "totp"], backup_codes = true }
  }
}

run "three_organizations" {
  assert {
    condition     = strcontains(output.portals["asgard"], "/t/asgard") && strcontains(output.portals["midgard"], "/t/midgard")
    error_message = "Each portal has its organization's address."
  }
  assert {
    condition     = output.portals["bifrost"] == null
    error_message = "The portal of bifrost is off."
  }
  assert {
    condition     = module.my_account["midgard"].enabled_factors == tolist(["email_otp", "totp"])
    error_message = "The factors of midgard are its own."
  }
}

run "one_leaves" {
  variables {
    organizations = {
      asgard = { second_factors = [] }
    }
  }

  assert {
    condition     = join(",", keys(output.portals)) == "asgard"
    error_message = "The others were handed back."
  }
  assert {
    condition     = length(module.my_account["asgard"].enabled_factors) == 0
    error_message = "The settings of asgard changed."
  }
}
