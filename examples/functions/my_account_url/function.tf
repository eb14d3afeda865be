output "portal_us" {
  value = provider::asgardeo::my_account_url("bifrost") # https://myaccount.asgardeo.io/t/bifrost
}

output "portal_eu" {
  value = provider::asgardeo::my_account_url("bifrost", "eu") # https://myaccount.eu.asgardeo.io/t/bifrost
}
