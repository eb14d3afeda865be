package provider

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// guarded is a server that does not let go of a sender while SMS OTP is on.
func guarded(t *testing.T, at place) *accServer {
	t.Helper()
	server := startAccServerIn(t, at)
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
	inEachAccPlace(t, func(t *testing.T, at place) {
		needsCLI(t)
		server := guarded(t, at)
		portal := "resource \"asgardeo_my_account_portal\" \"this\" {\n enabled = true\n}\n"
		server.run(
			also(
				server.writing(
					"bifrost/myaccount-2FA-config sms_otp_enabled=false",
					"DELETE /t/bifrost/api/server/v2/notification-senders/sms/SMSPublisher",
				),
				server.holding("bifrost/myaccount-2FA-config sms_otp_enabled=false"),
			),
			resource.TestStep{
				Config: server.config(portal + ruleFactors + ruleSender), // the order in the file does not matter
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(senderAddress, plancheck.ResourceActionCreate),
					plancheck.ExpectResourceAction(twoFactorAddress, plancheck.ResourceActionCreate),
				}},
				PostApplyFunc: server.writing(
					"POST /t/bifrost/api/server/v2/notification-senders/sms",
					"bifrost/myaccount-2FA-config sms_otp_enabled=true",
				),
			},
			resource.TestStep{ // both go at once, and SMS OTP goes first
				Config: server.config(portal),
				PostApplyFunc: server.writing(
					"bifrost/myaccount-2FA-config sms_otp_enabled=false",
					"DELETE /t/bifrost/api/server/v2/notification-senders/sms/SMSPublisher",
				),
			},
			resource.TestStep{
				Config: server.config(portal + ruleSender + ruleFactors),
				PostApplyFunc: server.writing(
					"POST /t/bifrost/api/server/v2/notification-senders/sms",
					"bifrost/myaccount-2FA-config sms_otp_enabled=true",
				),
			},
		)
	})
}

// TestAccSMSRule_calls counts the calls of whole commands.
func TestAccSMSRule_calls(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		needsCLI(t)
		server := guarded(t, at)
		c := newCLI(t, server, ruleSender+ruleFactors)
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
		c.plan(2, "-out", "create.tfplan")
		counted(
			"plan of what is new",
			map[string]int{http.MethodPost: 1, http.MethodGet: 3},
		) // a token; the senders, once, and both objects of the factors, or the application, which is looked up
		c.applySaved("create.tfplan")
		// A token and the sender; the object twice, for the plan and for the write, the other one once, and the senders twice
		// likewise. The application is looked up, read likewise twice, and once more after the change.
		counted("apply", map[string]map[string]int{
			"classic":     {http.MethodPost: 2, http.MethodGet: 5, http.MethodPut: 1},
			"application": {http.MethodPost: 2, http.MethodGet: 6, http.MethodPatch: 1},
		}[at.String()])
		c.plan(0)
		counted("plan without changes", map[string]int{http.MethodPost: 1, http.MethodGet: 3})
	})
}

// TestAccSMSRule_anotherProcess: a provider block with another alias is another process, which cannot know what this
// one plans.
func TestAccSMSRule_anotherProcess(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		needsCLI(t)
		server := guarded(t, at)
		aliased := "provider \"asgardeo\" {\n alias = \"sms\"\n}\n" + `
		resource "asgardeo_sms_sender" "this" {
			provider      = asgardeo.sms
			provider_name = "Custom"
			provider_url  = "https://sms.example.com"
			body          = "{{mobile}} {{body}}"
		}
	`
		c := newCLI(t, server, aliased+ruleFactors)
		c.plan(1).has(t, "Error: sms_otp_enabled needs an SMS sender",
			`Organization "bifrost" has no SMS sender that SMS OTP could use`, "sms_sender = asgardeo_sms_sender.<name>.name")
		c.with(map[string]string{"ASGARDEO_SKIP_SMS_SENDER_CHECK": "true"}).plan(2).has(t, "2 to add")
		c.apply("-target", senderAddress)
		c.plan(2).has(t, "1 to add, 0 to change, 0 to destroy") // now that there is one
		c.apply()
		c.destroy()
		server.holds("bifrost/myaccount-2FA-config sms_otp_enabled=false")
	})
}

// TestAccSMSRule_deletedMeanwhile: between plan and apply, somebody takes the sender away.
func TestAccSMSRule_deletedMeanwhile(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		needsCLI(t)
		server := startAccServerIn(t, at, withSMSSender())
		c := newCLI(t, server, "resource \"asgardeo_my_account_two_factor\" \"this\" {\n sms_otp_enabled = true\n}")
		c.plan(2, "-out", "create.tfplan")
		server.Update(func(state *mockserver.State) { clear(state.Organizations["bifrost"].SMSSenders) })
		server.ClearRequests()
		c.run(1, "apply", "-no-color", "create.tfplan").has(t, "sms_otp_enabled needs an SMS sender")
		server.wrote()
		server.holds()
	})
}

// TestAccSMSRule_replaced leaves the sender where it is, which SMS OTP needs all the time.
func TestAccSMSRule_replaced(t *testing.T) {
	t.Parallel()
	inEachAccPlace(t, func(t *testing.T, at place) {
		needsCLI(t)
		server := guarded(t, at)
		c := newCLI(t, server, ruleSender+ruleFactors)
		c.apply()
		server.ClearRequests()
		c.apply("-replace", senderAddress)
		for _, request := range server.Requests() {
			if request.Method != http.MethodGet && !strings.HasSuffix(request.Path, "/token") {
				t.Errorf("written, although the new sender is the old one: %s %s", request.Method, request.Path)
			}
		}
		c.plan(0)
		c.destroy()
		server.holds("bifrost/myaccount-2FA-config sms_otp_enabled=false")
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
	inEachAccPlace(t, func(t *testing.T, at place) {
		needsCLI(t)
		server := startAccServerIn(t, at, withSMSSender())
		server.stores("bifrost/myaccount-2FA-config sms_otp_enabled=true")
		factors := "resource \"asgardeo_my_account_two_factor\" \"this\" {\n sms_otp_enabled = true\n}\n"
		sender := `
		resource "asgardeo_sms_sender" "this" {
			provider_name = "Twilio"
			sender        = "+15550100"
		}
		`
		c := newCLI(t, server, factors+sender)
		c.run(0, "import", "asgardeo_my_account_two_factor.this", "bifrost")
		c.run(0, "import", senderAddress, "bifrost")
		c.apply()
		c.plan(2, "-destroy").has(t, `The SMS sender of "bifrost" stays`)
		c.destroy().has(t, `The SMS sender of "bifrost" was not deleted`)
		server.holds("bifrost/myaccount-2FA-config sms_otp_enabled=true")
		server.Update(func(state *mockserver.State) {
			if state.Organizations["bifrost"].SMSSenders["SMSPublisher"] == nil {
				t.Error("the sender is gone")
			}
		})
	})
}
