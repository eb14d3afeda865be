package provider

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// The values come from terraform_data here, whose output is known during apply only when its input is new.

func TestAccUnknown_flags(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at)
		config := func(portal, totp, backup bool) string {
			return server.config(fmt.Sprintf(`
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
			plancheck.ExpectUnknownValue(portalAddress, tfjsonpath.New("enabled")),
			plancheck.ExpectUnknownValue(twoFactorAddress, tfjsonpath.New("totp_enabled")),
		}}
		server.run(server.holding("bifrost/myaccount-2FA-config backup_code_enabled=false totp_enabled=false",
			"bifrost/status enable=true"),
			resource.TestStep{ // the rules are judged as soon as the values are known, and before anything is written
				Config:           config(true, false, true),
				ConfigPlanChecks: unknown,
				ExpectError:      failing("backup_codes_enabled needs", "totp_enabled = true"),
			},
			resource.TestStep{
				PreConfig: server.holding(),
				Config:    config(false, true, true),
				PostApplyFunc: server.holding("bifrost/myaccount-2FA-config backup_code_enabled=true totp_enabled=true",
					"bifrost/status enable=false"),
			},
			resource.TestStep{
				PreConfig:        server.ClearRequests,
				Config:           config(true, false, false),
				ConfigPlanChecks: unknown,
				ConfigStateChecks: append(
					saving(portalAddress, map[string]any{"enabled": true}),
					saving(twoFactorAddress, map[string]any{"totp_enabled": false, "backup_codes_enabled": false})...,
				),
				PostApplyFunc: server.holding("bifrost/myaccount-2FA-config backup_code_enabled=false totp_enabled=false",
					"bifrost/status enable=true"),
			},
		)
	})
}

func TestAccUnknown_providerOrganization(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at, mockserver.WithOrganization("bifrost", "asgard"))
		config := func(organization string) string {
			client := fmt.Sprintf("{ client_id = %q, client_secret = %q }", mockserver.DefaultClientID,
				mockserver.DefaultClientSecret)
			return server.configWith(fmt.Sprintf(`
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
		server.run(
			server.holding(
				"asgard/myaccount-2FA-config totp_enabled=false", "asgard/status enable=true",
				"bifrost/myaccount-2FA-config totp_enabled=false", "bifrost/status enable=true",
			),
			resource.TestStep{
				Config: config("bifrost"),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(portalAddress, plancheck.ResourceActionCreate),
					plancheck.ExpectUnknownValue(portalAddress, tfjsonpath.New("organization")),
					plancheck.ExpectUnknownValue(portalAddress, tfjsonpath.New("url")),
				}},
				ConfigStateChecks: saving(portalAddress,
					map[string]any{"organization": "bifrost", "url": server.URL() + "/t/bifrost/myaccount"}),
				PostApplyFunc: server.holding("bifrost/myaccount-2FA-config totp_enabled=true", "bifrost/status enable=false"),
			},
			resource.TestStep{ // while the new organization is not known, nothing is torn down in the old one
				Config: config("asgard"),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(portalAddress, plancheck.ResourceActionNoop),
					plancheck.ExpectResourceAction(twoFactorAddress, plancheck.ResourceActionNoop),
				}},
				ExpectNonEmptyPlan: true,
				PostApplyFunc:      server.holding("bifrost/myaccount-2FA-config totp_enabled=true", "bifrost/status enable=false"),
			},
			resource.TestStep{
				Config: config("asgard"),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(portalAddress, plancheck.ResourceActionDestroyBeforeCreate),
					plancheck.ExpectResourceAction(twoFactorAddress, plancheck.ResourceActionDestroyBeforeCreate),
				}},
				PostApplyFunc: server.holding(
					"asgard/myaccount-2FA-config totp_enabled=true", "asgard/status enable=false",
					"bifrost/myaccount-2FA-config totp_enabled=false", "bifrost/status enable=true",
				),
			},
		)
	})
}

func TestAccUnknown_credentials(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at)
		config := func(secret, enabled string) string {
			return server.configWith(fmt.Sprintf(`
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
		server.run(server.writing("bifrost/status enable=true"),
			resource.TestStep{
				Config:           config("first", "false"),
				ConfigPlanChecks: planning(portalAddress, plancheck.ResourceActionCreate),
				PostApplyFunc:    server.writing("bifrost/status enable=false"),
			},
			resource.TestStep{ // the secret is made anew: the plan cannot look, and keeps the state as it is
				Config:           config("second", "false"),
				ConfigPlanChecks: planning(portalAddress, plancheck.ResourceActionNoop),
				PostApplyFunc:    server.writing(),
			},
			resource.TestStep{
				Config:           config("third", "true"),
				ConfigPlanChecks: planning(portalAddress, plancheck.ResourceActionUpdate),
				PostApplyFunc:    server.writing("bifrost/status enable=true"),
			},
			resource.TestStep{
				Config:        config("third", "false"),
				PostApplyFunc: server.writing("bifrost/status enable=false"),
			},
		)
	})
}
