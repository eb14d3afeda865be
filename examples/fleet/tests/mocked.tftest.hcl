# One call of the module for each organization. Needs none: the provider is replaced.

mock_provider "asgardeo" {
  mock_resource "asgardeo_my_account_portal" {
    defaults = {
      url = "https://myaccount.asgardeo.io/t/bifrost"
    }
  }
}

variables {
  credentials = {}
}

run "nobody" {
  assert {
    condition     = length(output.portals) == 0
    error_message = "Without organizations there is nothing to do."
  }
}

run "two_organizations" {
  variables {
    organizations = {
      asgard  = {}
      bifrost = { portal_enabled = false }
    }
  }

  assert {
    condition     = output.portals["asgard"] != null && output.portals["bifrost"] == null
    error_message = "Each organization gets what its entry says, and the module's defaults for the rest."
  }
  assert {
    condition     = module.my_account["bifrost"].organization == "bifrost"
    error_message = "Each module works in its organization."
  }
}
