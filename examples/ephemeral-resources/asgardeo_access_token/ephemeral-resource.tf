ephemeral "asgardeo_access_token" "this" {
  scopes = ["internal_application_mgt_view"]
}

# A value derived from it is ephemeral as well: it fits into provider blocks and write-only arguments.
locals {
  authorization = "Bearer ${ephemeral.asgardeo_access_token.this.access_token}"
}
