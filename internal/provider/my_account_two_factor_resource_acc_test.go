package provider

import (
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// withSMSSender is an organization that may switch SMS OTP on.
func withSMSSender() mockserver.Option {
	return mockserver.WithState(mockserver.State{Organizations: map[string]*mockserver.Organization{
		mockserver.DefaultOrganization: {SMSSenders: map[string]*mockserver.SMSSender{"SMSPublisher": smsSender()}},
	}})
}

func smsSender() *mockserver.SMSSender {
	return &mockserver.SMSSender{Provider: "Twilio", Key: new("sid"), Secret: new("token"), Sender: new("+15550100"), ContentType: "JSON"}
}

func TestAccTwoFactor_growsAndShrinks(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at, withSMSSender())
		all := map[string]bool{
			"email_otp_enabled": true, "sms_otp_enabled": true, "totp_enabled": true, "totp_enrollment_enabled": true, "backup_codes_enabled": true,
		}
		minimal := server.twoFactor(`totp_enabled = true`)
		steps := []resource.TestStep{
			{
				Config:           minimal,
				ConfigPlanChecks: planning(twoFactorAddress, plancheck.ResourceActionCreate),
				ConfigStateChecks: saving(twoFactorAddress, map[string]any{
					"organization": "bifrost", "totp_enabled": true, "email_otp_enabled": nil, "sms_otp_enabled": nil,
					"totp_enrollment_enabled": nil, "backup_codes_enabled": nil, "on_destroy": nil,
				}),
				PostApplyFunc: server.writing("bifrost/myaccount-2FA-config totp_enabled=true"),
			},
			{
				Config:           server.twoFactor(flagsOf(all)),
				ConfigPlanChecks: planning(twoFactorAddress, plancheck.ResourceActionUpdate),
				PostApplyFunc: server.writing(
					"bifrost/myaccount-2FA-config backup_code_enabled=true email_otp_enabled=true sms_otp_enabled=true totp_enabled=true",
					"bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=true",
				),
			},
			{
				ResourceName:                         twoFactorAddress,
				ImportState:                          true,
				ImportStateId:                        "bifrost",
				ImportStateVerify:                    true,
				ImportStateVerifyIdentifierAttribute: "organization",
			},
			{
				ResourceName:    twoFactorAddress,
				ImportState:     true,
				ImportStateKind: resource.ImportBlockWithID,
				ImportStateId:   "bifrost",
			},
		}
		// Each flag goes off on its own, dependents first.
		for _, change := range []struct{ flag, write string }{
			{"backup_codes_enabled", "bifrost/myaccount-2FA-config backup_code_enabled=false email_otp_enabled=true sms_otp_enabled=true totp_enabled=true"},
			{"totp_enrollment_enabled", "bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=false"},
			{"sms_otp_enabled", "bifrost/myaccount-2FA-config backup_code_enabled=false email_otp_enabled=true sms_otp_enabled=false totp_enabled=true"},
			{"email_otp_enabled", "bifrost/myaccount-2FA-config backup_code_enabled=false email_otp_enabled=false sms_otp_enabled=false totp_enabled=true"},
			{"totp_enabled", "bifrost/myaccount-2FA-config backup_code_enabled=false email_otp_enabled=false sms_otp_enabled=false totp_enabled=false"},
		} {
			all = maps.Clone(all)
			all[change.flag] = false
			steps = append(steps, resource.TestStep{
				Config:            server.twoFactor(flagsOf(all)),
				ConfigPlanChecks:  planning(twoFactorAddress, plancheck.ResourceActionUpdate),
				ConfigStateChecks: saving(twoFactorAddress, map[string]any{change.flag: false}),
				PostApplyFunc:     server.writing(change.write),
			})
		}
		steps = append(steps,
			resource.TestStep{ // what is declared no longer stays as it is
				Config:           server.twoFactor(`totp_enabled = false`),
				ConfigPlanChecks: planning(twoFactorAddress, plancheck.ResourceActionUpdate),
				ConfigStateChecks: saving(twoFactorAddress, map[string]any{
					"totp_enabled": false, "email_otp_enabled": nil, "sms_otp_enabled": nil, "totp_enrollment_enabled": nil, "backup_codes_enabled": nil,
				}),
				PostApplyFunc: server.writing(),
			},
			resource.TestStep{
				Config:        minimal,
				PostApplyFunc: server.writing("bifrost/myaccount-2FA-config backup_code_enabled=false email_otp_enabled=false sms_otp_enabled=false totp_enabled=true"),
			},
		)
		server.run(
			server.holding(
				"bifrost/myaccount-2FA-config backup_code_enabled=false email_otp_enabled=false sms_otp_enabled=false totp_enabled=false",
				"bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=false",
			),
			steps...,
		)
	})
}

