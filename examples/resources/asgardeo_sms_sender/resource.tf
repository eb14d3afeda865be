variable "twilio_auth_token" {
  description = "Auth token of the Twilio account. Set TF_VAR_twilio_auth_token."
  type        = string
  sensitive   = true
  ephemeral   = true
}

# secret_wo never reaches plan or state: Terraform and OpenTofu 1.11 and later.
resource "asgardeo_sms_sender" "this" {
  provider_name     = "Twilio"
  key               = "twilio-account-sid"
  secret_wo         = var.twilio_auth_token
  secret_wo_version = 1 # raise it when the auth token changes
  sender            = "+15550100"
}
