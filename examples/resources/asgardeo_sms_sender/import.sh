# The import ID is the organization's name.
terraform import asgardeo_sms_sender.this bifrost
