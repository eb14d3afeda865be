package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Terraform writes configuration for what it imports or lists. Planned with it, nothing changes.

// generate makes a configuration of a state as Terraform does: without what is computed only, and without sensitive and
// write-only values.
func (p *process) generate(typeName string, state values) values {
	config := values{}
	for _, attribute := range p.schemas.ResourceSchemas[typeName].Block.Attributes {
		written := attribute.Required || attribute.Optional
		if value := state[attribute.Name]; written && !attribute.Sensitive && !attribute.WriteOnly && value != nil {
			config[attribute.Name] = value
		}
	}
	return config
}

func TestGeneratedConfiguration(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		typeName string
		sender   *mockserver.SMSSender
		want     values
		secret   values // what generated configuration lacks, and the resource needs
	}{
		{"portal", portal, nil, values{"organization": "bifrost", "enabled": false}, nil},
		{"two factors", twoFactor, nil, factorsWith(values{
			"organization": "bifrost", "totp_enabled": true, "totp_enrollment_enabled": true, "backup_codes_enabled": true,
		}), nil},
		{"two factors with SMS OTP", twoFactor, twilioStored(), factorsWith(values{
			"organization": "bifrost", "sms_otp_enabled": true, "totp_enabled": true, "totp_enrollment_enabled": true,
			"backup_codes_enabled": true,
		}), nil},
		{"sender at Twilio", senderType, twilioStored(), values{
			"organization": "bifrost", "provider_name": "Twilio", "sender": "+15550100", "content_type": "JSON",
		}, nil},
		{"sender at a custom gateway", senderType, customStored(), values{ // whose headers, a secret, stay where they are
			"organization": "bifrost", "provider_name": "Custom", "http_method": "PUT", "content_type": "FORM",
		}, values{"provider_url": custom["provider_url"], "body": custom["body"]}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			w.setSender(test.sender)
			w.console(stored{
				statusObject: {"enable": "false", "future": "kept"},
				twoFactorObject: {
					"totp_enabled": "true", "backup_code_enabled": "True", "sms_otp_enabled": fmt.Sprint(test.sender != nil),
				},
				enrollmentObject: {"enrolUserInAuthenticationFlow": "true"},
			})
			before := w.mock.State()
			var generated []values

			imported := w.adopt(test.typeName)
			generated = append(generated, w.start().generate(test.typeName, imported.state))

			results, diags := w.start().list(test.typeName, values{}, true, 0)
			wantNoDiagnostics(t, diags)
			generated = append(generated, w.start().generate(test.typeName, results[0].resource))

			for i, config := range generated {
				if !same(config, test.want) {
					t.Errorf("configuration %d is %v, want %v", i, config, test.want)
				}
				o, diags := w.start().importByIdentity(test.typeName, results[0].identity)
				wantNoDiagnostics(t, diags)
				if test.secret != nil {
					if text := w.start().plan(o, config).diags.errors().String(); !strings.Contains(text,
						"Configuration that Terraform generates lacks what may hold credentials.") {
						t.Errorf("the error does not tell why something is missing:\n%s", text)
					}
				}
				saved := w.wantAction(o, config.with(test.secret), "no-op")
				wantNoDiagnostics(t, saved.diags)
				if len(saved.requiresReplace) > 0 {
					t.Errorf("requires replacement: %v", saved.requiresReplace)
				}
			}
			w.wantUnchanged(before)
		})
	}
}

func (w *workspace) wantUnchanged(before mockserver.State) {
	w.t.Helper()
	if after := w.mock.State(); !same(before, after) {
		w.t.Errorf("the server was changed from %v to %v", before, after)
	}
}

// TestGeneratedConfigurationWithSecrets: the secrets that generated configuration lacks are added later, as one change.
func TestGeneratedConfigurationWithSecrets(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.setSender(twilioStored())
	before := w.mock.State()
	o := w.adopt(senderType)
	config := w.start().generate(senderType, o.state)
	// without a version nobody sees them
	w.wantAction(o, config.with(values{"secret_wo": "first-secret", "key_wo": "first-key"}), "no-op")

	// The same secret: Terraform's own bookkeeping changes, and nothing on the server.
	config = config.with(values{"secret_wo": "first-secret", "secret_wo_version": 1})
	saved := w.wantAction(o, config, "update")
	wantNoDiagnostics(t, saved.diags)
	wantNoDiagnostics(t, w.apply(saved))
	w.wantUnchanged(before)
	w.wantAction(o, config, "no-op")

	// Another one.
	w.up(o, config.with(values{"secret_wo": "x", "secret_wo_version": 2}))
	want := twilioStored()
	want.Secret = new("x")
	w.wantSender(want)
}

// TestGeneratedConfigurationOfTheBuiltInSender: it cannot be configured, and says so before anything happens.
func TestGeneratedConfigurationOfTheBuiltInSender(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.setSender(&mockserver.SMSSender{
		Provider: "choreo", ContentType: "FORM", Properties: map[string]string{"channel.type": "choreo"},
	})
	o := w.adopt(senderType)
	p := w.start()
	response, err := p.server.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: senderType, Config: p.encode(p.resourceType(o), p.generate(senderType, o.state)),
	})
	must(t, err)
	wantError(t, response.Diagnostics, "[provider_name]",
		`"choreo" is the sender that Asgardeo provides itself, which cannot be declared`)
}
