package settings_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

func TestAccPortal_lifeCycle(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		server.Run(server.Writing("bifrost/status enable=true"),
			resource.TestStep{ // what is right by default needs no write
				Config:           server.Portal(`enabled = true`),
				ConfigPlanChecks: providertest.Planning(providertest.PortalAddress, plancheck.ResourceActionCreate),
				ConfigStateChecks: providertest.Saving(providertest.PortalAddress, map[string]any{
					"organization": "bifrost", "enabled": true, "url": server.URL() + "/t/bifrost/myaccount", "on_destroy": nil,
				}),
				PostApplyFunc: providertest.AllOf(server.Writing(), server.Holding()),
			},
			resource.TestStep{
				Config:            server.Portal(`enabled = false`),
				ConfigPlanChecks:  providertest.Planning(providertest.PortalAddress, plancheck.ResourceActionUpdate),
				ConfigStateChecks: providertest.Saving(providertest.PortalAddress, map[string]any{"enabled": false}),
				PostApplyFunc:     server.Writing("bifrost/status enable=false"),
			},
			resource.TestStep{
				ResourceName:                         providertest.PortalAddress,
				ImportState:                          true,
				ImportStateId:                        "bifrost",
				ImportStateVerify:                    true,
				ImportStateVerifyIdentifierAttribute: "organization",
			},
			resource.TestStep{
				ResourceName:    providertest.PortalAddress,
				ImportState:     true,
				ImportStateKind: resource.ImportBlockWithID,
				ImportStateId:   "bifrost",
			},
			resource.TestStep{ // naming the organization of the provider changes nothing
				Config:           server.Portal("enabled = false\n organization = \"bifrost\""),
				ConfigPlanChecks: providertest.PlanningNothing(),
			},
			resource.TestStep{ // what destroy shall do is Terraform's business alone
				Config:            server.Portal("enabled = false\n on_destroy = \"reset\""),
				ConfigPlanChecks:  providertest.Planning(providertest.PortalAddress, plancheck.ResourceActionUpdate),
				ConfigStateChecks: providertest.Saving(providertest.PortalAddress, map[string]any{"on_destroy": "reset"}),
				PostApplyFunc:     providertest.AllOf(server.Writing(), server.Holding("bifrost/status enable=false")),
			},
		)
	})
}

func TestAccPortal_takeover(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		server.Stores("bifrost/status enable=false theme=dark", "bifrost/other color=blue")
		server.Run(
			providertest.AllOf(server.Writing("bifrost/status enable=false theme=dark"),
				server.Holding("bifrost/status enable=false theme=dark", "bifrost/other color=blue")),
			resource.TestStep{
				Config:        server.Portal(`enabled = true`),
				PostApplyFunc: server.Writing("bifrost/status enable=true theme=dark"),
			},
		)
	})
}

func TestAccPortal_drift(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		config := server.Portal("enabled = false\n on_destroy = \"keep\"")
		repaired := func(before func(), write string) resource.TestStep {
			return resource.TestStep{
				PreConfig:        before,
				Config:           config,
				ConfigPlanChecks: providertest.Planning(providertest.PortalAddress, plancheck.ResourceActionUpdate),
				PostApplyFunc:    server.Writing(write),
			}
		}
		unharmed := func(before func()) resource.TestStep {
			return resource.TestStep{
				PreConfig:        before,
				Config:           config,
				ConfigPlanChecks: providertest.PlanningNothing(),
				PostApplyFunc:    server.Writing(),
			}
		}
		server.Run(server.Holding("bifrost/status enable=false theme=light", "bifrost/unknown enable=true"),
			resource.TestStep{Config: config, PostApplyFunc: server.Writing("bifrost/status enable=false")},
			repaired(server.Storing("bifrost/status enable=true theme=dark"), "bifrost/status enable=false theme=dark"),
			repaired(server.Storing("bifrost/status theme=dark"), "bifrost/status enable=false theme=dark"),
			repaired(server.Losing("bifrost/status"), "bifrost/status enable=false"),
			// The portal is off only where the stored text is "false" in lower case.
			repaired(server.Storing("bifrost/status enable=FALSE"), "bifrost/status enable=false"),
			unharmed(server.Storing("bifrost/status enable=false theme=light")),
			unharmed(server.Storing("bifrost/unknown enable=true")),
		)
	})
}

