list "asgardeo_my_account_login_flow" "all" {
  provider = asgardeo

  config {
    organizations = ["bifrost"]
  }
}
