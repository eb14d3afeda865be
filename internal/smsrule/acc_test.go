package smsrule_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// guarded is a server that does not let go of a sender while SMS OTP is on.
func guarded(t *testing.T, at place) *providertest.AccServer {
	t.Helper()
	server := providertest.StartAccServerIn(t, at)
	server.Update(func(state *mockserver.State) { state.Organizations["bifrost"].SMSGuard = true })
	return server
}

const (
	ruleSender = `
		resource "asgardeo_sms_sender" "this" {
			provider_name     = "Twilio"
			key_wo            = "first-key"
			key_wo_version    = 1
			secret_wo         = "first-secret"
			secret_wo_version = 1
			sender            = "+15550100"
		}
	`
	ruleFactors = `
		resource "asgardeo_my_account_two_factor" "this" {
			sms_otp_enabled = true
			depends_on      = [asgardeo_sms_sender.this]
		}
	`
)

// TestAccSMSRule_wholeSetUp comes and goes in one run each, in the order that depends_on gives.
func TestAccSMSRule_wholeSetUp(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at place) {
		providertest.NeedsCLI(t)
		server := guarded(t, at)
		portal := "resource \"asgardeo_my_account_portal\" \"this\" {\n enabled = true\n}\n"
		server.Run(
			providertest.AllOf(
				server.Writing("bifrost/myaccount-2FA-config sms_otp_enabled=false",
					"DELETE /t/bifrost/api/server/v2/notification-senders/sms/SMSPublisher"),
				server.Holding("bifrost/myaccount-2FA-config sms_otp_enabled=false"),
			),
			resource.TestStep{
				Config: server.Config(portal + ruleFactors + ruleSender), // the order in the file does not matter
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(providertest.SenderAddress, plancheck.ResourceActionCreate),
					plancheck.ExpectResourceAction(providertest.TwoFactorAddress, plancheck.ResourceActionCreate),
				}},
				PostApplyFunc: server.Writing("POST /t/bifrost/api/server/v2/notification-senders/sms",
					"bifrost/myaccount-2FA-config sms_otp_enabled=true"),
			},
			resource.TestStep{ // both go at once, and SMS OTP goes first
				Config: server.Config(portal),
				PostApplyFunc: server.Writing("bifrost/myaccount-2FA-config sms_otp_enabled=false",
					"DELETE /t/bifrost/api/server/v2/notification-senders/sms/SMSPublisher"),
			},
			resource.TestStep{
				Config: server.Config(portal + ruleSender + ruleFactors),
				PostApplyFunc: server.Writing("POST /t/bifrost/api/server/v2/notification-senders/sms",
					"bifrost/myaccount-2FA-config sms_otp_enabled=true"),
			},
		)
	})
}

// TestAccSMSRule_calls counts the calls of whole commands.
func TestAccSMSRule_calls(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at place) {
		providertest.NeedsCLI(t)
		server := guarded(t, at)
		c := providertest.NewCLI(t, server, ruleSender+ruleFactors)
		counted := func(what string, want map[string]int) {
			t.Helper()
			got := map[string]int{}
			for _, request := range server.Requests() {
				got[request.Method]++
			}
			server.ClearRequests()
			for _, method := range []string{
				http.MethodPost, http.MethodGet, http.MethodPut, http.MethodPatch, http.MethodDelete,
			} {
				if got[method] != want[method] {
					t.Errorf("%s: %d calls %s, want %d", what, got[method], method, want[method])
				}
			}
		}
		c.Plan(2, "-out", "create.tfplan")
		// a token; the senders, once, and both objects of the factors, or the application, which is looked up
		counted("plan of what is new", map[string]int{http.MethodPost: 1, http.MethodGet: 3})
		c.ApplySaved("create.tfplan")
		// A token and the sender; the object twice, for the plan and for the write, the other one once, and the senders twice
		// likewise. The application is looked up, read likewise twice, and once more after the change.
		counted("apply", map[string]map[string]int{
			"classic":     {http.MethodPost: 2, http.MethodGet: 5, http.MethodPut: 1},
			"application": {http.MethodPost: 2, http.MethodGet: 6, http.MethodPatch: 1},
		}[at.String()])
		c.Plan(0)
		counted("plan without changes", map[string]int{http.MethodPost: 1, http.MethodGet: 3})
	})
}

