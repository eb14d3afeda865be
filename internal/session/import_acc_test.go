package session_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Import by command and by block, of resources that exist in the state already, is a step of the resources' life
// cycles.

func TestAccImport_commandIntoPartialConfiguration(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		server.Stores("bifrost/myaccount-2FA-config email_otp_enabled=true totp_enabled=true", "bifrost/status enable=false")
		config := server.Config(`
		resource "asgardeo_my_account_portal" "this" {
			enabled = false
		}
		resource "asgardeo_my_account_two_factor" "this" {
			email_otp_enabled = true
		}`)
		imported := func(address string) resource.TestStep {
			return resource.TestStep{Config: config, ResourceName: address, ImportState: true, ImportStateId: "bifrost",
				ImportStatePersist: true}
		}
		server.Run(
			// What was found at the import is what destroy restores.
			providertest.AllOf(server.Writing("bifrost/myaccount-2FA-config email_otp_enabled=true totp_enabled=true"),
				server.Holding("bifrost/myaccount-2FA-config email_otp_enabled=true totp_enabled=true",
					"bifrost/status enable=false")),
			imported(providertest.PortalAddress),
			imported(providertest.TwoFactorAddress),
			resource.TestStep{
				Config:           config,
				ConfigPlanChecks: providertest.Planning(providertest.TwoFactorAddress, plancheck.ResourceActionUpdate),
				ConfigStateChecks: providertest.Saving(providertest.TwoFactorAddress, map[string]any{
					"email_otp_enabled": true, "totp_enabled": nil, "sms_otp_enabled": nil, "totp_enrollment_enabled": nil,
					"backup_codes_enabled": nil,
				}),
				PostApplyFunc: server.Writing(),
			},
			resource.TestStep{
				Config: server.Config(`
				resource "asgardeo_my_account_portal" "this" {
					enabled = false
				}
				resource "asgardeo_my_account_two_factor" "this" {
					email_otp_enabled = false
				}`),
				PostApplyFunc: server.Writing("bifrost/myaccount-2FA-config email_otp_enabled=false totp_enabled=true"),
			},
		)
	})
}

func TestAccImport_blockIntoDifferentConfiguration(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		server.Stores("bifrost/myaccount-2FA-config email_otp_enabled=true totp_enabled=true")
		server.Run(
			server.Holding("bifrost/myaccount-2FA-config email_otp_enabled=true totp_enabled=true",
				"bifrost/status enable=true"),
			resource.TestStep{
				Config: server.Config(`
				import {
					to = asgardeo_my_account_portal.this
					id = "bifrost"
				}
				resource "asgardeo_my_account_portal" "this" {
					enabled = false
				}
				import {
					to = asgardeo_my_account_two_factor.this
					id = "bifrost"
				}
				resource "asgardeo_my_account_two_factor" "this" {
					email_otp_enabled = true
					totp_enabled      = false
				}`),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(providertest.PortalAddress, plancheck.ResourceActionUpdate),
					plancheck.ExpectResourceAction(providertest.TwoFactorAddress, plancheck.ResourceActionUpdate),
				}},
				ConfigStateChecks: providertest.Saving(
					providertest.TwoFactorAddress,
					map[string]any{"email_otp_enabled": true, "totp_enabled": false,
						"backup_codes_enabled": nil},
				),
				PostApplyFunc: server.Holding(
					"bifrost/myaccount-2FA-config email_otp_enabled=true totp_enabled=false", "bifrost/status enable=false",
				),
			},
		)
	})
}

func TestAccImport_generatedConfiguration(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		for name, address := range map[string]string{
			"portal": providertest.PortalAddress, "two factors": providertest.TwoFactorAddress,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				server := providertest.StartAccServerIn(t, at)
				server.Stores("bifrost/status enable=false", "bifrost/myaccount-2FA-config totp_enabled=true")
				server.Run(nil, resource.TestStep{ // insists that nothing would change
					Config:          server.Config(""),
					ResourceName:    address,
					ImportState:     true,
					ImportStateKind: resource.ImportBlockWithID,
					ImportStateId:   "bifrost",
					GenerateConfig:  true,
				})
				server.Wrote()
			})
		}
	})
}

func TestAccImport_badID(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		refused := func(id string, texts ...string) resource.TestStep {
			return resource.TestStep{
				Config: server.Portal(`enabled = true`), ResourceName: providertest.PortalAddress,
				ImportState: true, ImportStateId: id, ExpectError: providertest.Failing(texts...),
			}
		}
		server.Run(nil,
			refused("bifrost/status", "Invalid import ID", "is not the name of an organization"),
			refused("https://console.asgardeo.io/t/bifrost", "Invalid import ID", `that name alone: write "bifrost"`),
			refused("Bifrost", "Invalid import ID", `write "bifrost"`),
			// The credentials are the provider's organization's, and nobody else's.
			refused("asgard", `The provider has no credentials for organization "asgard"`, `Add an entry "asgard"`),
		)
	})
}

func TestAccImport_unknownOrganization(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		config := server.ConfigWith(`client_id = "id"
		client_secret = "secret"`, `resource "asgardeo_my_account_portal" "this" {
			organization = "asgard"
			enabled      = true
		}`)
		server.Run(nil, resource.TestStep{
			Config: config, ResourceName: providertest.PortalAddress, ImportState: true, ImportStateId: "asgard",
			ExpectError: providertest.Failing(
				"Unable to read the My Account portal",
				`knows no organization "asgard"`,
				"region or base_url",
			),
		})
	})
}

func TestAccIdentity_portal(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		testIdentity(t, server, providertest.PortalAddress, server.Portal(`enabled = false`))
	})
}

func TestAccIdentity_twoFactor(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		testIdentity(t, server, providertest.TwoFactorAddress, server.TwoFactor(providertest.FlagArguments(map[string]bool{
			"email_otp_enabled": true, "sms_otp_enabled": false, "totp_enabled": true, "totp_enrollment_enabled": false,
			"backup_codes_enabled": true,
		})))
	})
}

func testIdentity(t *testing.T, server *providertest.AccServer, address, config string) {
	t.Helper()
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: providertest.AccProviders(t),
		TerraformVersionChecks:   providertest.IdentityVersions,
		Steps: []resource.TestStep{
			{
				Config: config,
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectIdentity(address, map[string]knownvalue.Check{
					"organization": knownvalue.StringExact("bifrost"),
				})},
			},
			{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
			{ // an empty identity is that of the provider's organization
				PreConfig:              server.ClearRequests,
				Config:                 config + "\nimport {\n to = " + address + "\n identity = {}\n}",
				ResourceName:           address,
				ImportState:            true,
				ImportStateKind:        resource.ImportBlockWithResourceIdentity,
				ImportStateConfigExact: true,
			},
			{Config: config, PostApplyFunc: server.Writing()},
		},
	})
}
