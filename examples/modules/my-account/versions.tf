terraform {
  required_version = ">= 1.11" # write-only arguments

  required_providers {
    asgardeo = {
      source  = "asgardeo/asgardeo"
      version = ">= 0.1"
    }
  }
}
