# Calls the management API with a token that Terraform gets and gives back. README.md says how.

terraform {
  required_version = ">= 1.10" # ephemeral resources

  required_providers {
    asgardeo = {
      source  = "asgardeo/asgardeo"
      version = "~> 0.1"
    }
  }
}

variable "organization" {
  description = "Organization that the token is for. Default: ASGARDEO_ORGANIZATION."
  type        = string
  default     = null
}

provider "asgardeo" {}

ephemeral "asgardeo_access_token" "this" {
  organization = var.organization
  scopes       = ["internal_application_mgt_view"]
  revoke       = true # when Terraform ends, the token does
}

resource "terraform_data" "call" {
  provisioner "local-exec" {
    command = "echo A token until $EXPIRES_AT for $SCOPES" # such as: curl -H "Authorization: Bearer $TOKEN" …
    environment = {
      TOKEN      = ephemeral.asgardeo_access_token.this.access_token
      EXPIRES_AT = ephemeral.asgardeo_access_token.this.expires_at
      SCOPES     = join(" ", ephemeral.asgardeo_access_token.this.granted_scopes)
    }
  }
}