func TestAccTwoFactor_takeover(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at)
		before := []string{
			"bifrost/myaccount-2FA-config backup_code_enabled=true email_otp_enabled=TRUE passkey_enabled=true",
			"bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=false issuer=asgardeo",
		}
		server.stores(before...)
		server.run(
			server.holding(
				"bifrost/myaccount-2FA-config backup_code_enabled=true email_otp_enabled=TRUE passkey_enabled=true totp_enabled=false",
				"bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=false issuer=asgardeo",
			),
			resource.TestStep{ // a right value is right in any case, and needs no write
				Config:        server.twoFactor("email_otp_enabled = true\n totp_enrollment_enabled = false"),
				PostApplyFunc: also(server.writing(), server.holding(before...)),
			},
			resource.TestStep{ // what the provider does not know goes back as it was
				Config: server.twoFactor("email_otp_enabled = true\n totp_enrollment_enabled = true\n totp_enabled = true"),
				PostApplyFunc: server.writing(
					"bifrost/myaccount-2FA-config backup_code_enabled=true email_otp_enabled=TRUE passkey_enabled=true totp_enabled=true",
					"bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=true issuer=asgardeo",
				),
			},
			resource.TestStep{ // off in the other order: nobody may enroll what is not offered
				Config: server.twoFactor("email_otp_enabled = true\n totp_enrollment_enabled = false\n totp_enabled = false"),
				PostApplyFunc: server.writing(
					"bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=false issuer=asgardeo",
					"bifrost/myaccount-2FA-config backup_code_enabled=true email_otp_enabled=TRUE passkey_enabled=true totp_enabled=false",
				),
			},
		)
	})
}

func TestAccTwoFactor_drift(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at)
		config := server.twoFactor("email_otp_enabled = false\n totp_enabled = true\n totp_enrollment_enabled = true")
		const (
			factors    = "bifrost/myaccount-2FA-config email_otp_enabled=false totp_enabled=true"
			enrollment = "bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=true"
		)
		step := func(before func(), action plancheck.ResourceActionType, writes ...string) resource.TestStep {
			return resource.TestStep{
				PreConfig:        before,
				Config:           config,
				ConfigPlanChecks: planning(twoFactorAddress, action),
				PostApplyFunc:    server.writing(writes...),
			}
		}
		server.run(
			server.holding( // back to what was found, and what the Console set since remains
				"bifrost/myaccount-2FA-config backup_code_enabled=false email_otp_enabled=false totp_enabled=false",
				"bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=false",
			),
			step(nil, plancheck.ResourceActionCreate, factors, enrollment),
			step(server.storing("bifrost/myaccount-2FA-config email_otp_enabled=true totp_enabled=true"), plancheck.ResourceActionUpdate, factors),
			step(server.storing("bifrost/myaccount-2FA-config email_otp_enabled=false totp_enabled=false"), plancheck.ResourceActionUpdate, factors),
			step(server.storing("bifrost/myaccount-2FA-config email_otp_enabled=false"), plancheck.ResourceActionUpdate, factors),
			step(server.losing("bifrost/myaccount-2FA-config"), plancheck.ResourceActionUpdate, factors),
			step(server.losing("bifrost/myaccount-TOTP-config"), plancheck.ResourceActionUpdate, enrollment),
			step(server.storing("bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=no"), plancheck.ResourceActionUpdate, enrollment),
			// Undeclared flags are the Console's, be they on or off.
			step(server.storing("bifrost/myaccount-2FA-config backup_code_enabled=true email_otp_enabled=False totp_enabled=True"), plancheck.ResourceActionNoop),
			step(server.storing("bifrost/myaccount-2FA-config backup_code_enabled=false email_otp_enabled=false totp_enabled=true"), plancheck.ResourceActionNoop),
		)
	})
}

func TestAccTwoFactor_rules(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at)
		server.stores("bifrost/myaccount-2FA-config backup_code_enabled=true email_otp_enabled=true")
		refused := func(arguments string, texts ...string) resource.TestStep {
			return resource.TestStep{Config: server.twoFactor(arguments), ExpectError: failing(texts...)}
		}
		server.run(nil,
			refused(``, "No setting declared", "backup_codes_enabled"),
			refused("totp_enabled = false\n totp_enrollment_enabled = true", "totp_enrollment_enabled needs totp_enabled",
				"Set totp_enabled = true, or totp_enrollment_enabled = false"),
			refused("backup_codes_enabled = true\n email_otp_enabled = false\n sms_otp_enabled = false\n totp_enabled = false",
				"backup_codes_enabled needs email_otp_enabled or sms_otp_enabled or totp_enabled"),
			// Judged with what the organization has.
			refused("totp_enrollment_enabled = true", "totp_enrollment_enabled needs totp_enabled", `in organization "bifrost": totp_enabled is off`),
			refused("email_otp_enabled = false", "backup_codes_enabled needs", "backup_codes_enabled is on, sms_otp_enabled is off"),
			resource.TestStep{
				PreConfig: func() {
					if got := writes(server.Requests()); len(got) > 0 {
						t.Errorf("refused plans have written %q", got)
					}
				},
				Config:        server.twoFactor("email_otp_enabled = false\n totp_enabled = true\n backup_codes_enabled = true"),
				PostApplyFunc: server.writing("bifrost/myaccount-2FA-config backup_code_enabled=true email_otp_enabled=false totp_enabled=true"),
			},
			// An existing resource is judged, too, with what its refresh has seen.
			refused("email_otp_enabled = false\n totp_enabled = false", "backup_codes_enabled needs", "backup_codes_enabled is on"),
		)
	})
}

