// The program terraform-provider-asgardeo is started by Terraform or OpenTofu, never by hand.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/provider"
)

// version is set by the release build.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "run so that a debugger such as delve can be attached")
	flag.Parse()

	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: "registry.terraform.io/asgardeo/asgardeo",
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}
