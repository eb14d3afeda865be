# Sends passcodes through a gateway other than Twilio and Vonage. README.md says how.

terraform {
  required_version = ">= 1.11" # write-only arguments

  required_providers {
    asgardeo = {
      source  = "asgardeo/asgardeo"
      version = "~> 0.1"
    }
  }
}

provider "asgardeo" {}

variable "gateway_token" {
  description = "Bearer token for the gateway. Set TF_VAR_gateway_token."
  type        = string
  sensitive   = true
  ephemeral   = true # never in plan or state
}
