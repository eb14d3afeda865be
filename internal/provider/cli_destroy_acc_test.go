package provider

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// A destruction is announced value by value, also where nobody has called for one by "destroy".

// TestAccCLI_removed lets resources leave the configuration by blocks that destroy them.
func TestAccCLI_removed(t *testing.T) {
	t.Parallel()
	needsRemovedBlocks(t)
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at)
		found := []string{
			"bifrost/myaccount-2FA-config email_otp_enabled=false totp_enabled=true", "bifrost/status enable=true",
		}
		server.stores(found...)
		c := newCLI(t, server, cliBoth)
		c.apply()
		server.holds("bifrost/myaccount-2FA-config email_otp_enabled=true totp_enabled=false", "bifrost/status enable=false")

		c.configure(`
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
		c.plan(2, "-out", "removed.tfplan").has(t, "Plan: 0 to add, 0 to change, 2 to destroy",
			`Destroying the My Account portal of "bifrost"`, "enabled: false -> true",
			`Destroying the two-factor settings of "bifrost"`, "email_otp_enabled: true -> false", "totp_enabled: false -> true")
		server.ClearRequests()
		c.applySaved("removed.tfplan")
		server.holds(found...)
		c.plan(0).lacks(t, "Warning")
	})
}

// TestAccCLI_changedOrganization moves resources to another organization: the plan says what that does to either.
func TestAccCLI_changedOrganization(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at, mockserver.WithOrganization("asgard", "bifrost"))
		server.stores("bifrost/myaccount-2FA-config totp_enabled=false", "asgard/myaccount-2FA-config totp_enabled=false",
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
		c := newCLI(t, server, config("bifrost"))
		c.apply()
		c.configure(config("asgard"))
		c.plan(2, "-out",
			"move.tfplan").has(t, "Plan: 2 to add, 0 to change, 2 to destroy", `"bifrost" -> "asgard" # forces replacement`,
			`Destroying the My Account portal of "bifrost"`, "enabled: false -> true",
			`Destroying the two-factor settings of "bifrost"`, "totp_enabled: true -> false",
			`Taking over the My Account portal of "asgard"`, "enabled: true -> false",
			`Taking over the two-factor settings of "asgard"`, "totp_enabled: false -> true")
		server.ClearRequests()
		c.applySaved("move.tfplan")
		server.holds("bifrost/myaccount-2FA-config totp_enabled=false", "bifrost/status enable=true",
			"asgard/myaccount-2FA-config totp_enabled=true", "asgard/status enable=false")
		c.plan(0)
	})
}

// TestAccCLI_replacedInPlace replaces resources by force and because they are tainted: users never meet what was there
// before Terraform in between, and destroying the new ones still brings it back.
func TestAccCLI_replacedInPlace(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at)
		found := []string{
			"bifrost/myaccount-2FA-config email_otp_enabled=false totp_enabled=true", "bifrost/status enable=true",
		}
		server.stores(found...)
		c := newCLI(t, server, cliBoth)
		c.apply()
		replaced := []string{"-replace", "asgardeo_my_account_portal.this", "-replace", "asgardeo_my_account_two_factor.this"}
		c.plan(2, append(replaced, "-out", "replace.tfplan")...).has(t, "2 to add, 0 to change, 2 to destroy")
		server.ClearRequests()
		c.applySaved("replace.tfplan")
		wantReadsOnly(t, server)

		for _, address := range []string{"asgardeo_my_account_portal.this", "asgardeo_my_account_two_factor.this"} {
			c.run(0, "taint", address)
		}
		c.plan(2, "-out", "tainted.tfplan").has(t, "is tainted, so", "2 to add, 0 to change, 2 to destroy")
		server.ClearRequests()
		c.applySaved("tainted.tfplan")
		wantReadsOnly(t, server)
		c.plan(0)

		c.run(0, "destroy", "-auto-approve", "-input=false")
		server.holds(found...)
	})
}

// TestAccCLI_provisionerThatFails taints a new resource. The next apply replaces it, and what was there before
// Terraform is still known.
func TestAccCLI_provisionerThatFails(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at)
		const found = "bifrost/myaccount-2FA-config totp_enabled=false"
		server.stores(found)
		const config = `
		provider "asgardeo" {}
		resource "asgardeo_my_account_two_factor" "this" {
			totp_enabled = true
			%s
		}`
		c := newCLI(t, server, fmt.Sprintf(config, `provisioner "local-exec" { command = "exit 1" }`))
		c.run(1, "apply", "-auto-approve", "-input=false").has(t, "local-exec provisioner error")
		c.configure(fmt.Sprintf(config, ""))
		c.apply()
		c.plan(0)
		c.run(0, "destroy", "-auto-approve", "-input=false")
		server.holds(found)
	})
}

// wantReadsOnly insists that nothing was written since the last look.
func wantReadsOnly(t *testing.T, server *accServer) {
	t.Helper()
	for _, request := range server.Requests() {
		if request.Method == http.MethodPut || request.Method == http.MethodPatch {
			t.Errorf("written: %s %s", request.Method, request.Path)
		}
	}
}
