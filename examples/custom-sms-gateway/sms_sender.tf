resource "asgardeo_sms_sender" "this" {
  provider_name = "Custom"
  provider_url  = "https://sms.example.com/v1/messages"
  content_type  = "JSON"
  http_method   = "POST"
  http_headers  = "Authorization: Bearer ${var.gateway_token}, X-Source: asgardeo"

  # The server fills in the message and the user's number. The placeholders stand without quotes.
  body = "{\"content\": {{body}}, \"to\": {{mobile}}}"
}
