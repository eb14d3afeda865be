package provider_test

import (
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// TestAccCLI_warnings reads the warnings as people do. Terraform folds warnings with equal summaries into one, so each
// must name its organization.
func TestAccCLI_warnings(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		names := []string{"asgard", "bifrost", "midgard"}
		server := providertest.StartAccServerIn(t, at, mockserver.WithOrganization(names...))
		credentials := ""
		for _, name := range names {
			credentials += name + ` = { client_id = "` + mockserver.DefaultClientID + `", client_secret = "` +
				mockserver.DefaultClientSecret + "\" }\n"
		}
		config := func(totp string) string {
			return `
			provider "asgardeo" {
				credentials = {
					` + credentials + `
				}
			}
			resource "asgardeo_my_account_portal" "this" {
				for_each     = toset(["asgard", "bifrost", "midgard"])
				organization = each.key
				enabled      = false
			}
			resource "asgardeo_my_account_two_factor" "this" {
				for_each          = toset(["asgard", "bifrost", "midgard"])
				organization      = each.key
				email_otp_enabled = false
				totp_enabled      = ` + totp + `
			}`
		}
		emailOn := server.Storing(
			"asgard/myaccount-2FA-config email_otp_enabled=true", "bifrost/myaccount-2FA-config email_otp_enabled=true",
			"midgard/myaccount-2FA-config email_otp_enabled=true",
		)
		emailOn()
		c := providertest.NewCLI(t, server, config("false"))

		each := func(output providertest.CLIOutput, summary string, details ...string) {
			t.Helper()
			for _, name := range names {
				output.Has(t, "Warning: "+strings.ReplaceAll(summary, "ORGANIZATION", name))
			}
			output.Has(t, details...)
			output.Lacks(t, "more similar warning")
		}
		planned := c.Plan(2, "-out", "create.tfplan")
		each(planned, `Taking over the My Account portal of "ORGANIZATION"`, "enabled: true -> false",
			"terraform import <address> asgard")
		each(planned, `Taking over the two-factor settings of "ORGANIZATION"`, "email_otp_enabled: true -> false")
		applied := c.ApplySaved("create.tfplan")
		each(applied, `Taking over the My Account portal of "ORGANIZATION"`)
		each(applied, `Taking over the two-factor settings of "ORGANIZATION"`)

		c.Plan(0).Lacks(t, "Warning")

		c.Configure(config("true"))
		c.Plan(2, "-out", "update.tfplan").Lacks(t, "Warning")
		emailOn()
		updated := c.ApplySaved("update.tfplan")
		each(updated, `The two-factor settings of "ORGANIZATION" changed outside Terraform`,
			"email_otp_enabled: true -> false")
		updated.Lacks(t, "My Account portal of") // nothing has happened to it

		destroyed := c.Destroy()
		each(destroyed, `Destroying the My Account portal of "ORGANIZATION"`, `on_destroy = "restore" changes these settings`,
			"enabled: false -> true")
		each(destroyed, `Destroying the two-factor settings of "ORGANIZATION"`, "email_otp_enabled: false -> true",
			"totp_enabled: true -> false")
	})
}
