package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

const dataSources = `
	data "asgardeo_my_account_portal" "this" {}
	data "asgardeo_my_account_two_factor" "this" {}
`

func TestAccDataSources_live(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at, mockserver.WithOrganization("bifrost", "asgard"))
		none := map[string]any{
			"organization": "bifrost", "email_otp_enabled": false, "sms_otp_enabled": false, "totp_enabled": false,
			"totp_enrollment_enabled": false, "backup_codes_enabled": false,
		}
		if at.String() == "application" {
			none["totp_enrollment_enabled"] = nil // it has no value of its own where TOTP is off
		}
		server.run(nil,
			resource.TestStep{ // nothing stored: the defaults hold
				Config: server.config(dataSources),
				ConfigStateChecks: append(
					saving("data.asgardeo_my_account_portal.this", map[string]any{
						"organization": "bifrost", "enabled": true, "url": server.URL() + "/t/bifrost/myaccount",
					}),
					saving("data.asgardeo_my_account_two_factor.this", none)...,
				),
				PostApplyFunc: server.writing(),
			},
			resource.TestStep{
				PreConfig: server.storing(
					"bifrost/status enable=false",
					"bifrost/myaccount-2FA-config backup_code_enabled=true email_otp_enabled=TRUE sms_otp_enabled=true "+
						"totp_enabled=true",
					"bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=True",
				),
				Config: server.config(dataSources),
				ConfigStateChecks: append(
					saving("data.asgardeo_my_account_portal.this", map[string]any{"enabled": false}),
					saving("data.asgardeo_my_account_two_factor.this", map[string]any{
						"email_otp_enabled": true, "sms_otp_enabled": true, "totp_enabled": true,
						"totp_enrollment_enabled": true, "backup_codes_enabled": true,
					})...,
				),
				PostApplyFunc: server.writing(),
			},
			resource.TestStep{ // another organization than the provider's
				Config: server.configWith(`
				organization = "bifrost"
				credentials = {
					asgard = { client_id = "`+mockserver.DefaultClientID+`", client_secret = "`+mockserver.DefaultClientSecret+`" }
				}
				client_id     = "`+mockserver.DefaultClientID+`"
				client_secret = "`+mockserver.DefaultClientSecret+`"`, `
				data "asgardeo_my_account_portal" "this" {
					organization = "asgard"
				}`),
				ConfigStateChecks: saving("data.asgardeo_my_account_portal.this", map[string]any{
					"organization": "asgard", "enabled": true, "url": server.URL() + "/t/asgard/myaccount",
				}),
			},
			resource.TestStep{
				Config: server.config(`
				data "asgardeo_my_account_two_factor" "this" {
					organization = "midgard"
				}`),
				ExpectError: failing("Unable to sign in", `no credentials for organization "midgard"`),
			},
		)
	})
}

func TestAccDataSources_afterResources(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at)
		config := func(on string) string {
			return server.config(`
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
					saving("data.asgardeo_my_account_portal.this", map[string]any{"enabled": on}),
					saving("data.asgardeo_my_account_two_factor.this", map[string]any{"email_otp_enabled": on})...,
				),
				PostApplyFunc: server.holding("bifrost/myaccount-2FA-config email_otp_enabled="+text,
					"bifrost/status enable="+text),
			}
		}
		server.stores("bifrost/myaccount-2FA-config email_otp_enabled=true", "bifrost/status enable=true")
		server.run(nil, seen(false), seen(true))
	})
}
