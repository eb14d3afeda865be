data "asgardeo_my_account_portal" "this" {}

output "portal" {
  value = data.asgardeo_my_account_portal.this.enabled ? data.asgardeo_my_account_portal.this.url : "The portal is off."
}