// What an administrator breaks in the Console holds up neither plans nor the destroy in the end. An application cannot be
// broken in that way.
func TestAccTwoFactor_rulesBrokenOutsideTerraform(t *testing.T) {
	t.Parallel()
	server := startAccServerIn(t, classicPlace{})
	server.stores("bifrost/myaccount-2FA-config email_otp_enabled=true")
	config := server.twoFactor("backup_codes_enabled = true")
	server.run(server.holding("bifrost/myaccount-2FA-config backup_code_enabled=false email_otp_enabled=false"),
		resource.TestStep{Config: config, PostApplyFunc: server.writing("bifrost/myaccount-2FA-config backup_code_enabled=true email_otp_enabled=true")},
		resource.TestStep{
			PreConfig: func() { server.stores("bifrost/myaccount-2FA-config backup_code_enabled=true email_otp_enabled=false") },
			Config:    config,
			PlanOnly:  true,
		},
	)
}

func TestAccTwoFactor_replaced(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at)
		config := func(arguments string) string { return server.twoFactor("totp_enabled = true\n" + arguments) }
		cbd := "lifecycle {\n create_before_destroy = true\n }\n"
		server.run(server.holding("bifrost/myaccount-2FA-config totp_enabled=false"),
			resource.TestStep{
				Config:        config(`on_destroy = "reset"`),
				PostApplyFunc: server.writing("bifrost/myaccount-2FA-config totp_enabled=true"),
			},
			resource.TestStep{
				Taint:            []string{twoFactorAddress},
				Config:           config(cbd + `on_destroy = "reset"`),
				ConfigPlanChecks: planning(twoFactorAddress, plancheck.ResourceActionCreateBeforeDestroy),
				PostApplyFunc:    server.writing(),
			},
			resource.TestStep{
				Taint:            []string{twoFactorAddress},
				Config:           config(`on_destroy = "reset"`),
				ConfigPlanChecks: planning(twoFactorAddress, plancheck.ResourceActionDestroyBeforeCreate),
				PostApplyFunc:    server.writing(), // users never meet what was there before Terraform in between
			},
		)
	})
}

func TestAccTwoFactor_renamedAndRemoved(t *testing.T) {
	t.Parallel()
	needsRemovedBlocks(t)
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at)
		server.run(nil,
			resource.TestStep{
				Config:        server.twoFactor(`email_otp_enabled = true`),
				PostApplyFunc: server.writing("bifrost/myaccount-2FA-config email_otp_enabled=true"),
			},
			resource.TestStep{
				Config: server.config(`resource "asgardeo_my_account_two_factor" "renamed" {
				email_otp_enabled = true
			}
			moved {
				from = asgardeo_my_account_two_factor.this
				to   = asgardeo_my_account_two_factor.renamed
			}`),
				ConfigPlanChecks: planning("asgardeo_my_account_two_factor.renamed", plancheck.ResourceActionNoop),
				PostApplyFunc:    server.writing(),
			},
			resource.TestStep{
				Config: server.config(`removed {
				from = asgardeo_my_account_two_factor.renamed
				lifecycle {
					destroy = false
				}
			}`),
				PostApplyFunc: server.holding("bifrost/myaccount-2FA-config email_otp_enabled=true"),
			},
		)
	})
}

func TestAccTwoFactor_refreshOnly(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		server := startAccServerIn(t, at)
		server.run(server.holding("bifrost/myaccount-2FA-config backup_code_enabled=true email_otp_enabled=false totp_enabled=true"),
			resource.TestStep{
				Config:        server.twoFactor("email_otp_enabled = true\n on_destroy = \"reset\""),
				PostApplyFunc: server.writing("bifrost/myaccount-2FA-config email_otp_enabled=true"),
			},
			resource.TestStep{ // nobody declared what changed
				PreConfig:    server.storing("bifrost/myaccount-2FA-config backup_code_enabled=true email_otp_enabled=true totp_enabled=true"),
				RefreshState: true,
				RefreshPlanChecks: resource.RefreshPlanChecks{PostRefresh: []plancheck.PlanCheck{
					plancheck.ExpectEmptyPlan(),
				}},
			},
			resource.TestStep{
				PreConfig:          server.storing("bifrost/myaccount-2FA-config backup_code_enabled=true email_otp_enabled=false totp_enabled=true"),
				RefreshState:       true,
				ExpectNonEmptyPlan: true,
				RefreshPlanChecks: resource.RefreshPlanChecks{PostRefresh: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(twoFactorAddress, plancheck.ResourceActionUpdate),
				}},
				Check: resource.TestCheckResourceAttr(twoFactorAddress, "email_otp_enabled", "false"),
			},
			resource.TestStep{ // refreshing has written nothing; applying repairs
				Config:        server.twoFactor("email_otp_enabled = true\n on_destroy = \"reset\""),
				PostApplyFunc: server.writing("bifrost/myaccount-2FA-config backup_code_enabled=true email_otp_enabled=true totp_enabled=true"),
			},
		)
	})
}
