package session_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

const dataSources = `
	data "asgardeo_my_account_portal" "this" {}
	data "asgardeo_my_account_two_factor" "this" {}
`

func TestAccDataSources_live(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at, mockserver.WithOrganization("bifrost", "asgard"))
		none := map[string]any{
			"organization": "bifrost", "email_otp_enabled": false, "sms_otp_enabled": false, "totp_enabled": false,
			"totp_enrollment_enabled": false, "backup_codes_enabled": false,
		}
		if at.String() == "application" {
			none["totp_enrollment_enabled"] = nil // it has no value of its own where TOTP is off
		}
		server.Run(nil,
			resource.TestStep{ // nothing stored: the defaults hold
				Config: server.Config(dataSources),
				ConfigStateChecks: append(
					providertest.Saving("data.asgardeo_my_account_portal.this", map[string]any{
						"organization": "bifrost", "enabled": true, "url": server.URL() + "/t/bifrost/myaccount",
					}),
					providertest.Saving("data.asgardeo_my_account_two_factor.this", none)...,
				),
				PostApplyFunc: server.Writing(),
			},
			resource.TestStep{
				PreConfig: server.Storing(
					"bifrost/status enable=false",
					"bifrost/myaccount-2FA-config backup_code_enabled=true email_otp_enabled=TRUE sms_otp_enabled=true "+
						"totp_enabled=true",
					"bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=True",
				),
				Config: server.Config(dataSources),
				ConfigStateChecks: append(
					providertest.Saving("data.asgardeo_my_account_portal.this", map[string]any{"enabled": false}),
					providertest.Saving("data.asgardeo_my_account_two_factor.this", map[string]any{
						"email_otp_enabled": true, "sms_otp_enabled": true, "totp_enabled": true,
						"totp_enrollment_enabled": true, "backup_codes_enabled": true,
					})...,
				),
				PostApplyFunc: server.Writing(),
			},
			resource.TestStep{ // another organization than the provider's
				Config: server.ConfigWith(`
				organization = "bifrost"
				credentials  = { asgard = {
client_id     = "`+mockserver.DefaultClientID+`"
client_secret = "`+mockserver.DefaultClientSecret+`"
} }
				client_id     = "`+mockserver.DefaultClientID+`"
				client_secret = "`+mockserver.DefaultClientSecret+`"`, `
				data "asgardeo_my_account_portal" "this" {
					organization = "asgard"
				}`),
				ConfigStateChecks: providertest.Saving("data.asgardeo_my_account_portal.this", map[string]any{
					"organization": "asgard", "enabled": true, "url": server.URL() + "/t/asgard/myaccount",
				}),
			},
			resource.TestStep{
				Config: server.Config(`
				data "asgardeo_my_account_two_factor" "this" {
					organization = "midgard"
				}`),
				ExpectError: providertest.Failing("Unable to sign in", `no credentials for organization "midgard"`),
			},
		)
	})
}

func TestAccDataSources_afterResources(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		config := func(on string) string {
			return server.Config(`
			resource "asgardeo_my_account_portal" "this" {
				enabled = ` + on + `
			}
			resource "asgardeo_my_account_two_factor" "this" {
				email_otp_enabled = ` + on + `
			}
			data "asgardeo_my_account_portal" "this" {
				depends_on = [asgardeo_my_account_portal.this]
			}
			data "asgardeo_my_account_two_factor" "this" {
				organization = asgardeo_my_account_two_factor.this.organization
				depends_on   = [asgardeo_my_account_two_factor.this]
			}
			output "seen" {
				value = [data.asgardeo_my_account_portal.this.enabled, data.asgardeo_my_account_two_factor.this.email_otp_enabled]
			}`)
		}
		seen := func(on bool) resource.TestStep {
			text := map[bool]string{true: "true", false: "false"}[on]
			return resource.TestStep{
				Config: config(text),
				// Read after the write, although the plan had read something else.
				ConfigStateChecks: append(
					providertest.Saving("data.asgardeo_my_account_portal.this", map[string]any{"enabled": on}),
					providertest.Saving("data.asgardeo_my_account_two_factor.this", map[string]any{"email_otp_enabled": on})...,
				),
				PostApplyFunc: server.Holding("bifrost/myaccount-2FA-config email_otp_enabled="+text,
					"bifrost/status enable="+text),
			}
		}
		server.Stores("bifrost/myaccount-2FA-config email_otp_enabled=true", "bifrost/status enable=true")
		server.Run(nil, seen(false), seen(true))
	})
}
