package smssender_test

import (
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

func TestAccSMSSender_writeOnly(t *testing.T) {
	t.Parallel()
	providertest.NeedsCLI(t)
	server := providertest.StartAccServer(t)
	twilioBlock := func(key, secret, version, sender string) string {
		return server.Sender(`
			provider_name     = "Twilio"
			key_wo            = "` + key + `"
			key_wo_version    = 1
			secret_wo         = "` + secret + `"
			secret_wo_version = ` + version + `
			sender            = "` + sender + `"`)
	}
	stored := func(key, secret, sender string) *liveSender {
		return &mockserver.SMSSender{
			Provider:    "Twilio",
			Key:         new(key),
			Secret:      new(secret),
			Sender:      new(sender),
			ContentType: "JSON",
		}
	}
	server.Run(server.Sending(nil, http.MethodDelete),
		resource.TestStep{
			Config:           twilioBlock("sid", "first", "1", "+15550100"),
			ConfigPlanChecks: providertest.Planning(providertest.SenderAddress, plancheck.ResourceActionCreate),
			ConfigStateChecks: providertest.Saving(providertest.SenderAddress, map[string]any{
				"organization": "bifrost", "name": "SMSPublisher", "provider_name": "Twilio", "content_type": "JSON",
				"key": nil, "key_wo": nil, "secret": nil, "secret_wo": nil, "sender": "+15550100",
			}),
			PostApplyFunc: server.Sending(stored("sid", "first", "+15550100"), http.MethodPost),
		},
		resource.TestStep{ // the server forgets what is not sent, so the live secrets go back
			Config:           twilioBlock("sid", "first", "1", "+15550199"),
			ConfigPlanChecks: providertest.Planning(providertest.SenderAddress, plancheck.ResourceActionUpdate),
			PostApplyFunc:    server.Sending(stored("sid", "first", "+15550199"), http.MethodPut),
		},
		resource.TestStep{ // nobody can see that a write-only value is another one
			Config:           twilioBlock("sid", "second", "1", "+15550199"),
			ConfigPlanChecks: providertest.PlanningNothing(),
			PostApplyFunc:    server.Sending(stored("sid", "first", "+15550199")),
		},
		resource.TestStep{
			Config:           twilioBlock("sid", "second", "2", "+15550199"),
			ConfigPlanChecks: providertest.Planning(providertest.SenderAddress, plancheck.ResourceActionUpdate),
			PostApplyFunc:    server.Sending(stored("sid", "second", "+15550199"), http.MethodPut),
		},
		resource.TestStep{
			ResourceName:                         providertest.SenderAddress,
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
			Config:           twilioBlock("sid", "second", "2", "+15550199"),
			ConfigPlanChecks: providertest.Planning(providertest.SenderAddress, plancheck.ResourceActionUpdate),
			PostApplyFunc:    server.Sending(stored("sid", "second", "+15550199"), http.MethodPut),
		},
		resource.TestStep{ // gone
			PreConfig: func() {
				server.Update(func(state *mockserver.State) { clear(state.Organizations["bifrost"].SMSSenders) })
			},
			Config:           twilioBlock("sid", "second", "2", "+15550199"),
			ConfigPlanChecks: providertest.Planning(providertest.SenderAddress, plancheck.ResourceActionCreate),
			PostApplyFunc:    server.Sending(stored("sid", "second", "+15550199"), http.MethodPost),
		},
	)
}

func TestAccSMSSender_custom(t *testing.T) {
	t.Parallel()
	server := providertest.StartAccServer(t)
	customBlock := func(more string) string {
		return server.Sender(`
			provider_name = "Custom"
			provider_url  = "https://sms.example.com/v1"
			body          = "{\"to\": {{mobile}}, \"text\": {{body}}}"
			` + more)
	}
	const body = `{"to": {{mobile}}, "text": {{body}}}`
	stored := func(contentType string, properties map[string]string) *liveSender {
		return &mockserver.SMSSender{
			Provider:    "Custom",
			ProviderURL: new("https://sms.example.com/v1"),
			ContentType: contentType,
			Properties:  properties,
		}
	}
	server.Run(nil,
		resource.TestStep{
			Config: server.Sender("provider_name = \"Custom\"\n body = \"{{body}}\""),
			ExpectError: providertest.Failing("Missing provider_url",
				"provider_name = \"Custom\" needs provider_url. Set provider_url in this block."),
		},
		resource.TestStep{
			Config: server.Sender("provider_name = \"Vonage\"\n key = \"key\"\n sender = \"ACME\""),
			ExpectError: providertest.Failing("Missing secret",
				"provider_name = \"Vonage\" needs secret. Set secret_wo and secret_wo_version"),
		},
		resource.TestStep{
			Config:        customBlock(""),
			PostApplyFunc: server.Sending(stored("JSON", map[string]string{"body": body}), http.MethodPost),
		},
		resource.TestStep{
			Config: customBlock(`
				content_type = "FORM"
				http_method  = "POST"
				http_headers = "Authorization: Bearer t0k:en/+%&=, X-Tenant: 1"`),
			PostApplyFunc: server.Sending(stored("FORM", map[string]string{
				"body": body, "http.method": "POST", "http.headers": "Authorization: Bearer t0k:en/+%&=, X-Tenant: 1",
			}), http.MethodPut),
		},
		resource.TestStep{ // what is no longer there is taken back
			Config:        customBlock(""),
			PostApplyFunc: server.Sending(stored("JSON", map[string]string{"body": body}), http.MethodPut),
		},
	)
}

// TestAccSMSSender_withSMSOTP has the sender and SMS OTP in one configuration.
func TestAccSMSSender_withSMSOTP(t *testing.T) {
	t.Parallel()
	server := providertest.StartAccServer(t)
	config := func(twoFactor string) string {
		return server.Sender(`
			provider_name = "Vonage"
			key           = "key"
			secret        = "secret"
			sender        = "ACME"`) + "resource \"asgardeo_my_account_two_factor\" \"this\" {\n" + twoFactor + "\n}\n"
	}
	server.Run(
		// SMS OTP goes off first.
		server.Writing("bifrost/myaccount-2FA-config sms_otp_enabled=false",
			"DELETE /t/bifrost/api/server/v2/notification-senders/sms/SMSPublisher"),
		resource.TestStep{
			Config: server.TwoFactor(`sms_otp_enabled = true`),
			ExpectError: providertest.Failing("sms_otp_enabled needs an SMS sender", `Organization "bifrost" has no SMS sender`,
				"asgardeo_sms_sender.<name>.name"),
		},
		resource.TestStep{
			Config: config("sms_otp_enabled = true\n depends_on = [asgardeo_sms_sender.this]"),
			PostApplyFunc: providertest.AllOf(server.Holding("bifrost/myaccount-2FA-config sms_otp_enabled=true"),
				server.ClearRequests),
		},
		resource.TestStep{ // SMS OTP would be left without it
			Config: server.TwoFactor(`sms_otp_enabled = true`),
			ExpectError: providertest.Failing(`SMS OTP of "bifrost" needs the SMS sender`, "This plan destroys the SMS sender",
				"removed block"),
		},
		resource.TestStep{
			PreConfig:     server.ClearRequests,
			Config:        config("sms_otp_enabled = true\n depends_on = [asgardeo_sms_sender.this]"),
			PostApplyFunc: server.Writing(),
		},
	)
}

func TestAccSMSSender_existsAlready(t *testing.T) {
	t.Parallel()
	server := providertest.StartAccServer(t, providertest.WithSMSSender())
	config := server.Sender("provider_name = \"Twilio\"\n key = \"sid\"\n secret = \"token\"\n sender = \"+15550100\"")
	server.Run(nil,
		resource.TestStep{
			Config: config,
			ExpectError: providertest.Failing("Unable to create the SMS sender",
				`Organization "bifrost" has an SMS sender already`, "terraform import asgardeo_sms_sender.<name> bifrost"),
		},
		resource.TestStep{
			PreConfig: server.ClearRequests,
			Config: config + `
				import {
					to = asgardeo_sms_sender.this
					id = "bifrost"
				}
				data "asgardeo_sms_sender" "this" {}`,
			ConfigPlanChecks: providertest.Planning(providertest.SenderAddress, plancheck.ResourceActionUpdate),
			ConfigStateChecks: providertest.Saving("data.asgardeo_sms_sender.this",
				map[string]any{"provider_name": "Twilio", "sender": "+15550100", "usable": true}),
			PostApplyFunc: server.Sending(providertest.StoredSMSSender()), // the secrets are the same
		},
	)
}

func TestAccIdentity_smsSender(t *testing.T) {
	t.Parallel()
	server := providertest.StartAccServer(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: providertest.AccProviders(t),
		TerraformVersionChecks:   providertest.IdentityVersions,
		Steps: []resource.TestStep{
			{
				Config: server.Sender(
					"provider_name = \"Custom\"\n provider_url = \"https://sms.example.com\"\n body = \"{{mobile}} {{body}}\"",
				),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectIdentity(providertest.SenderAddress, map[string]knownvalue.Check{
						"organization": knownvalue.StringExact("bifrost"), "name": knownvalue.StringExact("SMSPublisher"),
					}),
				},
			},
			{
				ResourceName: providertest.SenderAddress, ImportState: true,
				ImportStateKind: resource.ImportBlockWithResourceIdentity,
			},
		},
	})
}
