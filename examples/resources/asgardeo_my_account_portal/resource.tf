resource "asgardeo_my_account_portal" "this" {
  enabled = true
}

output "portal_url" {
  value = asgardeo_my_account_portal.this.url
}
