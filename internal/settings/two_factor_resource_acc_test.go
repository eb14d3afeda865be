package settings_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// factorsObject begins what is said of the object with the factors.
const factorsObject = "bifrost/myaccount-2FA-config "

// factorsLine says that the object has each of the factors.
func factorsLine(flags map[string]bool) string {
	var texts []string
	for flag, on := range flags {
		if at := providertest.ClassicFlags[flag]; at.Object == providertest.TwoFactorObject {
			texts = append(texts, fmt.Sprintf("%s=%t", at.Key, on))
		}
	}
	slices.Sort(texts)
	return factorsObject + strings.Join(texts, " ")
}

func TestAccTwoFactor_growsAndShrinks(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at, providertest.WithSMSSender())
		all, onlyTOTP := map[string]bool{}, map[string]any{}
		for flag := range providertest.EveryFactor(true) {
			all[flag], onlyTOTP[flag] = true, nil
		}
		savingTOTP := func(on bool) []statecheck.StateCheck {
			onlyTOTP["totp_enabled"] = on
			return providertest.Saving(providertest.TwoFactorAddress, onlyTOTP)
		}
		minimal := server.TwoFactor(`totp_enabled = true`)
		steps := []resource.TestStep{
			{
				Config:           minimal,
				ConfigPlanChecks: providertest.Planning(providertest.TwoFactorAddress, plancheck.ResourceActionCreate),
				ConfigStateChecks: append(savingTOTP(true), providertest.Saving(
					providertest.TwoFactorAddress, map[string]any{"organization": "bifrost", "on_destroy": nil},
				)...),
				PostApplyFunc: server.Writing("bifrost/myaccount-2FA-config totp_enabled=true"),
			},
			{
				Config:           server.TwoFactor(providertest.FlagArguments(all)),
				ConfigPlanChecks: providertest.Planning(providertest.TwoFactorAddress, plancheck.ResourceActionUpdate),
				PostApplyFunc: server.Writing(
					factorsLine(all), "bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=true",
				),
			},
			{
				ResourceName:                         providertest.TwoFactorAddress,
				ImportState:                          true,
				ImportStateId:                        "bifrost",
				ImportStateVerify:                    true,
				ImportStateVerifyIdentifierAttribute: "organization",
			},
			{
				ResourceName:    providertest.TwoFactorAddress,
				ImportState:     true,
				ImportStateKind: resource.ImportBlockWithID,
				ImportStateId:   "bifrost",
			},
		}
		// Each flag goes off on its own, dependents first.
		flags := []string{"backup_codes_enabled", "totp_enrollment_enabled"}
		for _, flag := range slices.Backward(providertest.PasscodeFlags) {
			flags = append(flags, flag)
		}
		for _, flag := range flags {
			all = maps.Clone(all)
			all[flag] = false
			write := factorsLine(all)
			if flag == "totp_enrollment_enabled" {
				write = "bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=false"
			}
			steps = append(steps, resource.TestStep{
				Config:            server.TwoFactor(providertest.FlagArguments(all)),
				ConfigPlanChecks:  providertest.Planning(providertest.TwoFactorAddress, plancheck.ResourceActionUpdate),
				ConfigStateChecks: providertest.Saving(providertest.TwoFactorAddress, map[string]any{flag: false}),
				PostApplyFunc:     server.Writing(write),
			})
		}
		again := maps.Clone(all)
		again["totp_enabled"] = true
		steps = append(steps,
			resource.TestStep{ // what is declared no longer stays as it is
				Config:            server.TwoFactor(`totp_enabled = false`),
				ConfigPlanChecks:  providertest.Planning(providertest.TwoFactorAddress, plancheck.ResourceActionUpdate),
				ConfigStateChecks: savingTOTP(false),
				PostApplyFunc:     server.Writing(),
			},
			resource.TestStep{
				Config:        minimal,
				PostApplyFunc: server.Writing(factorsLine(again)),
			},
		)
		server.Run(
			server.Holding(
				factorsLine(all), "bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=false",
			),
			steps...,
		)
	})
}

func TestAccTwoFactor_takeover(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		before := []string{
			factorsObject + "backup_code_enabled=true email_otp_enabled=TRUE passkey_enabled=true",
			"bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=false issuer=asgardeo",
		}
		server.Stores(before...)
		server.Run(
			server.Holding(
				factorsObject+"backup_code_enabled=true email_otp_enabled=TRUE passkey_enabled=true totp_enabled=false",
				"bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=false issuer=asgardeo",
			),
			resource.TestStep{ // a right value is right in any case, and needs no write
				Config:        server.TwoFactor("email_otp_enabled = true\n totp_enrollment_enabled = false"),
				PostApplyFunc: providertest.AllOf(server.Writing(), server.Holding(before...)),
			},
			resource.TestStep{ // what the provider does not know goes back as it was
				Config: server.TwoFactor("email_otp_enabled = true\n totp_enrollment_enabled = true\n totp_enabled = true"),
				PostApplyFunc: server.Writing(
					factorsObject+"backup_code_enabled=true email_otp_enabled=TRUE passkey_enabled=true totp_enabled=true",
					"bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=true issuer=asgardeo",
				),
			},
			resource.TestStep{ // off in the other order: nobody may enroll what is not offered
				Config: server.TwoFactor("email_otp_enabled = true\n totp_enrollment_enabled = false\n totp_enabled = false"),
				PostApplyFunc: server.Writing(
					"bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=false issuer=asgardeo",
					factorsObject+"backup_code_enabled=true email_otp_enabled=TRUE passkey_enabled=true totp_enabled=false",
				),
			},
		)
	})
}

