package provider_test

import (
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Sequences that the model found a mistake with, or that it takes long to find.

func TestModelRegressions(t *testing.T) {
	t.Parallel()

	twilio := providertest.Values{"provider_name": "Twilio", "sender": "+15550100", "key": "one", "secret": "one"}
	inOrder := []int{0, 1, 2, 3, 4, 5}
	for name, steps := range map[string][]step{
		"a create that fails half-way puts back what it wrote": {
			{
				verb: "apply", again: true,
				targets: []target{{typeName: providertest.TwoFactor, config: providertest.Values{"totp_enabled": true, "totp_enrollment_enabled": true}}},
				applyFaults: []providertest.Hitch{
					{
						Organization: "bifrost", Method: "PUT", Path: providertest.StoreCalls, Skip: 1, Times: 1,
						Fault: mockserver.Fault{Action: mockserver.ActionStatus, Status: 400},
					},
				},
			},
		},
		"a sender that goes before SMS OTP is deleted by whoever switches that off": {
			{verb: "apply", targets: []target{{typeName: providertest.SenderType, config: twilio}}},
			{verb: "apply", targets: []target{{typeName: providertest.TwoFactor, config: providertest.Values{"sms_otp_enabled": true}}}},
			{
				verb: "apply", targets: []target{{typeName: providertest.SenderType}, {typeName: providertest.TwoFactor}}, planTurns: inOrder,
				turns: inOrder,
			},
		},
		"a sender that nothing will need is deleted, and the plan says no other thing": {
			{verb: "apply", targets: []target{{typeName: providertest.SenderType, config: twilio}}},
			{verb: "apply", targets: []target{{typeName: providertest.TwoFactor, config: providertest.Values{"sms_otp_enabled": true}}}},
			{
				verb:    "apply",
				targets: []target{{typeName: providertest.TwoFactor, config: providertest.Values{"sms_otp_enabled": false}}, {typeName: providertest.SenderType}},
			},
		},
		"a stale list of senders is no reason to forget the sender": {
			{
				verb: "apply",
				targets: []target{
					{
						typeName: providertest.SenderType,
						config:   providertest.Values{"provider_name": "Custom", "provider_url": "https://sms.example.com", "body": "{}"},
					},
				},
			},
			{
				verb: "apply",
				targets: []target{
					{
						typeName: providertest.SenderType,
						config:   providertest.Values{"provider_name": "Custom", "provider_url": "https://sms.example.com", "body": "{{body}}"},
					},
				},
				planFaults: []providertest.Hitch{
					{
						Organization: "bifrost", Method: "GET", Path: providertest.SenderCalls, Times: 1,
						Fault: mockserver.Fault{Action: mockserver.ActionStaleRead},
					},
				},
			},
		},
		"what an update wrote without an answer is put back": {
			{verb: "import", targets: []target{{typeName: providertest.Portal}}},
			{
				verb: "apply", targets: []target{{typeName: providertest.Portal, config: providertest.Values{"enabled": false}}},
				applyFaults: []providertest.Hitch{
					{
						Organization: "bifrost", Method: "PUT", Path: providertest.StoreCalls, Times: -1,
						Fault: mockserver.Fault{Action: mockserver.ActionDropAfter},
					},
				},
			},
		},
		"what somebody else switched on stays on after an update without an answer": {
			{verb: "import", targets: []target{{typeName: providertest.TwoFactor}}},
			{verb: "console", edits: []providertest.Edit{{Organization: "bifrost", What: "set", Flag: "totp_enabled", Value: "TRUE"}}},
			{
				verb:    "apply",
				targets: []target{{typeName: providertest.TwoFactor, config: providertest.Values{"backup_codes_enabled": true, "totp_enabled": true}}},
				applyFaults: []providertest.Hitch{
					{
						Organization: "bifrost", Method: "PUT", Path: providertest.StoreCalls, Times: -1,
						Fault: mockserver.Fault{Action: mockserver.ActionDropAfter},
					},
				},
			},
		},
		"what a newly declared setting was before an update without an answer is known after the next one": {
			{verb: "apply", targets: []target{{typeName: providertest.TwoFactor, config: providertest.Values{"email_otp_enabled": true}}}},
			{
				verb: "apply", again: true,
				targets: []target{{typeName: providertest.TwoFactor, config: providertest.Values{"email_otp_enabled": true, "totp_enabled": true}}},
				applyFaults: []providertest.Hitch{
					{
						Organization: "bifrost", Method: "PUT", Path: providertest.StoreCalls, Times: -1,
						Fault: mockserver.Fault{Action: mockserver.ActionDropAfter},
					},
				},
			},
		},
		"what an update changed back on the way is put back, too": {
			{verb: "console", edits: []providertest.Edit{{Organization: "bifrost", What: "save", Form: providertest.Values{"email_otp_enabled": true}}}},
			{
				verb:    "apply",
				targets: []target{{typeName: providertest.TwoFactor, config: providertest.Values{"email_otp_enabled": true, "totp_enabled": false}}},
			},
			{verb: "console", edits: []providertest.Edit{{Organization: "bifrost", What: "set", Flag: "email_otp_enabled", Value: "false"}}},
			{
				verb:    "apply",
				targets: []target{{typeName: providertest.TwoFactor, config: providertest.Values{"email_otp_enabled": false, "totp_enabled": true}}},
				edits:   []providertest.Edit{{Organization: "bifrost", What: "set", Flag: "email_otp_enabled", Value: "true"}},
			},
		},
		"enrollment is not switched on when TOTP went off since the plan": {
			{
				verb:    "apply",
				targets: []target{{typeName: providertest.TwoFactor, config: providertest.Values{"totp_enabled": true, "totp_enrollment_enabled": false}}},
			},
			{
				verb:    "apply",
				targets: []target{{typeName: providertest.TwoFactor, config: providertest.Values{"totp_enabled": true, "totp_enrollment_enabled": true}}},
				edits:   []providertest.Edit{{Organization: "bifrost", What: "set", Flag: "totp_enabled", Value: "false"}},
			},
		},
		"TOTP is not switched off when enrollment went on since the plan": {
			{
				verb:    "apply",
				targets: []target{{typeName: providertest.TwoFactor, config: providertest.Values{"totp_enabled": true, "totp_enrollment_enabled": false}}},
			},
			{
				verb:    "apply",
				targets: []target{{typeName: providertest.TwoFactor, config: providertest.Values{"totp_enabled": false, "totp_enrollment_enabled": false}}},
				edits:   []providertest.Edit{{Organization: "bifrost", What: "set", Flag: "totp_enrollment_enabled", Value: "true"}},
			},
		},
		"TOTP goes off on the way only while enrollment is off": {
			{
				verb:    "apply",
				targets: []target{{typeName: providertest.TwoFactor, config: providertest.Values{"backup_codes_enabled": false, "totp_enabled": false}}},
			},
			{
				verb: "apply", again: true,
				targets: []target{
					{
						typeName: providertest.TwoFactor,
						config:   providertest.Values{"backup_codes_enabled": true, "email_otp_enabled": true, "totp_enabled": false},
					},
				},
				edits: []providertest.Edit{
					{Organization: "bifrost", What: "save", Form: providertest.Values{"totp_enabled": true, "totp_enrollment_enabled": true}},
				},
			},
		},
		"SMS OTP goes on again on the way only while there is a sender": {
			{
				verb: "apply",
				targets: []target{
					{
						typeName: providertest.SenderType,
						config:   providertest.Values{"provider_name": "Custom", "provider_url": "https://sms.example.com", "body": "{}"},
					},
				},
			},
			{
				verb:    "apply",
				targets: []target{{typeName: providertest.TwoFactor, config: providertest.Values{"email_otp_enabled": false, "sms_otp_enabled": true}}},
			},
			{
				verb:    "apply",
				targets: []target{{typeName: providertest.TwoFactor, config: providertest.Values{"email_otp_enabled": true, "sms_otp_enabled": true}}},
				edits: []providertest.Edit{
					{Organization: "bifrost", What: "save", Form: providertest.Values{"sms_otp_enabled": false}},
					{Organization: "bifrost", What: "remove sender"},
				},
			},
		},
		"what a reset wrote that failed half-way is still put back": {
			{
				verb: "console",
				edits: []providertest.Edit{
					{Organization: "bifrost", What: "save", Form: providertest.Values{"totp_enabled": true, "totp_enrollment_enabled": true}},
				},
			},
			{
				verb: "apply",
				targets: []target{
					{
						typeName: providertest.TwoFactor, config: providertest.Values{"totp_enabled": true, "totp_enrollment_enabled": true, "on_destroy": "reset"},
					},
				},
			},
			{
				verb: "apply", targets: []target{{typeName: providertest.TwoFactor}},
				applyFaults: []providertest.Hitch{
					{
						Organization: "bifrost", Method: "PUT", Path: providertest.StoreCalls, Skip: 1, Times: -1,
						Fault: mockserver.Fault{Action: mockserver.ActionStatus, Status: 400},
					},
				},
			},
			{
				verb:    "apply",
				targets: []target{{typeName: providertest.TwoFactor, config: providertest.Values{"totp_enabled": true, "totp_enrollment_enabled": false}}},
			},
		},
		"a flow that somebody made their own is left alone by the destroy": {
			{
				verb:    "apply",
				targets: []target{{typeName: providertest.TwoFactor, config: providertest.Values{"email_otp_enabled": true, "totp_enabled": true}}},
			},
			{verb: "console", edits: []providertest.Edit{{Organization: "bifrost", What: "passkey"}}},
			{
				verb:    "plan",
				targets: []target{{typeName: providertest.TwoFactor, config: providertest.Values{"email_otp_enabled": false, "totp_enabled": true}}},
			},
			{
				verb:    "apply",
				targets: []target{{typeName: providertest.TwoFactor, config: providertest.Values{"email_otp_enabled": true, "totp_enabled": true}}},
			},
		},
		"a flow that somebody makes their own between plan and apply is not changed": {
			{verb: "apply", targets: []target{{typeName: providertest.TwoFactor, config: providertest.Values{"totp_enabled": true}}}},
			{
				verb: "apply",
				targets: []target{
					{typeName: providertest.TwoFactor, config: providertest.Values{"totp_enabled": false}}, {typeName: providertest.Portal, config: providertest.Values{"enabled": false}},
				},
				edits: []providertest.Edit{{Organization: "bifrost", What: "script"}},
			},
		},
		"reset of enrollment while TOTP is off": {
			{
				verb: "apply",
				targets: []target{
					{
						typeName: providertest.TwoFactor,
						config:   providertest.Values{"totp_enabled": true, "totp_enrollment_enabled": false, "on_destroy": "reset"},
					},
				},
			},
			{verb: "console", edits: []providertest.Edit{{Organization: "bifrost", What: "save", Form: providertest.Values{"email_otp_enabled": true}}}},
		},
		"backup codes that come before their factor are lost in an application": {
			{verb: "console", edits: []providertest.Edit{
				{Organization: "bifrost", What: "set", Flag: "backup_codes_enabled", Value: "true"},
				{Organization: "bifrost", What: "set", Flag: "sms_otp_enabled", Value: "true"},
			}},
		},
		"enrollment goes on after an import found it without a value": {
			{verb: "import", targets: []target{{typeName: providertest.TwoFactor}}},
			{
				verb: "console",
				edits: []providertest.Edit{
					{Organization: "bifrost", What: "save", Form: providertest.Values{"totp_enabled": true, "totp_enrollment_enabled": true}},
				},
			},
		},
		"restore of an enrollment that was not set while TOTP is off": {
			{verb: "console", edits: []providertest.Edit{
				{Organization: "bifrost", What: "save", Form: providertest.Values{"totp_enabled": true}},
				{Organization: "bifrost", What: "unset", Flag: "totp_enrollment_enabled"},
			}},
			{
				verb:    "apply",
				targets: []target{{typeName: providertest.TwoFactor, config: providertest.Values{"totp_enabled": true, "totp_enrollment_enabled": false}}},
			},
			{
				verb:    "apply",
				targets: []target{{typeName: providertest.TwoFactor, config: providertest.Values{"totp_enabled": false, "totp_enrollment_enabled": false}}},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runSteps(t, wildSequence, steps, &comparisons{})
		})
	}

	both := []target{
		{typeName: providertest.TwoFactor, config: providertest.Values{"totp_enabled": true}},
		{typeName: providertest.TwoFactor, slot: 1, config: providertest.Values{"totp_enabled": true}},
	}
	for name, steps := range map[string][]step{
		"a sender gets a new address while SMS OTP needs it": {
			{verb: "apply", targets: []target{{typeName: providertest.SenderType, config: twilio}}},
			{verb: "apply", targets: []target{{typeName: providertest.TwoFactor, config: providertest.Values{"sms_otp_enabled": true}}}},
			{
				verb: "apply", targets: []target{{typeName: providertest.SenderType, rename: true}}, planTurns: []int{2, 0, 1, 3, 4, 5},
				turns: inOrder,
			},
		},
		"an import gets a new address": {
			{verb: "import", targets: []target{{typeName: providertest.TwoFactor, slot: 1}}},
			{
				verb: "apply", targets: []target{{typeName: providertest.TwoFactor, rename: true}}, planTurns: []int{1, 0, 2, 3, 4, 5},
				turns: inOrder, together: true,
			},
		},
		"enrollment stays with the other resource": {
			{verb: "apply", targets: []target{
				{typeName: providertest.TwoFactor, config: providertest.Values{"on_destroy": "keep", "totp_enabled": true, "totp_enrollment_enabled": false}},
				{typeName: providertest.TwoFactor, slot: 1, config: providertest.Values{"on_destroy": "reset", "totp_enrollment_enabled": false}},
			}},
			{
				verb: "apply", targets: []target{{typeName: providertest.TwoFactor, slot: 1}}, planTurns: inOrder, turns: inOrder,
				together: true,
			},
		},
		"what was before both comes back when both go": {
			{verb: "apply", targets: both},
			{
				verb: "apply", targets: []target{{typeName: providertest.TwoFactor}, {typeName: providertest.TwoFactor, slot: 1}}, planTurns: inOrder,
				turns: inOrder, together: true,
			},
		},
		"what was before both comes back when the second one goes first": {
			{verb: "apply", targets: both},
			{
				verb: "apply", targets: []target{{typeName: providertest.TwoFactor, slot: 1}, {typeName: providertest.TwoFactor}},
				planTurns: []int{1, 0, 2, 3, 4, 5}, turns: inOrder, together: true,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runSteps(t, sharedSequence, steps, &comparisons{})
		})
	}
}

// TestPlannedDifference goes through what an enrollment that is not set makes different between the places: with TOTP
// on, a declared one is null in the refreshed state of the application. So it is written where it is declared off, and
// there is nothing to forget where it is declared no longer. Whoever takes it out in the Console makes the books
// differ, too.
func TestPlannedDifference(t *testing.T) {
	t.Parallel()

	offered := providertest.Values{"totp_enabled": true, "totp_enrollment_enabled": false}
	takeOut := step{
		verb: "console", edits: []providertest.Edit{{Organization: "bifrost", What: "unset", Flag: "totp_enrollment_enabled"}},
	}
	apply := func(config providertest.Values) step {
		return step{verb: "apply", targets: []target{{typeName: providertest.TwoFactor, config: config}}}
	}
	for name, test := range map[string]struct {
		steps       []step
		differences int64
	}{
		"declared off":     {[]step{apply(offered), takeOut, apply(offered)}, 1},
		"declared no more": {[]step{apply(offered), takeOut, apply(providertest.Values{"totp_enabled": true})}, 1},
		"declared on": {
			[]step{apply(offered), takeOut, apply(offered.With(providertest.Values{"totp_enrollment_enabled": true}))}, 0,
		},
		"not taken out": {[]step{apply(offered), apply(offered)}, 0}, // positive control
		"TOTP goes off too": {
			[]step{apply(offered), takeOut, apply(providertest.Values{"totp_enabled": false, "totp_enrollment_enabled": false})}, 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			compared := &comparisons{}
			runSteps(t, calmSequence, test.steps, compared)
			if got := compared.differences.Load(); got != test.differences {
				t.Errorf("%d plans differ, want %d", got, test.differences)
			}
		})
	}
}
