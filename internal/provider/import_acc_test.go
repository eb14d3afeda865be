package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

// Import by command and by block, of resources that exist in the state already, is a step of the resources' life
// cycles.

func TestAccImport_commandIntoPartialConfiguration(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at)
		server.stores("bifrost/myaccount-2FA-config email_otp_enabled=true totp_enabled=true", "bifrost/status enable=false")
		config := server.config(`
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
		server.run(
			// What was found at the import is what destroy restores.
			also(server.writing("bifrost/myaccount-2FA-config email_otp_enabled=true totp_enabled=true"),
				server.holding("bifrost/myaccount-2FA-config email_otp_enabled=true totp_enabled=true",
					"bifrost/status enable=false")),
			imported(portalAddress),
			imported(twoFactorAddress),
			resource.TestStep{
				Config:           config,
				ConfigPlanChecks: planning(twoFactorAddress, plancheck.ResourceActionUpdate),
				ConfigStateChecks: saving(twoFactorAddress, map[string]any{
					"email_otp_enabled": true, "totp_enabled": nil, "sms_otp_enabled": nil, "totp_enrollment_enabled": nil,
					"backup_codes_enabled": nil,
				}),
				PostApplyFunc: server.writing(),
			},
			resource.TestStep{
				Config: server.config(`
				resource "asgardeo_my_account_portal" "this" {
					enabled = false
				}
				resource "asgardeo_my_account_two_factor" "this" {
					email_otp_enabled = false
				}`),
				PostApplyFunc: server.writing("bifrost/myaccount-2FA-config email_otp_enabled=false totp_enabled=true"),
			},
		)
	})
}

func TestAccImport_blockIntoDifferentConfiguration(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at)
		server.stores("bifrost/myaccount-2FA-config email_otp_enabled=true totp_enabled=true")
		server.run(
			server.holding("bifrost/myaccount-2FA-config email_otp_enabled=true totp_enabled=true",
				"bifrost/status enable=true"),
			resource.TestStep{
				Config: server.config(`
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
					plancheck.ExpectResourceAction(portalAddress, plancheck.ResourceActionUpdate),
					plancheck.ExpectResourceAction(twoFactorAddress, plancheck.ResourceActionUpdate),
				}},
				ConfigStateChecks: saving(twoFactorAddress, map[string]any{"email_otp_enabled": true, "totp_enabled": false,
					"backup_codes_enabled": nil}),
				PostApplyFunc: server.holding(
					"bifrost/myaccount-2FA-config email_otp_enabled=true totp_enabled=false", "bifrost/status enable=false",
				),
			},
		)
	})
}

func TestAccImport_generatedConfiguration(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		for name, address := range map[string]string{"portal": portalAddress, "two factors": twoFactorAddress} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				server := startAccServerIn(t, at)
				server.stores("bifrost/status enable=false", "bifrost/myaccount-2FA-config totp_enabled=true")
				server.run(nil, resource.TestStep{ // insists that nothing would change
					Config:          server.config(""),
					ResourceName:    address,
					ImportState:     true,
					ImportStateKind: resource.ImportBlockWithID,
					ImportStateId:   "bifrost",
					GenerateConfig:  true,
				})
				server.wrote()
			})
		}
	})
}

func TestAccImport_badID(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at)
		refused := func(id string, texts ...string) resource.TestStep {
			return resource.TestStep{
				Config: server.portal(`enabled = true`), ResourceName: portalAddress,
				ImportState: true, ImportStateId: id, ExpectError: failing(texts...),
			}
		}
		server.run(nil,
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
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at)
		config := server.configWith(`client_id = "id"
		client_secret = "secret"`, `resource "asgardeo_my_account_portal" "this" {
			organization = "asgard"
			enabled      = true
		}`)
		server.run(nil, resource.TestStep{
			Config: config, ResourceName: portalAddress, ImportState: true, ImportStateId: "asgard",
			ExpectError: failing("Unable to read the My Account portal", `knows no organization "asgard"`, "region or base_url"),
		})
	})
}

// Identities need Terraform 1.12 or OpenTofu 1.12.
var identityVersions = []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)}

func TestAccIdentity_portal(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at)
		testIdentity(t, server, portalAddress, server.portal(`enabled = false`))
	})
}

func TestAccIdentity_twoFactor(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at)
		testIdentity(t, server, twoFactorAddress, server.twoFactor(flagsOf(map[string]bool{
			"email_otp_enabled": true, "sms_otp_enabled": false, "totp_enabled": true, "totp_enrollment_enabled": false,
			"backup_codes_enabled": true,
		})))
	})
}

func testIdentity(t *testing.T, server *accServer, address, config string) {
	t.Helper()
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: accProviders(t),
		TerraformVersionChecks:   identityVersions,
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
			{Config: config, PostApplyFunc: server.writing()},
		},
	})
}
