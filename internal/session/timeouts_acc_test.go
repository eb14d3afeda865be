package session_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// TestAccTimeouts_turnsOutBad: CLIs validate again before they apply, so a bad limit that was not known in the plan
// stops the create before anything is written.
func TestAccTimeouts_turnsOutBad(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		server.Run(server.Holding(), resource.TestStep{
			Config: server.Config(`
			resource "terraform_data" "limit" {
				input = "soon"
			}
			resource "asgardeo_my_account_portal" "this" {
				enabled = false
				timeouts {
					create = terraform_data.limit.output
				}
			}`),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectUnknownValue(providertest.PortalAddress, tfjsonpath.New("timeouts").AtMapKey("create")),
			}},
			ExpectError: providertest.Failing("Invalid timeouts.create", `"soon" is not a time limit`),
		})
	})
}