func TestAccTwoFactor_drift(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		config := server.TwoFactor("email_otp_enabled = false\n totp_enabled = true\n totp_enrollment_enabled = true")
		const (
			factors    = "bifrost/myaccount-2FA-config email_otp_enabled=false totp_enabled=true"
			enrollment = "bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=true"
		)
		step := func(before func(), action plancheck.ResourceActionType, writes ...string) resource.TestStep {
			return resource.TestStep{
				PreConfig:        before,
				Config:           config,
				ConfigPlanChecks: providertest.Planning(providertest.TwoFactorAddress, action),
				PostApplyFunc:    server.Writing(writes...),
			}
		}
		server.Run(
			server.Holding( // back to what was found, and what the Console set since remains
				factorsObject+"backup_code_enabled=false email_otp_enabled=false totp_enabled=false",
				"bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=false",
			),
			step(nil, plancheck.ResourceActionCreate, factors, enrollment),
			step(server.Storing("bifrost/myaccount-2FA-config email_otp_enabled=true totp_enabled=true"),
				plancheck.ResourceActionUpdate, factors),
			step(server.Storing("bifrost/myaccount-2FA-config email_otp_enabled=false totp_enabled=false"),
				plancheck.ResourceActionUpdate, factors),
			step(server.Storing("bifrost/myaccount-2FA-config email_otp_enabled=false"), plancheck.ResourceActionUpdate,
				factors),
			step(server.Losing("bifrost/myaccount-2FA-config"), plancheck.ResourceActionUpdate, factors),
			step(server.Losing("bifrost/myaccount-TOTP-config"), plancheck.ResourceActionUpdate, enrollment),
			step(server.Storing("bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=no"),
				plancheck.ResourceActionUpdate, enrollment),
			// Undeclared flags are the Console's, be they on or off.
			step(server.Storing(factorsObject+"backup_code_enabled=true email_otp_enabled=False totp_enabled=True"),
				plancheck.ResourceActionNoop),
			step(server.Storing(factorsObject+"backup_code_enabled=false email_otp_enabled=false totp_enabled=true"),
				plancheck.ResourceActionNoop),
		)
	})
}

func TestAccTwoFactor_rules(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		server.Stores(factorsObject + "backup_code_enabled=true email_otp_enabled=true")
		refused := func(arguments string, texts ...string) resource.TestStep {
			return resource.TestStep{Config: server.TwoFactor(arguments), ExpectError: providertest.Failing(texts...)}
		}
		server.Run(
			nil,
			refused(``, "No setting declared", "backup_codes_enabled"),
			refused("totp_enabled = false\n totp_enrollment_enabled = true", "totp_enrollment_enabled needs totp_enabled",
				"Set totp_enabled = true, or totp_enrollment_enabled = false"),
			refused("backup_codes_enabled = true\n email_otp_enabled = false\n sms_otp_enabled = false\n totp_enabled = false",
				"backup_codes_enabled needs email_otp_enabled or sms_otp_enabled or totp_enabled"),
			// Judged with what the organization has.
			refused("totp_enrollment_enabled = true", "totp_enrollment_enabled needs totp_enabled",
				`in organization "bifrost": totp_enabled is off`),
			refused("email_otp_enabled = false", "backup_codes_enabled needs",
				"backup_codes_enabled is on, sms_otp_enabled is off"),
			resource.TestStep{
				PreConfig: func() {
					if got := providertest.Writes(server.Requests()); len(got) > 0 {
						t.Errorf("refused plans have written %q", got)
					}
				},
				Config: server.TwoFactor("email_otp_enabled = false\n totp_enabled = true\n backup_codes_enabled = true"),
				PostApplyFunc: server.Writing(
					factorsObject + "backup_code_enabled=true email_otp_enabled=false totp_enabled=true",
				),
			},
			// An existing resource is judged, too, with what its refresh has seen.
			refused("email_otp_enabled = false\n totp_enabled = false", "backup_codes_enabled needs",
				"backup_codes_enabled is on"),
		)
	})
}

