resource "asgardeo_sms_sender" "this" {
  provider_name = "Custom"
  provider_url  = "https://sms.example.com/v1/messages"
  content_type  = "JSON"
  http_method   = "POST"
  http_headers  = "X-Source: asgardeo"

  # The server fills in the message and the user's number. The placeholders stand without quotes.
  body = "{\"content\": {{body}}, \"to\": {{mobile}}}"

  # The server keeps no secret that a change does not send, so the token stays in the configuration.
  authentication = {
    type                    = "BEARER"
    access_token_wo         = var.gateway_token
    access_token_wo_version = 1 # raise it with every new token
  }
}
