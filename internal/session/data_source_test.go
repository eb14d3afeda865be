package session_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Data sources show every live value, declared somewhere or not, of any organization.

func TestDataSources(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewFleetIn(t, at)
		bifrost := providertest.FactorsWith(
			values{"email_otp_enabled": true, "totp_enabled": true, "totp_enrollment_enabled": true},
		)
		alfheim := providertest.FactorsWith(values{"sms_otp_enabled": true, "backup_codes_enabled": true})
		w.SetsIn("bifrost", bifrost.With(values{"enabled": false}))
		w.SetsIn("alfheim", alfheim.With(values{"enabled": true}))
		for _, test := range []struct {
			name, typeName string
			config, want   values
		}{
			{"portal of the provider's organization", portalType, values{}, values{
				"organization": "bifrost", "api": at.String(), "enabled": false, "url": w.Mock.URL() + "/t/bifrost/myaccount",
			}},
			{"portal of another organization", portalType, values{"organization": "alfheim"}, values{
				"organization": "alfheim", "api": at.String(), "enabled": true, "url": w.Mock.URL() + "/t/alfheim/myaccount",
			}},
			{"two-factor settings of the provider's organization", twoFactorType, values{}, bifrost.With(values{
				"organization": "bifrost", "api": at.String(),
			})},
			{"two-factor settings of another organization", twoFactorType, values{
				"organization": "alfheim",
			}, at.ShownValues(alfheim.With(values{"organization": "alfheim", "api": at.String()}))},
		} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				got, diags := w.Start().Read(test.typeName, test.config)
				providertest.WantNoDiagnostics(t, diags)
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("the data differs (- want, + got):\n%s", diff)
				}
			})
		}
	})
}

func TestSMSSenderDataSource(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		name   string
		sender *mockserver.SMSSender
		want   values
	}{
		{
			"Twilio", providertest.TwilioStored(),
			values{"provider_name": "Twilio", "sender": "+15550100", "content_type": "JSON", "usable": true},
		},
		{"Custom", providertest.CustomStored(), values{
			"provider_name": "Custom", "provider_url": "https://sms.example.com/v1?a=1&b=<2>", "content_type": "FORM",
			"http_method": "PUT", "usable": true,
		}},
		{
			"the built-in one",
			&mockserver.SMSSender{
				Provider: "choreo", ContentType: "FORM", Properties: map[string]string{"channel.type": "choreo"},
			},
			values{"provider_name": "choreo", "content_type": "FORM", "usable": true},
		},
		{
			"of a gateway that SMS OTP does not know",
			&mockserver.SMSSender{Provider: "Bulksms", Key: new("k"), Secret: new("s"), ContentType: "JSON"},
			values{"provider_name": "Bulksms", "content_type": "JSON", "usable": false},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspace(t)
			_, diags := w.Start().Read(senderType, values{}) // negative control
			providertest.WantError(t, diags, "No SMS sender", `Organization "bifrost" has no SMS sender`)
			w.SetSender(test.sender)
			for _, config := range []values{{}, {"organization": "bifrost"}} {
				got, diags := w.Start().Read(senderType, config)
				providertest.WantNoDiagnostics(t, diags)
				if diff := cmp.Diff(test.want.With(values{"organization": "bifrost", "name": "SMSPublisher"}), got); diff != "" {
					t.Errorf("the data differs (- want, + got):\n%s", diff)
				}
			}
		})
	}
}

func TestDataSourceOfAMalformedOrganization(t *testing.T) {
	t.Parallel()

	w := providertest.NewWorkspace(t)
	for _, typeName := range []string{portalType, twoFactorType, flowType} {
		_, diags := w.Start().Read(typeName, values{"organization": "Bifrost"})
		providertest.WantError(t, diags, "[organization]", `write "bifrost"`)
		_, diags = w.Start().Read(typeName, values{"organization": ""})
		providertest.WantError(t, diags, "[organization]", "must not be empty")
	}
	w.WantCalls()
}
