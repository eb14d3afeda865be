terraform {
  required_providers {
    asgardeo = {
      source = "asgardeo/asgardeo"
    }
  }
}
