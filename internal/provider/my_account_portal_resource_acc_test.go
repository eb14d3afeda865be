package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

func TestAccPortal_lifeCycle(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at)
		server.run(server.writing("bifrost/status enable=true"),
			resource.TestStep{ // what is right by default needs no write
				Config:           server.portal(`enabled = true`),
				ConfigPlanChecks: planning(portalAddress, plancheck.ResourceActionCreate),
				ConfigStateChecks: saving(portalAddress, map[string]any{
					"organization": "bifrost", "enabled": true, "url": server.URL() + "/t/bifrost/myaccount", "on_destroy": nil,
				}),
				PostApplyFunc: also(server.writing(), server.holding()),
			},
			resource.TestStep{
				Config:            server.portal(`enabled = false`),
				ConfigPlanChecks:  planning(portalAddress, plancheck.ResourceActionUpdate),
				ConfigStateChecks: saving(portalAddress, map[string]any{"enabled": false}),
				PostApplyFunc:     server.writing("bifrost/status enable=false"),
			},
			resource.TestStep{
				ResourceName:                         portalAddress,
				ImportState:                          true,
				ImportStateId:                        "bifrost",
				ImportStateVerify:                    true,
				ImportStateVerifyIdentifierAttribute: "organization",
			},
			resource.TestStep{
				ResourceName:    portalAddress,
				ImportState:     true,
				ImportStateKind: resource.ImportBlockWithID,
				ImportStateId:   "bifrost",
			},
			resource.TestStep{ // naming the organization of the provider changes nothing
				Config:           server.portal("enabled = false\n organization = \"bifrost\""),
				ConfigPlanChecks: planningNothing(),
			},
			resource.TestStep{ // what destroy shall do is Terraform's business alone
				Config:            server.portal("enabled = false\n on_destroy = \"reset\""),
				ConfigPlanChecks:  planning(portalAddress, plancheck.ResourceActionUpdate),
				ConfigStateChecks: saving(portalAddress, map[string]any{"on_destroy": "reset"}),
				PostApplyFunc:     also(server.writing(), server.holding("bifrost/status enable=false")),
			},
		)
	})
}

func TestAccPortal_takeover(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at)
		server.stores("bifrost/status enable=false theme=dark", "bifrost/other color=blue")
		server.run(
			also(
				server.writing("bifrost/status enable=false theme=dark"),
				server.holding("bifrost/status enable=false theme=dark", "bifrost/other color=blue"),
			),
			resource.TestStep{
				Config:        server.portal(`enabled = true`),
				PostApplyFunc: server.writing("bifrost/status enable=true theme=dark"),
			},
		)
	})
}

func TestAccPortal_drift(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at)
		config := server.portal("enabled = false\n on_destroy = \"keep\"")
		repaired := func(before func(), write string) resource.TestStep {
			return resource.TestStep{
				PreConfig:        before,
				Config:           config,
				ConfigPlanChecks: planning(portalAddress, plancheck.ResourceActionUpdate),
				PostApplyFunc:    server.writing(write),
			}
		}
		unharmed := func(before func()) resource.TestStep {
			return resource.TestStep{
				PreConfig:        before,
				Config:           config,
				ConfigPlanChecks: planningNothing(),
				PostApplyFunc:    server.writing(),
			}
		}
		server.run(server.holding("bifrost/status enable=false theme=light", "bifrost/unknown enable=true"),
			resource.TestStep{Config: config, PostApplyFunc: server.writing("bifrost/status enable=false")},
			repaired(server.storing("bifrost/status enable=true theme=dark"), "bifrost/status enable=false theme=dark"),
			repaired(server.storing("bifrost/status theme=dark"), "bifrost/status enable=false theme=dark"),
			repaired(server.losing("bifrost/status"), "bifrost/status enable=false"),
			// The portal is off only where the stored text is "false" in lower case.
			repaired(server.storing("bifrost/status enable=FALSE"), "bifrost/status enable=false"),
			unharmed(server.storing("bifrost/status enable=false theme=light")),
			unharmed(server.storing("bifrost/unknown enable=true")),
		)
	})
}

