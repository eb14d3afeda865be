# The import ID is the organization's name.
terraform import asgardeo_my_account_login_flow.this bifrost
