package provider

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Data sources show every live value, declared somewhere or not, of any organization.

func TestDataSources(t *testing.T) {
	t.Parallel()

	w := newFleet(t)
	w.mock.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].MyAccount = stored{
			statusObject:     {"enable": "false"},
			twoFactorObject:  {"email_otp_enabled": "true", "sms_otp_enabled": "false", "totp_enabled": "true", "backup_code_enabled": "false"},
			enrollmentObject: {"enrolUserInAuthenticationFlow": "true"},
		}
		state.Organizations["alfheim"].MyAccount = stored{
			statusObject:     {"enable": "true"},
			twoFactorObject:  {"email_otp_enabled": "false", "sms_otp_enabled": "true", "totp_enabled": "false", "backup_code_enabled": "true"},
			enrollmentObject: {"enrolUserInAuthenticationFlow": "false"},
		}
	})
	for _, test := range []struct {
		name, typeName string
		config, want   values
	}{
		{"portal of the provider's organization", portal, values{}, values{
			"organization": "bifrost", "enabled": false, "url": w.mock.URL() + "/t/bifrost/myaccount",
		}},
		{"portal of another organization", portal, values{"organization": "alfheim"}, values{
			"organization": "alfheim", "enabled": true, "url": w.mock.URL() + "/t/alfheim/myaccount",
		}},
		{"two-factor settings of the provider's organization", twoFactor, values{}, values{
			"organization": "bifrost", "email_otp_enabled": true, "sms_otp_enabled": false, "totp_enabled": true,
			"totp_enrollment_enabled": true, "backup_codes_enabled": false,
		}},
		{"two-factor settings of another organization", twoFactor, values{"organization": "alfheim"}, values{
			"organization": "alfheim", "email_otp_enabled": false, "sms_otp_enabled": true, "totp_enabled": false,
			"totp_enrollment_enabled": false, "backup_codes_enabled": true,
		}},
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
}

func TestDataSourceOfAMalformedOrganization(t *testing.T) {
	t.Parallel()

	w := newWorkspace(t)
	for _, typeName := range []string{portal, twoFactor} {
		_, diags := w.start().read(typeName, values{"organization": "Bifrost"})
		wantError(t, diags, "[organization]", `write "bifrost"`)
		_, diags = w.start().read(typeName, values{"organization": ""})
		wantError(t, diags, "[organization]", "must not be empty")
	}
	w.wantCalls()
}
