package provider

import (
	"net/http"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

const senderAddress = "asgardeo_sms_sender.this"

// sender is the configuration of an SMS sender with these arguments.
func (s *accServer) sender(arguments string) string {
	return s.config("resource \"asgardeo_sms_sender\" \"this\" {\n" + arguments + "\n}\n")
}

// sending checks the organization's SMS sender, and which calls have changed it since the last look.
func (s *accServer) sending(want *mockserver.SMSSender, methods ...string) func() {
	return func() {
		s.t.Helper()
		if diff := gocmp.Diff(
			want, s.State().Organizations["bifrost"].SMSSenders["SMSPublisher"], cmpopts.EquateEmpty(),
		); diff != "" {
			s.t.Errorf("the server has another sender (-want +got):\n%s", diff)
		}
		var got []string
		for _, line := range writes(s.Requests()) {
			method, _, _ := strings.Cut(line, " ")
			got = append(got, method)
		}
		s.ClearRequests()
		if diff := gocmp.Diff(methods, got); diff != "" {
			s.t.Errorf("other calls changed the server (-want +got):\n%s", diff)
		}
	}
}

func TestAccSMSSender_writeOnly(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	server := startAccServer(t)
	twilio := func(key, secret, version, sender string) string {
		return server.sender(`
			provider_name     = "Twilio"
			key_wo            = "` + key + `"
			key_wo_version    = 1
			secret_wo         = "` + secret + `"
			secret_wo_version = ` + version + `
			sender            = "` + sender + `"`)
	}
	stored := func(key, secret, sender string) *mockserver.SMSSender {
		return &mockserver.SMSSender{
			Provider:    "Twilio",
			Key:         new(key),
			Secret:      new(secret),
			Sender:      new(sender),
			ContentType: "JSON",
		}
	}
	server.run(server.sending(nil, http.MethodDelete),
		resource.TestStep{
			Config:           twilio("sid", "first", "1", "+15550100"),
			ConfigPlanChecks: planning(senderAddress, plancheck.ResourceActionCreate),
			ConfigStateChecks: saving(senderAddress, map[string]any{
				"organization": "bifrost", "name": "SMSPublisher", "provider_name": "Twilio", "content_type": "JSON",
				"key": nil, "key_wo": nil, "secret": nil, "secret_wo": nil, "sender": "+15550100",
			}),
			PostApplyFunc: server.sending(stored("sid", "first", "+15550100"), http.MethodPost),
		},
		resource.TestStep{ // the server forgets what is not sent, so the live secrets go back
			Config:           twilio("sid", "first", "1", "+15550199"),
			ConfigPlanChecks: planning(senderAddress, plancheck.ResourceActionUpdate),
			PostApplyFunc:    server.sending(stored("sid", "first", "+15550199"), http.MethodPut),
		},
		resource.TestStep{ // nobody can see that a write-only value is another one
			Config:           twilio("sid", "second", "1", "+15550199"),
			ConfigPlanChecks: planningNothing(),
			PostApplyFunc:    server.sending(stored("sid", "first", "+15550199")),
		},
		resource.TestStep{
			Config:           twilio("sid", "second", "2", "+15550199"),
			ConfigPlanChecks: planning(senderAddress, plancheck.ResourceActionUpdate),
			PostApplyFunc:    server.sending(stored("sid", "second", "+15550199"), http.MethodPut),
		},
		resource.TestStep{
			ResourceName:                         senderAddress,
			ImportState:                          true,
			ImportStateId:                        "bifrost",
			ImportStateVerify:                    true,
			ImportStateVerifyIdentifierAttribute: "organization",
			ImportStateVerifyIgnore:              []string{"key_wo_version", "secret_wo_version"},
		},
		resource.TestStep{ // drift
			PreConfig: func() {
				server.Update(func(state *mockserver.State) {
					state.Organizations["bifrost"].SMSSenders["SMSPublisher"].Sender = new("+15550123")
				})
			},
			Config:           twilio("sid", "second", "2", "+15550199"),
			ConfigPlanChecks: planning(senderAddress, plancheck.ResourceActionUpdate),
			PostApplyFunc:    server.sending(stored("sid", "second", "+15550199"), http.MethodPut),
		},
		resource.TestStep{ // gone
			PreConfig: func() {
				server.Update(func(state *mockserver.State) { clear(state.Organizations["bifrost"].SMSSenders) })
			},
			Config:           twilio("sid", "second", "2", "+15550199"),
			ConfigPlanChecks: planning(senderAddress, plancheck.ResourceActionCreate),
			PostApplyFunc:    server.sending(stored("sid", "second", "+15550199"), http.MethodPost),
		},
	)
}

func TestAccSMSSender_custom(t *testing.T) {
	t.Parallel()
	server := startAccServer(t)
	custom := func(more string) string {
		return server.sender(`
			provider_name = "Custom"
			provider_url  = "https://sms.example.com/v1"
			body          = "{\"to\": {{mobile}}, \"text\": {{body}}}"
			` + more)
	}
	const body = `{"to": {{mobile}}, "text": {{body}}}`
	stored := func(contentType string, properties map[string]string) *mockserver.SMSSender {
		return &mockserver.SMSSender{
			Provider:    "Custom",
			ProviderURL: new("https://sms.example.com/v1"),
			ContentType: contentType,
			Properties:  properties,
		}
	}
	server.run(nil,
		resource.TestStep{
			Config: server.sender("provider_name = \"Custom\"\n body = \"{{body}}\""),
			ExpectError: failing(
				"Missing provider_url",
				"provider_name = \"Custom\" needs provider_url. Set provider_url in this block.",
			),
		},
		resource.TestStep{
			Config: server.sender("provider_name = \"Vonage\"\n key = \"key\"\n sender = \"ACME\""),
			ExpectError: failing(
				"Missing secret",
				"provider_name = \"Vonage\" needs secret. Set secret_wo and secret_wo_version",
			),
		},
		resource.TestStep{
			Config:        custom(""),
			PostApplyFunc: server.sending(stored("JSON", map[string]string{"body": body}), http.MethodPost),
		},
		resource.TestStep{
			Config: custom(`
				content_type = "FORM"
				http_method  = "POST"
				http_headers = "Authorization: Bearer t0k:en/+%&=, X-Tenant: 1"`),
			PostApplyFunc: server.sending(stored("FORM", map[string]string{
				"body": body, "http.method": "POST", "http.headers": "Authorization: Bearer t0k:en/+%&=, X-Tenant: 1",
			}), http.MethodPut),
		},
		resource.TestStep{ // what is no longer there is taken back
			Config:        custom(""),
			PostApplyFunc: server.sending(stored("JSON", map[string]string{"body": body}), http.MethodPut),
		},
	)
}

// TestAccSMSSender_withSMSOTP has the sender and SMS OTP in one configuration.
func TestAccSMSSender_withSMSOTP(t *testing.T) {
	t.Parallel()
	server := startAccServer(t)
	config := func(twoFactor string) string {
		return server.sender(`
			provider_name = "Vonage"
			key           = "key"
			secret        = "secret"
			sender        = "ACME"`) + "resource \"asgardeo_my_account_two_factor\" \"this\" {\n" + twoFactor + "\n}\n"
	}
	server.run(
		// SMS OTP goes off first.
		server.writing(
			"bifrost/myaccount-2FA-config sms_otp_enabled=false",
			"DELETE /t/bifrost/api/server/v2/notification-senders/sms/SMSPublisher",
		),
		resource.TestStep{
			Config: server.twoFactor(`sms_otp_enabled = true`),
			ExpectError: failing(
				"sms_otp_enabled needs an SMS sender",
				`Organization "bifrost" has no SMS sender`,
				"asgardeo_sms_sender.<name>.name",
			),
		},
		resource.TestStep{
			Config:        config("sms_otp_enabled = true\n depends_on = [asgardeo_sms_sender.this]"),
			PostApplyFunc: also(server.holding("bifrost/myaccount-2FA-config sms_otp_enabled=true"), server.ClearRequests),
		},
		resource.TestStep{ // SMS OTP would be left without it
			Config: server.twoFactor(`sms_otp_enabled = true`),
			ExpectError: failing(
				`SMS OTP of "bifrost" needs the SMS sender`,
				"This plan destroys the SMS sender",
				"removed block",
			),
		},
		resource.TestStep{
			PreConfig:     server.ClearRequests,
			Config:        config("sms_otp_enabled = true\n depends_on = [asgardeo_sms_sender.this]"),
			PostApplyFunc: server.writing(),
		},
	)
}

func TestAccSMSSender_existsAlready(t *testing.T) {
	t.Parallel()
	server := startAccServer(t, withSMSSender())
	config := server.sender("provider_name = \"Twilio\"\n key = \"sid\"\n secret = \"token\"\n sender = \"+15550100\"")
	server.run(nil,
		resource.TestStep{
			Config: config,
			ExpectError: failing(
				"Unable to create the SMS sender",
				`Organization "bifrost" has an SMS sender already`,
				"terraform import asgardeo_sms_sender.<name> bifrost",
			),
		},
		resource.TestStep{
			PreConfig: server.ClearRequests,
			Config: config + `
				import {
					to = asgardeo_sms_sender.this
					id = "bifrost"
				}
				data "asgardeo_sms_sender" "this" {}`,
			ConfigPlanChecks: planning(senderAddress, plancheck.ResourceActionUpdate),
			ConfigStateChecks: saving(
				"data.asgardeo_sms_sender.this",
				map[string]any{"provider_name": "Twilio", "sender": "+15550100", "usable": true},
			),
			PostApplyFunc: server.sending(smsSender()), // the secrets are the same
		},
	)
}

func TestAccIdentity_smsSender(t *testing.T) {
	t.Parallel()
	server := startAccServer(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: accProviders(t),
		TerraformVersionChecks:   identityVersions,
		Steps: []resource.TestStep{
			{
				Config: server.sender(
					"provider_name = \"Custom\"\n provider_url = \"https://sms.example.com\"\n body = \"{{mobile}} {{body}}\"",
				),
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectIdentity(senderAddress, map[string]knownvalue.Check{
					"organization": knownvalue.StringExact("bifrost"), "name": knownvalue.StringExact("SMSPublisher"),
				})},
			},
			{ResourceName: senderAddress, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		},
	})
}