// What an administrator breaks in the Console holds up neither plans nor the destroy in the end. An application cannot
// be broken in that way.
func TestAccTwoFactor_rulesBrokenOutsideTerraform(t *testing.T) {
	t.Parallel()
	server := providertest.StartAccServerIn(t, providertest.ClassicPlace{})
	server.Stores("bifrost/myaccount-2FA-config email_otp_enabled=true")
	config := server.TwoFactor("backup_codes_enabled = true")
	server.Run(
		server.Holding(factorsObject+"backup_code_enabled=false email_otp_enabled=false"),
		resource.TestStep{
			Config:        config,
			PostApplyFunc: server.Writing(factorsObject + "backup_code_enabled=true email_otp_enabled=true"),
		},
		resource.TestStep{
			PreConfig: func() { server.Stores(factorsObject + "backup_code_enabled=true email_otp_enabled=false") },
			Config:    config,
			PlanOnly:  true,
		},
	)
}

func TestAccTwoFactor_replaced(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		config := func(arguments string) string { return server.TwoFactor("totp_enabled = true\n" + arguments) }
		cbd := "lifecycle {\n create_before_destroy = true\n }\n"
		server.Run(server.Holding("bifrost/myaccount-2FA-config totp_enabled=false"),
			resource.TestStep{
				Config:        config(`on_destroy = "reset"`),
				PostApplyFunc: server.Writing("bifrost/myaccount-2FA-config totp_enabled=true"),
			},
			resource.TestStep{
				Taint:            []string{providertest.TwoFactorAddress},
				Config:           config(cbd + `on_destroy = "reset"`),
				ConfigPlanChecks: providertest.Planning(providertest.TwoFactorAddress, plancheck.ResourceActionCreateBeforeDestroy),
				PostApplyFunc:    server.Writing(),
			},
			resource.TestStep{
				Taint:            []string{providertest.TwoFactorAddress},
				Config:           config(`on_destroy = "reset"`),
				ConfigPlanChecks: providertest.Planning(providertest.TwoFactorAddress, plancheck.ResourceActionDestroyBeforeCreate),
				PostApplyFunc:    server.Writing(), // users never meet what was there before Terraform in between
			},
		)
	})
}

func TestAccTwoFactor_renamedAndRemoved(t *testing.T) {
	t.Parallel()
	providertest.NeedsRemovedBlocks(t)
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		server.Run(nil,
			resource.TestStep{
				Config:        server.TwoFactor(`email_otp_enabled = true`),
				PostApplyFunc: server.Writing("bifrost/myaccount-2FA-config email_otp_enabled=true"),
			},
			resource.TestStep{
				Config: server.Config(`resource "asgardeo_my_account_two_factor" "renamed" {
				email_otp_enabled = true
			}
			moved {
				from = asgardeo_my_account_two_factor.this
				to   = asgardeo_my_account_two_factor.renamed
			}`),
				ConfigPlanChecks: providertest.Planning("asgardeo_my_account_two_factor.renamed", plancheck.ResourceActionNoop),
				PostApplyFunc:    server.Writing(),
			},
			resource.TestStep{
				Config: server.Config(`removed {
				from = asgardeo_my_account_two_factor.renamed
				lifecycle {
					destroy = false
				}
			}`),
				PostApplyFunc: server.Holding("bifrost/myaccount-2FA-config email_otp_enabled=true"),
			},
		)
	})
}

func TestAccTwoFactor_refreshOnly(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		server.Run(
			server.Holding(factorsObject+"backup_code_enabled=true email_otp_enabled=false totp_enabled=true"),
			resource.TestStep{
				Config:        server.TwoFactor("email_otp_enabled = true\n on_destroy = \"reset\""),
				PostApplyFunc: server.Writing("bifrost/myaccount-2FA-config email_otp_enabled=true"),
			},
			resource.TestStep{ // nobody declared what changed
				PreConfig: server.Storing(
					factorsObject + "backup_code_enabled=true email_otp_enabled=true totp_enabled=true",
				),
				RefreshState: true,
				RefreshPlanChecks: resource.RefreshPlanChecks{PostRefresh: []plancheck.PlanCheck{
					plancheck.ExpectEmptyPlan(),
				}},
			},
			resource.TestStep{
				PreConfig: server.Storing(
					factorsObject + "backup_code_enabled=true email_otp_enabled=false totp_enabled=true",
				),
				RefreshState:       true,
				ExpectNonEmptyPlan: true,
				RefreshPlanChecks: resource.RefreshPlanChecks{PostRefresh: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(providertest.TwoFactorAddress, plancheck.ResourceActionUpdate),
				}},
				Check: resource.TestCheckResourceAttr(providertest.TwoFactorAddress, "email_otp_enabled", "false"),
			},
			resource.TestStep{ // refreshing has written nothing; applying repairs
				Config: server.TwoFactor("email_otp_enabled = true\n on_destroy = \"reset\""),
				PostApplyFunc: server.Writing(
					factorsObject + "backup_code_enabled=true email_otp_enabled=true totp_enabled=true",
				),
			},
		)
	})
}
