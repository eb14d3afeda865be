# A conditional script in a file of its own. README.md says how.

terraform {
  required_providers {
    asgardeo = {
      source  = "asgardeo/asgardeo"
      version = "~> 0.1"
    }
  }
}

provider "asgardeo" {}

resource "asgardeo_my_account_login_flow" "this" {
  steps = [
    { options = [{ authenticator = "BasicAuthenticator" }] },
    {
      options = [
        { authenticator = "totp" },
        { authenticator = "backup-code-authenticator" },
      ]
    },
  ]

  script = file("${path.module}/my-account.js")
}