func TestAccPortal_organizationGone(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		config := server.Portal(`enabled = false`)
		var gone *mockserver.Organization
		server.Run(server.Writing("bifrost/status enable=true"),
			resource.TestStep{Config: config, PostApplyFunc: server.Writing("bifrost/status enable=false")},
			resource.TestStep{
				PreConfig: func() {
					gone = server.State().Organizations["bifrost"]
					server.Update(func(state *mockserver.State) { delete(state.Organizations, "bifrost") })
				},
				Config: config,
				ExpectError: providertest.Failing(
					"Unable to read the My Account portal",
					`knows no organization "bifrost"`,
					"No resource was dropped from the state",
				),
			},
			resource.TestStep{ // the state has survived, and with it what destroy restores
				PreConfig: func() {
					server.Update(func(state *mockserver.State) { state.Organizations["bifrost"] = gone })
				},
				Config:           config,
				ConfigPlanChecks: providertest.PlanningNothing(),
				PostApplyFunc:    server.Writing(),
			},
		)
	})
}

func TestAccPortal_replaced(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at, mockserver.WithOrganization("bifrost", "asgard"))
		config := func(arguments string) string {
			return server.ConfigWith(`client_id = "`+mockserver.DefaultClientID+`"
			client_secret = "`+mockserver.DefaultClientSecret+`"`,
				"resource \"asgardeo_my_account_portal\" \"this\" {\n enabled = false\n on_destroy = \"reset\"\n"+arguments+"\n}")
		}
		server.Run(server.Writing("asgard/status enable=true"),
			resource.TestStep{
				Config:        config(`organization = "bifrost"`),
				PostApplyFunc: server.Writing("bifrost/status enable=false"),
			},
			resource.TestStep{
				Taint:            []string{providertest.PortalAddress},
				Config:           config(`organization = "bifrost"`),
				ConfigPlanChecks: providertest.Planning(providertest.PortalAddress, plancheck.ResourceActionDestroyBeforeCreate),
				PostApplyFunc:    server.Writing(), // users never meet what was there before Terraform in between
			},
			resource.TestStep{ // the predecessor must not undo what its successor has done
				Taint:            []string{providertest.PortalAddress},
				Config:           config("organization = \"bifrost\"\n lifecycle {\n create_before_destroy = true\n }"),
				ConfigPlanChecks: providertest.Planning(providertest.PortalAddress, plancheck.ResourceActionCreateBeforeDestroy),
				PostApplyFunc:    providertest.AllOf(server.Writing(), server.Holding("bifrost/status enable=false")),
			},
			resource.TestStep{
				Config:           config(`organization = "asgard"`),
				ConfigPlanChecks: providertest.Planning(providertest.PortalAddress, plancheck.ResourceActionDestroyBeforeCreate),
				ConfigStateChecks: providertest.Saving(providertest.PortalAddress, map[string]any{
					"organization": "asgard", "url": server.URL() + "/t/asgard/myaccount",
				}),
				PostApplyFunc: providertest.AllOf(
					server.Writing("bifrost/status enable=true", "asgard/status enable=false"),
					server.Holding("bifrost/status enable=true", "asgard/status enable=false"),
				),
			},
		)
	})
}

func TestAccPortal_renamedAndRemoved(t *testing.T) {
	t.Parallel()
	providertest.NeedsRemovedBlocks(t)
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		block := func(name string) string {
			return "resource \"asgardeo_my_account_portal\" \"" + name + "\" {\n enabled = false\n on_destroy = \"reset\"\n}\n"
		}
		server.Run(
			nil,
			resource.TestStep{
				Config:        server.Config(block("this")),
				PostApplyFunc: server.Writing("bifrost/status enable=false"),
			},
			resource.TestStep{
				Config: server.Config(block("renamed") + `moved {
				from = asgardeo_my_account_portal.this
				to   = asgardeo_my_account_portal.renamed
			}`),
				ConfigPlanChecks:  providertest.Planning("asgardeo_my_account_portal.renamed", plancheck.ResourceActionNoop),
				ConfigStateChecks: providertest.Saving("asgardeo_my_account_portal.renamed", map[string]any{"enabled": false}),
				PostApplyFunc:     server.Writing(),
			},
			resource.TestStep{ // Terraform forgets, the organization keeps
				Config: server.Config(`removed {
				from = asgardeo_my_account_portal.renamed
				lifecycle {
					destroy = false
				}
			}`),
				PostApplyFunc: server.Holding("bifrost/status enable=false"),
			},
		)
	})
}

func TestAccPortal_destroyedByRemoving(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		server.Stores("bifrost/status enable=false")
		server.Run(nil,
			resource.TestStep{
				Config:        server.Portal(`enabled = true`),
				PostApplyFunc: server.Writing("bifrost/status enable=true"),
			},
			resource.TestStep{
				Config:           server.Config(""),
				ConfigPlanChecks: providertest.Planning(providertest.PortalAddress, plancheck.ResourceActionDestroy),
				PostApplyFunc: providertest.AllOf(
					server.Writing("bifrost/status enable=false"),
					server.Holding("bifrost/status enable=false"),
				),
			},
		)
	})
}
