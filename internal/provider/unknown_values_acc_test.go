package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// The values come from terraform_data here, whose output is known during apply only when its input is new.

func TestAccUnknown_flags(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		config := func(portal, totp, backup bool) string {
			return server.Config(fmt.Sprintf(`
			resource "terraform_data" "portal" {
				input = %t
			}
			resource "terraform_data" "totp" {
				input = %t
			}
			resource "asgardeo_my_account_portal" "this" {
				enabled = terraform_data.portal.output
			}
			resource "asgardeo_my_account_two_factor" "this" {
				totp_enabled         = terraform_data.totp.output
				backup_codes_enabled = %t
			}`, portal, totp, backup))
		}
		unknown := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectUnknownValue(providertest.PortalAddress, tfjsonpath.New("enabled")),
			plancheck.ExpectUnknownValue(providertest.TwoFactorAddress, tfjsonpath.New("totp_enabled")),
		}}
		server.Run(server.Holding("bifrost/myaccount-2FA-config backup_code_enabled=false totp_enabled=false",
			"bifrost/status enable=true"),
			resource.TestStep{ // the rules are judged as soon as the values are known, and before anything is written
				Config:           config(true, false, true),
				ConfigPlanChecks: unknown,
				ExpectError:      providertest.Failing("backup_codes_enabled needs", "totp_enabled = true"),
			},
			resource.TestStep{
				PreConfig: server.Holding(),
				Config:    config(false, true, true),
				PostApplyFunc: server.Holding("bifrost/myaccount-2FA-config backup_code_enabled=true totp_enabled=true",
					"bifrost/status enable=false"),
			},
			resource.TestStep{
				PreConfig:        server.ClearRequests,
				Config:           config(true, false, false),
				ConfigPlanChecks: unknown,
				ConfigStateChecks: append(
					providertest.Saving(providertest.PortalAddress, map[string]any{"enabled": true}),
					providertest.Saving(
						providertest.TwoFactorAddress,
						map[string]any{"totp_enabled": false, "backup_codes_enabled": false},
					)...,
				),
				PostApplyFunc: server.Holding("bifrost/myaccount-2FA-config backup_code_enabled=false totp_enabled=false",
					"bifrost/status enable=true"),
			},
		)
	})
}

func TestAccUnknown_providerOrganization(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at, mockserver.WithOrganization("bifrost", "asgard"))
		config := func(organization string) string {
			client := fmt.Sprintf("{ client_id = %q, client_secret = %q }", mockserver.DefaultClientID,
				mockserver.DefaultClientSecret)
			return server.ConfigWith(fmt.Sprintf(`
			organization = terraform_data.organization.output
			credentials  = { asgard = %s, bifrost = %s }`, client, client), fmt.Sprintf(`
			resource "terraform_data" "organization" {
				input = %q
			}
			resource "asgardeo_my_account_portal" "this" {
				enabled    = false
				on_destroy = "reset"
			}
			resource "asgardeo_my_account_two_factor" "this" {
				totp_enabled = true
				on_destroy   = "reset"
			}`, organization))
		}
		server.Run(
			server.Holding(
				"asgard/myaccount-2FA-config totp_enabled=false", "asgard/status enable=true",
				"bifrost/myaccount-2FA-config totp_enabled=false", "bifrost/status enable=true",
			),
			resource.TestStep{
				Config: config("bifrost"),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(providertest.PortalAddress, plancheck.ResourceActionCreate),
					plancheck.ExpectUnknownValue(providertest.PortalAddress, tfjsonpath.New("organization")),
					plancheck.ExpectUnknownValue(providertest.PortalAddress, tfjsonpath.New("url")),
				}},
				ConfigStateChecks: providertest.Saving(providertest.PortalAddress,
					map[string]any{"organization": "bifrost", "url": server.URL() + "/t/bifrost/myaccount"}),
				PostApplyFunc: server.Holding("bifrost/myaccount-2FA-config totp_enabled=true", "bifrost/status enable=false"),
			},
			resource.TestStep{ // while the new organization is not known, nothing is torn down in the old one
				Config: config("asgard"),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(providertest.PortalAddress, plancheck.ResourceActionNoop),
					plancheck.ExpectResourceAction(providertest.TwoFactorAddress, plancheck.ResourceActionNoop),
				}},
				ExpectNonEmptyPlan: true,
				PostApplyFunc:      server.Holding("bifrost/myaccount-2FA-config totp_enabled=true", "bifrost/status enable=false"),
			},
			resource.TestStep{
				Config: config("asgard"),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(providertest.PortalAddress, plancheck.ResourceActionDestroyBeforeCreate),
					plancheck.ExpectResourceAction(providertest.TwoFactorAddress, plancheck.ResourceActionDestroyBeforeCreate),
				}},
				PostApplyFunc: server.Holding(
					"asgard/myaccount-2FA-config totp_enabled=true", "asgard/status enable=false",
					"bifrost/myaccount-2FA-config totp_enabled=false", "bifrost/status enable=true",
				),
			},
		)
	})
}

func TestAccUnknown_credentials(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		config := func(secret, enabled string) string {
			return server.ConfigWith(fmt.Sprintf(`
			organization  = "bifrost"
			client_id     = %q
			client_secret = terraform_data.secret.output`, mockserver.DefaultClientID), fmt.Sprintf(`
			resource "terraform_data" "secret" {
				input            = %q
				triggers_replace = %q
			}
			resource "asgardeo_my_account_portal" "this" {
				enabled = %s
			}`, mockserver.DefaultClientSecret, secret, enabled))
		}
		server.Run(server.Writing("bifrost/status enable=true"),
			resource.TestStep{
				Config:           config("first", "false"),
				ConfigPlanChecks: providertest.Planning(providertest.PortalAddress, plancheck.ResourceActionCreate),
				PostApplyFunc:    server.Writing("bifrost/status enable=false"),
			},
			resource.TestStep{ // the secret is made anew: the plan cannot look, and keeps the state as it is
				Config:           config("second", "false"),
				ConfigPlanChecks: providertest.Planning(providertest.PortalAddress, plancheck.ResourceActionNoop),
				PostApplyFunc:    server.Writing(),
			},
			resource.TestStep{
				Config:           config("third", "true"),
				ConfigPlanChecks: providertest.Planning(providertest.PortalAddress, plancheck.ResourceActionUpdate),
				PostApplyFunc:    server.Writing("bifrost/status enable=true"),
			},
			resource.TestStep{
				Config:        config("third", "false"),
				PostApplyFunc: server.Writing("bifrost/status enable=false"),
			},
		)
	})
}
