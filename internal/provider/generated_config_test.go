package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Terraform writes configuration for what it imports or lists. Planned with it, nothing changes.

func TestGeneratedConfiguration(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		typeName string
		sender   *mockserver.SMSSender
		want     values
		secret   values // what generated configuration lacks, and the resource needs
	}{
		{"portal", portalType, nil, values{"organization": "bifrost", "enabled": false}, nil},
		{"two factors", twoFactorType, nil, providertest.FactorsWith(values{
			"organization": "bifrost", "totp_enabled": true, "totp_enrollment_enabled": true, "backup_codes_enabled": true,
		}), nil},
		{"two factors with SMS OTP", twoFactorType, providertest.TwilioStored(), providertest.FactorsWith(values{
			"organization": "bifrost", "sms_otp_enabled": true, "totp_enabled": true, "totp_enrollment_enabled": true,
			"backup_codes_enabled": true,
		}), nil},
		{"sender at Twilio", senderType, providertest.TwilioStored(), values{
			"organization": "bifrost", "provider_name": "Twilio", "sender": "+15550100", "content_type": "JSON",
		}, nil},
		// The headers, a secret, stay where they are.
		{"sender at a custom gateway", senderType, providertest.CustomStored(), values{
			"organization": "bifrost", "provider_name": "Custom", "http_method": "PUT", "content_type": "FORM",
		}, values{"provider_url": providertest.Custom["provider_url"], "body": providertest.Custom["body"]}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspace(t)
			w.SetSender(test.sender)
			w.Console(providertest.Stored{
				providertest.StatusObject: {"enable": "false", "future": "kept"},
				providertest.TwoFactorObject: {
					"totp_enabled": "true", "backup_code_enabled": "True", "sms_otp_enabled": fmt.Sprint(test.sender != nil),
				},
				providertest.EnrollmentObject: {"enrolUserInAuthenticationFlow": "true"},
			})
			before := w.Mock.State()
			var generated []values

			imported := w.Adopt(test.typeName)
			generated = append(generated, w.Start().GenerateConfig(test.typeName, imported.State))

			results, diags := w.Start().List(test.typeName, values{}, true, 0)
			providertest.WantNoDiagnostics(t, diags)
			generated = append(generated, w.Start().GenerateConfig(test.typeName, results[0].Resource))

			for i, config := range generated {
				if !providertest.Same(config, test.want) {
					t.Errorf("configuration %d is %v, want %v", i, config, test.want)
				}
				o, diags := w.Start().ImportByIdentity(test.typeName, results[0].Identity)
				providertest.WantNoDiagnostics(t, diags)
				if test.secret != nil {
					if text := w.Start().Plan(o, config).Diags.Errors().String(); !strings.Contains(text,
						"Configuration that Terraform generates lacks what may hold credentials.") {
						t.Errorf("the error does not tell why something is missing:\n%s", text)
					}
				}
				saved := w.WantAction(o, config.With(test.secret), "no-op")
				providertest.WantNoDiagnostics(t, saved.Diags)
				if len(saved.RequiresReplace) > 0 {
					t.Errorf("requires replacement: %v", saved.RequiresReplace)
				}
			}
			w.WantUnchanged(before)
		})
	}
}

// TestGeneratedConfigurationWithSecrets: the secrets that generated configuration lacks are added later, as one change.
func TestGeneratedConfigurationWithSecrets(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	w.SetSender(providertest.TwilioStored())
	before := w.Mock.State()
	o := w.Adopt(senderType)
	config := w.Start().GenerateConfig(senderType, o.State)
	// without a version nobody sees them
	w.WantAction(o, config.With(values{"secret_wo": "first-secret", "key_wo": "first-key"}), "no-op")

	// The same secret: Terraform's own bookkeeping changes, and nothing on the server.
	config = config.With(values{"secret_wo": "first-secret", "secret_wo_version": 1})
	saved := w.WantAction(o, config, "update")
	providertest.WantNoDiagnostics(t, saved.Diags)
	providertest.WantNoDiagnostics(t, w.Apply(saved))
	w.WantUnchanged(before)
	w.WantAction(o, config, "no-op")

	// Another one.
	w.Up(o, config.With(values{"secret_wo": "x", "secret_wo_version": 2}))
	want := providertest.TwilioStored()
	want.Secret = new("x")
	w.WantSender(want)
}

// TestGeneratedConfigurationOfTheBuiltInSender: it cannot be configured, and says so before anything happens.
func TestGeneratedConfigurationOfTheBuiltInSender(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	w.SetSender(&mockserver.SMSSender{
		Provider: "choreo", ContentType: "FORM", Properties: map[string]string{"channel.type": "choreo"},
	})
	o := w.Adopt(senderType)
	p := w.Start()
	response, err := p.Server.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: senderType, Config: p.Encode(p.ResourceType(o), p.GenerateConfig(senderType, o.State)),
	})
	providertest.Must(t, err)
	providertest.WantError(t, response.Diagnostics, "[provider_name]",
		`"choreo" is the sender that Asgardeo provides itself, which cannot be declared`)
}
