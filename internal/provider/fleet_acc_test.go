package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// TestAccFleet_credentials serves several organizations, each with an application of its own, from one provider block.
func TestAccFleet_credentials(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		organizations := map[string]*mockserver.Organization{}
		var credentials []string
		for _, name := range []string{"asgard", "bifrost", "midgard"} {
			organizations[name] = &mockserver.Organization{ClientID: name + "-client", ClientSecret: name + ":s3cret/+%&="}
			credentials = append(credentials,
				fmt.Sprintf("%s = { client_id = %q, client_secret = %q }", name, name+"-client", name+":s3cret/+%&="))
		}
		server := providertest.StartAccServerIn(t, at, mockserver.WithState(mockserver.State{Organizations: organizations}))
		server.Stores("midgard/status enable=false", "midgard/myaccount-2FA-config passkey_enabled=true")
		provider := "credentials = {\n" + strings.Join(credentials, "\n") + "\n}"
		fleet := func(names ...string) string {
			return server.ConfigWith(provider, fmt.Sprintf(`
			locals {
				organizations = toset(["%s"])
			}
			resource "asgardeo_my_account_portal" "this" {
				for_each     = local.organizations
				organization = each.key
				enabled      = each.key != "bifrost"
			}
			resource "asgardeo_my_account_two_factor" "this" {
				for_each     = local.organizations
				organization = each.key
				totp_enabled = true
			}`, strings.Join(names, `", "`)))
		}
		server.Run(nil,
			resource.TestStep{
				Config: fleet("asgard", "bifrost"),
				ConfigStateChecks: append(
					providertest.Saving(`asgardeo_my_account_portal.this["asgard"]`,
						map[string]any{"organization": "asgard", "url": server.URL() + "/t/asgard/myaccount"}),
					providertest.Saving(`asgardeo_my_account_portal.this["bifrost"]`,
						map[string]any{"organization": "bifrost", "url": server.URL() + "/t/bifrost/myaccount"})...,
				),
				PostApplyFunc: server.Holding(
					"asgard/myaccount-2FA-config totp_enabled=true",
					"bifrost/myaccount-2FA-config totp_enabled=true", "bifrost/status enable=false",
					"midgard/myaccount-2FA-config passkey_enabled=true", "midgard/status enable=false",
				),
			},
			resource.TestStep{ // one leaves and gets back what it had, one joins
				Config: fleet("bifrost", "midgard"),
				PostApplyFunc: server.Holding(
					"asgard/myaccount-2FA-config totp_enabled=false",
					"bifrost/myaccount-2FA-config totp_enabled=true", "bifrost/status enable=false",
					"midgard/myaccount-2FA-config passkey_enabled=true totp_enabled=true", "midgard/status enable=true",
				),
			},
			resource.TestStep{
				Config: fleet("bifrost", "midgard", "vanaheim"),
				ExpectError: providertest.Failing(
					"Unable to sign in",
					`The provider has no credentials for organization "vanaheim"`,
					`Add an entry "vanaheim"`,
				),
			},
			resource.TestStep{ // the harness itself cannot end with for_each in the state
				Config: server.ConfigWith(provider, ""),
				PostApplyFunc: server.Holding(
					"asgard/myaccount-2FA-config totp_enabled=false",
					"bifrost/myaccount-2FA-config totp_enabled=false", "bifrost/status enable=true",
					"midgard/myaccount-2FA-config passkey_enabled=true totp_enabled=false", "midgard/status enable=false",
				),
			},
		)
		for _, request := range server.Requests() {
			if request.ForeignToken || request.Status >= http.StatusBadRequest && request.Status != http.StatusNotFound {
				t.Errorf("%s %s of %s: status %d, foreign token %t", request.Method, request.Path, request.Organization,
					request.Status, request.ForeignToken)
			}
		}
	})
}
