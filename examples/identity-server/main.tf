# The portal of a WSO2 Identity Server, with an SMS sender and limits of its own. README.md says how.

terraform {
  required_version = ">= 1.11" # write-only arguments

  required_providers {
    asgardeo = {
      source  = "asgardeo/asgardeo"
      version = "~> 0.1"
    }
  }
}

variable "base_url" {
  description = "Address of the server, such as https://is.example.com:9443. Default: ASGARDEO_BASE_URL."
  type        = string
  default     = null
}

variable "ca_certificate" {
  description = "File with the certificate authority that has signed the server's certificate. Default: the system's."
  type        = string
  default     = null
}

variable "client_id" {
  description = "Client ID of the application that Terraform signs in with. Default: ASGARDEO_CLIENT_ID."
  type        = string
  default     = null
}

variable "client_private_key" {
  description = "Private key of that application, instead of a secret. Set TF_VAR_client_private_key."
  type        = string
  sensitive   = true
  ephemeral   = true # never in plan or state
  default     = null
}

variable "twilio_account_sid" {
  description = "Account SID of the Twilio account. Set TF_VAR_twilio_account_sid."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "twilio_auth_token" {
  description = "Auth token of the Twilio account. Set TF_VAR_twilio_auth_token."
  type        = string
  sensitive   = true
  ephemeral   = true
}

provider "asgardeo" {
  base_url           = var.base_url
  ca_certificate     = var.ca_certificate
  client_id          = var.client_id
  client_private_key = var.client_private_key
  my_account_api     = "application" # the default; "classic" for a server of 2024 or before

  # A server of one's own may bear more, or less, than Asgardeo's.
  requests_per_minute = 600
  request_timeout     = "20s"
  max_retries         = 3

  skip_sms_sender_check = false # true where Terraform's application may not see SMS senders
}

resource "asgardeo_my_account_portal" "this" {
  enabled = true

  timeouts {
    create = "5m"
    read   = "2m"
    update = "5m"
    delete = "5m"
  }
}

resource "asgardeo_my_account_two_factor" "this" {
  sms_otp_enabled = true
  sms_sender      = asgardeo_sms_sender.this.name
}

resource "asgardeo_sms_sender" "this" {
  provider_name     = "Twilio"
  key_wo            = var.twilio_account_sid
  key_wo_version    = 1 # raise it with another account
  secret_wo         = var.twilio_auth_token
  secret_wo_version = 1 # raise it when the auth token changes
  sender            = "+15550100"
  on_destroy        = "delete" # the default; "keep" leaves it in the organization
}

output "kept_in" {
  description = "Where the server keeps the settings."
  value       = distinct([asgardeo_my_account_portal.this.api, asgardeo_my_account_two_factor.this.api])
}
