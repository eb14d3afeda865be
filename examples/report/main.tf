# Reports everything that the provider reads of an organization, and changes nothing. README.md says how.

terraform {
  required_version = ">= 1.0"

  required_providers {
    asgardeo = {
      source  = "asgardeo/asgardeo"
      version = "~> 0.1"
    }
  }
}

variable "organization" {
  description = "Organization to report on. Default: ASGARDEO_ORGANIZATION."
  type        = string
  default     = null
}

variable "region" {
  description = "Asgardeo's region that holds the organization: us or eu. Default: ASGARDEO_REGION, or us."
  type        = string
  default     = null
}

provider "asgardeo" {
  region = var.region
}

data "asgardeo_my_account_portal" "this" {
  organization = var.organization
}

data "asgardeo_my_account_two_factor" "this" {
  organization = var.organization
}

data "asgardeo_my_account_login_flow" "this" {
  organization = var.organization
}

data "asgardeo_sms_sender" "this" {
  organization = var.organization
}

output "portal" {
  description = "The My Account portal."
  value = {
    organization = data.asgardeo_my_account_portal.this.organization
    enabled      = data.asgardeo_my_account_portal.this.enabled
    url          = data.asgardeo_my_account_portal.this.url
    api          = data.asgardeo_my_account_portal.this.api
  }
}

output "two_factor" {
  description = "The second factors, and what goes with them. Null: the organization's own setting decides."
  value = {
    api             = data.asgardeo_my_account_two_factor.this.api
    email_otp       = data.asgardeo_my_account_two_factor.this.email_otp_enabled
    sms_otp         = data.asgardeo_my_account_two_factor.this.sms_otp_enabled
    totp            = data.asgardeo_my_account_two_factor.this.totp_enabled
    totp_enrollment = data.asgardeo_my_account_two_factor.this.totp_enrollment_enabled
    backup_codes    = data.asgardeo_my_account_two_factor.this.backup_codes_enabled
  }
}

output "login_flow" {
  description = "The portal's login flow: who decides, what each step offers, and where the user comes from."
  value = {
    application   = data.asgardeo_my_account_login_flow.this.application_id
    type          = data.asgardeo_my_account_login_flow.this.type
    shape         = data.asgardeo_my_account_login_flow.this.shape
    shared        = data.asgardeo_my_account_login_flow.this.shared
    subject_of    = data.asgardeo_my_account_login_flow.this.subject_step
    attributes_of = data.asgardeo_my_account_login_flow.this.attribute_step
    request_path  = data.asgardeo_my_account_login_flow.this.request_path_authenticators
    has_script    = data.asgardeo_my_account_login_flow.this.script != null
    steps = [for step in data.asgardeo_my_account_login_flow.this.steps : [
      for option in step.options : join("/", compact([option.connection, option.authenticator]))
    ]]
  }
}

output "sms_sender" {
  description = "The SMS sender, without secrets. Null: the organization has none."
  sensitive   = true # the gateway's address may hold a key
  value = {
    name         = data.asgardeo_sms_sender.this.name
    usable       = data.asgardeo_sms_sender.this.usable
    provider     = data.asgardeo_sms_sender.this.provider_name
    sender       = data.asgardeo_sms_sender.this.sender
    url          = data.asgardeo_sms_sender.this.provider_url
    method       = data.asgardeo_sms_sender.this.http_method
    content_type = data.asgardeo_sms_sender.this.content_type
    signs_in = data.asgardeo_sms_sender.this.authentication == null ? null : {
      type           = data.asgardeo_sms_sender.this.authentication.type
      username       = data.asgardeo_sms_sender.this.authentication.username
      header         = data.asgardeo_sms_sender.this.authentication.header
      client_id      = data.asgardeo_sms_sender.this.authentication.client_id
      scopes         = data.asgardeo_sms_sender.this.authentication.scopes
      token_endpoint = data.asgardeo_sms_sender.this.authentication.token_endpoint
    }
  }
}
