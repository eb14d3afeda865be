list "asgardeo_my_account_portal" "all" {
  provider = asgardeo

  config {
    organizations = ["bifrost"]
  }
}