func TestAccPortal_organizationGone(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at)
		config := server.portal(`enabled = false`)
		var gone *mockserver.Organization
		server.run(server.writing("bifrost/status enable=true"),
			resource.TestStep{Config: config, PostApplyFunc: server.writing("bifrost/status enable=false")},
			resource.TestStep{
				PreConfig: func() {
					gone = server.State().Organizations["bifrost"]
					server.Update(func(state *mockserver.State) { delete(state.Organizations, "bifrost") })
				},
				Config:      config,
				ExpectError: failing("Unable to read the My Account portal", `knows no organization "bifrost"`, "No resource was dropped from the state"),
			},
			resource.TestStep{ // the state has survived, and with it what destroy restores
				PreConfig: func() {
					server.Update(func(state *mockserver.State) { state.Organizations["bifrost"] = gone })
				},
				Config:           config,
				ConfigPlanChecks: planningNothing(),
				PostApplyFunc:    server.writing(),
			},
		)
	})
}

func TestAccPortal_replaced(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at, mockserver.WithOrganization("bifrost", "asgard"))
		config := func(arguments string) string {
			return server.configWith(`client_id = "`+mockserver.DefaultClientID+`"
			client_secret = "`+mockserver.DefaultClientSecret+`"`,
				"resource \"asgardeo_my_account_portal\" \"this\" {\n enabled = false\n on_destroy = \"reset\"\n"+arguments+"\n}")
		}
		server.run(server.writing("asgard/status enable=true"),
			resource.TestStep{
				Config:        config(`organization = "bifrost"`),
				PostApplyFunc: server.writing("bifrost/status enable=false"),
			},
			resource.TestStep{
				Taint:            []string{portalAddress},
				Config:           config(`organization = "bifrost"`),
				ConfigPlanChecks: planning(portalAddress, plancheck.ResourceActionDestroyBeforeCreate),
				PostApplyFunc:    server.writing(), // users never meet what was there before Terraform in between
			},
			resource.TestStep{ // the predecessor must not undo what its successor has done
				Taint:            []string{portalAddress},
				Config:           config("organization = \"bifrost\"\n lifecycle {\n create_before_destroy = true\n }"),
				ConfigPlanChecks: planning(portalAddress, plancheck.ResourceActionCreateBeforeDestroy),
				PostApplyFunc:    also(server.writing(), server.holding("bifrost/status enable=false")),
			},
			resource.TestStep{
				Config:           config(`organization = "asgard"`),
				ConfigPlanChecks: planning(portalAddress, plancheck.ResourceActionDestroyBeforeCreate),
				ConfigStateChecks: saving(portalAddress, map[string]any{
					"organization": "asgard", "url": server.URL() + "/t/asgard/myaccount",
				}),
				PostApplyFunc: also(
					server.writing("bifrost/status enable=true", "asgard/status enable=false"),
					server.holding("bifrost/status enable=true", "asgard/status enable=false"),
				),
			},
		)
	})
}

func TestAccPortal_renamedAndRemoved(t *testing.T) {
	t.Parallel()
	needsRemovedBlocks(t)
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at)
		block := func(name string) string {
			return "resource \"asgardeo_my_account_portal\" \"" + name + "\" {\n enabled = false\n on_destroy = \"reset\"\n}\n"
		}
		server.run(nil,
			resource.TestStep{Config: server.config(block("this")), PostApplyFunc: server.writing("bifrost/status enable=false")},
			resource.TestStep{
				Config: server.config(block("renamed") + `moved {
				from = asgardeo_my_account_portal.this
				to   = asgardeo_my_account_portal.renamed
			}`),
				ConfigPlanChecks:  planning("asgardeo_my_account_portal.renamed", plancheck.ResourceActionNoop),
				ConfigStateChecks: saving("asgardeo_my_account_portal.renamed", map[string]any{"enabled": false}),
				PostApplyFunc:     server.writing(),
			},
			resource.TestStep{ // Terraform forgets, the organization keeps
				Config: server.config(`removed {
				from = asgardeo_my_account_portal.renamed
				lifecycle {
					destroy = false
				}
			}`),
				PostApplyFunc: server.holding("bifrost/status enable=false"),
			},
		)
	})
}

func TestAccPortal_destroyedByRemoving(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at)
		server.stores("bifrost/status enable=false")
		server.run(nil,
			resource.TestStep{
				Config:        server.portal(`enabled = true`),
				PostApplyFunc: server.writing("bifrost/status enable=true"),
			},
			resource.TestStep{
				Config:           server.config(""),
				ConfigPlanChecks: planning(portalAddress, plancheck.ResourceActionDestroy),
				PostApplyFunc:    also(server.writing("bifrost/status enable=false"), server.holding("bifrost/status enable=false")),
			},
		)
	})
}
