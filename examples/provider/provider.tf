terraform {
  required_providers {
    asgardeo = {
      source  = "asgardeo/asgardeo"
      version = "~> 0.1"
    }
  }
}

# client_id and client_secret come from ASGARDEO_CLIENT_ID and ASGARDEO_CLIENT_SECRET.
provider "asgardeo" {
  organization = "bifrost"
}
