package provider

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Data sources show every live value, declared somewhere or not, of any organization.

func TestDataSources(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newFleetIn(t, at)
		w.setsIn("bifrost", values{
			"enabled": false, "email_otp_enabled": true, "sms_otp_enabled": false, "totp_enabled": true,
			"backup_codes_enabled": false, "totp_enrollment_enabled": true,
		})
		w.setsIn("alfheim", values{
			"enabled": true, "email_otp_enabled": false, "sms_otp_enabled": true, "totp_enabled": false,
			"backup_codes_enabled": true, "totp_enrollment_enabled": false,
		})
		for _, test := range []struct {
			name, typeName string
			config, want   values
		}{
			{"portal of the provider's organization", portal, values{}, values{
				"organization": "bifrost", "api": at.String(), "enabled": false, "url": w.mock.URL() + "/t/bifrost/myaccount",
			}},
			{"portal of another organization", portal, values{"organization": "alfheim"}, values{
				"organization": "alfheim", "api": at.String(), "enabled": true, "url": w.mock.URL() + "/t/alfheim/myaccount",
			}},
			{"two-factor settings of the provider's organization", twoFactor, values{}, values{
				"organization": "bifrost", "api": at.String(), "email_otp_enabled": true, "sms_otp_enabled": false,
				"totp_enabled":            true,
				"totp_enrollment_enabled": true, "backup_codes_enabled": false,
			}},
			{"two-factor settings of another organization", twoFactor, values{"organization": "alfheim"}, at.showing(values{
				"organization": "alfheim", "api": at.String(), "email_otp_enabled": false, "sms_otp_enabled": true,
				"totp_enabled":            false,
				"totp_enrollment_enabled": false, "backup_codes_enabled": true,
			})},
		} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				got, diags := w.start().read(test.typeName, test.config)
				wantNoDiagnostics(t, diags)
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
		{"Twilio", twilioStored(), values{"provider_name": "Twilio", "sender": "+15550100", "content_type": "JSON",
			"usable": true}},
		{"Custom", customStored(), values{
			"provider_name": "Custom", "provider_url": "https://sms.example.com/v1?a=1&b=<2>", "content_type": "FORM",
			"http_method": "PUT", "usable": true,
		}},
		{
			"the built-in one", &mockserver.SMSSender{Provider: "choreo", ContentType: "FORM",
				Properties: map[string]string{"channel.type": "choreo"}},
			values{"provider_name": "choreo", "content_type": "FORM", "usable": true},
		},
		{
			"of a gateway that SMS OTP does not know", &mockserver.SMSSender{Provider: "Bulksms", Key: new("k"),
				Secret: new("s"), ContentType: "JSON"},
			values{"provider_name": "Bulksms", "content_type": "JSON", "usable": false},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			_, diags := w.start().read(senderType, values{}) // negative control
			wantError(t, diags, "No SMS sender", `Organization "bifrost" has no SMS sender`)
			w.setSender(test.sender)
			for _, config := range []values{{}, {"organization": "bifrost"}} {
				got, diags := w.start().read(senderType, config)
				wantNoDiagnostics(t, diags)
				if diff := cmp.Diff(test.want.with(values{"organization": "bifrost", "name": "SMSPublisher"}), got); diff != "" {
					t.Errorf("the data differs (- want, + got):\n%s", diff)
				}
			}
		})
	}
}

func TestDataSourceOfAMalformedOrganization(t *testing.T) {
	t.Parallel()

	w := newWorkspace(t)
	for _, typeName := range []string{portal, twoFactor, loginFlowType} {
		_, diags := w.start().read(typeName, values{"organization": "Bifrost"})
		wantError(t, diags, "[organization]", `write "bifrost"`)
		_, diags = w.start().read(typeName, values{"organization": ""})
		wantError(t, diags, "[organization]", "must not be empty")
	}
	w.wantCalls()
}