// TestAccSMSRule_anotherProcess: a provider block with another alias is another process, which cannot know what this
// one plans.
func TestAccSMSRule_anotherProcess(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at place) {
		providertest.NeedsCLI(t)
		server := guarded(t, at)
		aliased := "provider \"asgardeo\" {\n alias = \"sms\"\n}\n" + `
		resource "asgardeo_sms_sender" "this" {
			provider      = asgardeo.sms
			provider_name = "Custom"
			provider_url  = "https://sms.example.com"
			body          = "{{mobile}} {{body}}"
		}
	`
		c := providertest.NewCLI(t, server, aliased+ruleFactors)
		c.Plan(1).Has(t, "Error: sms_otp_enabled needs an SMS sender",
			`Organization "bifrost" has no SMS sender that SMS OTP could use`, "sms_sender = asgardeo_sms_sender.<name>.name")
		c.With(map[string]string{"ASGARDEO_SKIP_SMS_SENDER_CHECK": "true"}).Plan(2).Has(t, "2 to add")
		c.Apply("-target", providertest.SenderAddress)
		c.Plan(2).Has(t, "1 to add, 0 to change, 0 to destroy") // now that there is one
		c.Apply()
		c.Destroy()
		server.Holds("bifrost/myaccount-2FA-config sms_otp_enabled=false")
	})
}

// TestAccSMSRule_deletedMeanwhile: between plan and apply, somebody takes the sender away.
func TestAccSMSRule_deletedMeanwhile(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at place) {
		providertest.NeedsCLI(t)
		server := providertest.StartAccServerIn(t, at, providertest.WithSMSSender())
		c := providertest.NewCLI(t, server,
			"resource \"asgardeo_my_account_two_factor\" \"this\" {\n sms_otp_enabled = true\n}")
		c.Plan(2, "-out", "create.tfplan")
		server.Update(func(state *mockserver.State) { clear(state.Organizations["bifrost"].SMSSenders) })
		server.ClearRequests()
		c.Run(1, "apply", "-no-color", "create.tfplan").Has(t, "sms_otp_enabled needs an SMS sender")
		server.Wrote()
		server.Holds()
	})
}

// TestAccSMSRule_replaced leaves the sender where it is, which SMS OTP needs all the time.
func TestAccSMSRule_replaced(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at place) {
		providertest.NeedsCLI(t)
		server := guarded(t, at)
		c := providertest.NewCLI(t, server, ruleSender+ruleFactors)
		c.Apply()
		server.ClearRequests()
		c.Apply("-replace", providertest.SenderAddress)
		for _, request := range server.Requests() {
			if request.Method != http.MethodGet && !strings.HasSuffix(request.Path, "/token") {
				t.Errorf("written, although the new sender is the old one: %s %s", request.Method, request.Path)
			}
		}
		c.Plan(0)
		c.Destroy()
		server.Holds("bifrost/myaccount-2FA-config sms_otp_enabled=false")
		server.Update(func(state *mockserver.State) {
			if len(state.Organizations["bifrost"].SMSSenders) > 0 {
				t.Error("there still is a sender")
			}
		})
	})
}

// TestAccSMSRule_destroyEndsAlways also where SMS OTP was on before Terraform, and imported without any order.
func TestAccSMSRule_destroyEndsAlways(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at place) {
		providertest.NeedsCLI(t)
		server := providertest.StartAccServerIn(t, at, providertest.WithSMSSender())
		server.Stores("bifrost/myaccount-2FA-config sms_otp_enabled=true")
		factors := "resource \"asgardeo_my_account_two_factor\" \"this\" {\n sms_otp_enabled = true\n}\n"
		sender := `
		resource "asgardeo_sms_sender" "this" {
			provider_name = "Twilio"
			sender        = "+15550100"
		}
		`
		c := providertest.NewCLI(t, server, factors+sender)
		c.Run(0, "import", "asgardeo_my_account_two_factor.this", "bifrost")
		c.Run(0, "import", providertest.SenderAddress, "bifrost")
		c.Apply()
		c.Plan(2, "-destroy").Has(t, `The SMS sender of "bifrost" stays`)
		c.Destroy().Has(t, `The SMS sender of "bifrost" was not deleted`)
		server.Holds("bifrost/myaccount-2FA-config sms_otp_enabled=true")
		server.Update(func(state *mockserver.State) {
			if state.Organizations["bifrost"].SMSSenders["SMSPublisher"] == nil {
				t.Error("the sender is gone")
			}
		})
	})
}
