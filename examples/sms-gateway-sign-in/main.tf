# SMS gateways that want another sign-in than a bearer token, one in each organization. README.md says how.

terraform {
  required_version = ">= 1.11" # write-only arguments

  required_providers {
    asgardeo = {
      source  = "asgardeo/asgardeo"
      version = "~> 0.1"
    }
  }
}

variable "credentials" {
  description = "Client ID and secret of the application in each organization, by the organization's name. Set TF_VAR_credentials."
  type        = map(object({ client_id = string, client_secret = string }))
  sensitive   = true
  ephemeral   = true # reaches neither plan nor state
}

variable "gateway_token" {
  description = "What the gateways know Terraform's organizations by. Set TF_VAR_gateway_token."
  type        = string
  sensitive   = true
  ephemeral   = true
}

provider "asgardeo" {
  credentials = var.credentials
}

locals {
  # The server fills in the message and the user's number. The placeholders stand without quotes.
  body = "{\"content\": {{body}}, \"to\": {{mobile}}}"
}

# A user name and a password, and a header that is a secret, too.
resource "asgardeo_sms_sender" "basic" {
  organization            = "asgard"
  provider_name           = "Custom"
  provider_url            = "https://sms.example.com/v1/messages"
  content_type            = "JSON"
  body                    = local.body
  http_headers_wo         = "X-Tenant-Key: ${var.gateway_token}"
  http_headers_wo_version = 1 # raise it with every new value

  authentication = {
    type                = "BASIC"
    username            = "asgardeo"
    password_wo         = var.gateway_token
    password_wo_version = 1
  }
}

# A key in a header.
resource "asgardeo_sms_sender" "api_key" {
  organization  = "bifrost"
  provider_name = "Custom"
  provider_url  = "https://sms.example.com/v2/messages"
  content_type  = "JSON"
  body          = local.body

  authentication = {
    type             = "API_KEY"
    header           = "X-API-Key"
    value_wo         = var.gateway_token
    value_wo_version = 1
  }
}

# An access token of an OAuth token endpoint, which the server gets when it sends.
resource "asgardeo_sms_sender" "client" {
  organization  = "midgard"
  provider_name = "Custom"
  provider_url  = "https://sms.example.com/v3/messages"
  content_type  = "JSON"
  body          = local.body

  authentication = {
    type                     = "CLIENT_CREDENTIAL"
    client_id                = "asgardeo"
    client_secret_wo         = var.gateway_token
    client_secret_wo_version = 1
    token_endpoint           = "https://login.example.com/oauth2/token"
    scopes                   = "sms.send"
  }
}
