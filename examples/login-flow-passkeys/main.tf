# Users sign in with a passkey, or with a password and a passcode. README.md says how.

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
    # Who somebody is, before the choice.
    { options = [{ authenticator = "IdentifierExecutor" }] },
    # A passkey is two factors in one.
    {
      options = [
        { authenticator = "FIDOAuthenticator" },
        { authenticator = "BasicAuthenticator" },
      ]
    },
    # Run only after a password: see the script.
    {
      options = [
        { authenticator = "totp" },
        { authenticator = "email-otp-authenticator" },
      ]
    },
  ]

  # The authenticator that a user has chosen in step 2 is known once that step is done.
  script = <<-EOT
    var onLoginRequest = function(context) {
        executeStep(1);
        executeStep(2, {
            onSuccess: function(context) {
                if (context.steps[2].authenticator !== "FIDOAuthenticator") {
                    executeStep(3);
                }
            }
        });
    };
  EOT
}
