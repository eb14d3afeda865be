# The module with a whole login flow, in the organization that ASGARDEO_* name: a test organization, or the mock server. The
# test leaves it as it was found.

variables {
  sms_secret = "secret-of-the-test" # an ephemeral variable must be given, even where it is not used
}

run "a_whole_login_flow" {
  variables {
    login_flow = {
      steps = [
        { options = [{ authenticator = "BasicAuthenticator" }] },
        { options = [{ authenticator = "totp" }, { authenticator = "FIDOAuthenticator" }] },
      ]
    }
  }

  assert {
    condition     = asgardeo_my_account_login_flow.this[0].type == "USER_DEFINED" && output.enabled_factors == null
    error_message = "The application has the flow."
  }
}
