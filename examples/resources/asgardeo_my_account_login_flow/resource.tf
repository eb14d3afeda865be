# A password, then a passcode: what users go through, in this order.
resource "asgardeo_my_account_login_flow" "this" {
  steps = [
    {
      options = [{ authenticator = "BasicAuthenticator" }]
    },
    {
      options = [
        { authenticator = "totp" },
        { authenticator = "email-otp-authenticator" },
        { authenticator = "backup-code-authenticator" },
      ]
    },
  ]
}
