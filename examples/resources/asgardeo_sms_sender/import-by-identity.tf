import {
  to = asgardeo_sms_sender.this
  identity = {
    organization = "bifrost" # may be left out: the provider's organization
  }
}
