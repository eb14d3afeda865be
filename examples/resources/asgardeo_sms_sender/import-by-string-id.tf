import {
  to = asgardeo_sms_sender.this
  id = "bifrost"
}
