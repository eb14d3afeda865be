package provider_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// A destruction is announced value by value, also where nobody has called for one by "destroy".

// TestAccCLI_removed lets resources leave the configuration by blocks that destroy them.
func TestAccCLI_removed(t *testing.T) {
	t.Parallel()
	providertest.NeedsRemovedBlocks(t)
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		found := []string{
			"bifrost/myaccount-2FA-config email_otp_enabled=false totp_enabled=true", "bifrost/status enable=true",
		}
		server.Stores(found...)
		c := providertest.NewCLI(t, server, cliBoth)
		c.Apply()
		server.Holds("bifrost/myaccount-2FA-config email_otp_enabled=true totp_enabled=false", "bifrost/status enable=false")

		c.Configure(`
		removed {
			from = asgardeo_my_account_portal.this
			lifecycle {
				destroy = true
			}
		}
		removed {
			from = asgardeo_my_account_two_factor.this
			lifecycle {
				destroy = true
			}
		}`)
		c.Plan(2, "-out", "removed.tfplan").Has(t, "Plan: 0 to add, 0 to change, 2 to destroy",
			`Destroying the My Account portal of "bifrost"`, "enabled: false -> true",
			`Destroying the two-factor settings of "bifrost"`, "email_otp_enabled: true -> false", "totp_enabled: false -> true")
		server.ClearRequests()
		c.ApplySaved("removed.tfplan")
		server.Holds(found...)
		c.Plan(0).Lacks(t, "Warning")
	})
}

// TestAccCLI_changedOrganization moves resources to another organization: the plan says what that does to either.
func TestAccCLI_changedOrganization(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at, mockserver.WithOrganization("asgard", "bifrost"))
		server.Stores("bifrost/myaccount-2FA-config totp_enabled=false", "asgard/myaccount-2FA-config totp_enabled=false",
			"bifrost/status enable=true")
		credentials := `{ client_id = "` + mockserver.DefaultClientID + `", client_secret = "` +
			mockserver.DefaultClientSecret + `" }`
		config := func(organization string) string {
			return `
			provider "asgardeo" {
				credentials = { asgard = ` + credentials + `, bifrost = ` + credentials + ` }
			}
			resource "asgardeo_my_account_portal" "this" {
				organization = "` + organization + `"
				enabled      = false
			}
			resource "asgardeo_my_account_two_factor" "this" {
				organization = "` + organization + `"
				totp_enabled = true
			}`
		}
		c := providertest.NewCLI(t, server, config("bifrost"))
		c.Apply()
		c.Configure(config("asgard"))
		c.Plan(2, "-out",
			"move.tfplan").Has(t, "Plan: 2 to add, 0 to change, 2 to destroy", `"bifrost" -> "asgard" # forces replacement`,
			`Destroying the My Account portal of "bifrost"`, "enabled: false -> true",
			`Destroying the two-factor settings of "bifrost"`, "totp_enabled: true -> false",
			`Taking over the My Account portal of "asgard"`, "enabled: true -> false",
			`Taking over the two-factor settings of "asgard"`, "totp_enabled: false -> true")
		server.ClearRequests()
		c.ApplySaved("move.tfplan")
		server.Holds("bifrost/myaccount-2FA-config totp_enabled=false", "bifrost/status enable=true",
			"asgard/myaccount-2FA-config totp_enabled=true", "asgard/status enable=false")
		c.Plan(0)
	})
}

// TestAccCLI_replacedInPlace replaces resources by force and because they are tainted: users never meet what was there
// before Terraform in between, and destroying the new ones still brings it back.
func TestAccCLI_replacedInPlace(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		found := []string{
			"bifrost/myaccount-2FA-config email_otp_enabled=false totp_enabled=true", "bifrost/status enable=true",
		}
		server.Stores(found...)
		c := providertest.NewCLI(t, server, cliBoth)
		c.Apply()
		replaced := []string{"-replace", "asgardeo_my_account_portal.this", "-replace", "asgardeo_my_account_two_factor.this"}
		c.Plan(2, append(replaced, "-out", "replace.tfplan")...).Has(t, "2 to add, 0 to change, 2 to destroy")
		server.ClearRequests()
		c.ApplySaved("replace.tfplan")
		wantReadsOnly(t, server)

		for _, address := range []string{"asgardeo_my_account_portal.this", "asgardeo_my_account_two_factor.this"} {
			c.Run(0, "taint", address)
		}
		c.Plan(2, "-out", "tainted.tfplan").Has(t, "is tainted, so", "2 to add, 0 to change, 2 to destroy")
		server.ClearRequests()
		c.ApplySaved("tainted.tfplan")
		wantReadsOnly(t, server)
		c.Plan(0)

		c.Run(0, "destroy", "-auto-approve", "-input=false")
		server.Holds(found...)
	})
}

// TestAccCLI_provisionerThatFails taints a new resource. The next apply replaces it, and what was there before
// Terraform is still known.
func TestAccCLI_provisionerThatFails(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		const found = "bifrost/myaccount-2FA-config totp_enabled=false"
		server.Stores(found)
		const config = `
		provider "asgardeo" {}
		resource "asgardeo_my_account_two_factor" "this" {
			totp_enabled = true
			%s
		}`
		c := providertest.NewCLI(t, server, fmt.Sprintf(config, `provisioner "local-exec" { command = "exit 1" }`))
		c.Run(1, "apply", "-auto-approve", "-input=false").Has(t, "local-exec provisioner error")
		c.Configure(fmt.Sprintf(config, ""))
		c.Apply()
		c.Plan(0)
		c.Run(0, "destroy", "-auto-approve", "-input=false")
		server.Holds(found)
	})
}

// wantReadsOnly insists that nothing was written since the last look.
func wantReadsOnly(t *testing.T, server *providertest.AccServer) {
	t.Helper()
	for _, request := range server.Requests() {
		if request.Method == http.MethodPut || request.Method == http.MethodPatch {
			t.Errorf("written: %s %s", request.Method, request.Path)
		}
	}
}
