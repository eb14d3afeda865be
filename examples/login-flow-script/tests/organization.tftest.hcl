# The flow at work in the organization that ASGARDEO_* name: a test organization, or the mock server. The test leaves it as
# it was found.

run "apply" {
  assert {
    condition     = asgardeo_my_account_login_flow.this.type == "USER_DEFINED" && asgardeo_my_account_login_flow.this.application_id != ""
    error_message = "The application has a flow of its own."
  }
}
