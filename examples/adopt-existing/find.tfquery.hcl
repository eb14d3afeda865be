list "asgardeo_my_account_portal" "found" {
  provider = asgardeo

  config {
    organization = var.organization
  }
}

list "asgardeo_my_account_two_factor" "found" {
  provider = asgardeo

  config {
    organization = var.organization
  }
}

list "asgardeo_my_account_login_flow" "found" {
  provider = asgardeo

  config {
    organization = var.organization
  }
}

list "asgardeo_sms_sender" "found" {
  provider = asgardeo

  config {
    organization = var.organization
  }
}
