# What the flow consists of. Needs no organization: the provider is replaced.

mock_provider "asgardeo" {}

run "every_step_is_run_by_the_script" {
  command = plan

  assert {
    condition = alltrue([
      for i in range(length(asgardeo_my_account_login_flow.this.steps)) :
      strcontains(asgardeo_my_account_login_flow.this.script, "executeStep(${i + 1}")
    ])
    error_message = "The script must run each step for somebody."
  }
}
