organizations = {
  asgard  = {}
  bifrost = { portal_enabled = false }
  midgard = { second_factors = ["email_otp", "totp"], backup_codes = true }
}
