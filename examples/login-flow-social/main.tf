# Users sign in with a password or at Google; a passcode follows in either case. README.md says how.

terraform {
  required_providers {
    asgardeo = {
      source  = "asgardeo/asgardeo"
      version = "~> 0.1"
    }
  }
}

provider "asgardeo" {}

variable "connection" {
  description = "Name of the connection to Google, as in the Console under Connections."
  type        = string
  default     = "Google"
}

resource "asgardeo_my_account_login_flow" "this" {
  steps = [
    {
      options = [
        { authenticator = "BasicAuthenticator" },
        { authenticator = "GoogleOIDCAuthenticator", connection = var.connection },
      ]
    },
    {
      options = [{ authenticator = "totp" }]
    },
  ]
}
