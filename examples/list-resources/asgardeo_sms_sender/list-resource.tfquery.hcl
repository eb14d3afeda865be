list "asgardeo_sms_sender" "all" {
  provider = asgardeo

  config {
    organizations = ["bifrost"]
  }
}
