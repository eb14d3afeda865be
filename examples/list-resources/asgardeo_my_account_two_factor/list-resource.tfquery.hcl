list "asgardeo_my_account_two_factor" "all" {
  provider = asgardeo

  config {
    organizations = ["bifrost"]
  }
}
