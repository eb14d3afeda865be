package provider_test

import (
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Sequences that the model found a mistake with, or that it takes long to find.

func applies(targets ...target) step { return step{verb: "apply", targets: targets} }

func factors(config values) target { return target{typeName: twoFactorType, config: config} }

func sender(config values) target { return target{typeName: senderType, config: config} }

func edits(made ...providertest.Edit) step { return step{verb: "console", edits: made} }

func saves(form values) providertest.Edit {
	return providertest.Edit{Organization: "bifrost", What: "save", Form: form}
}

func sets(flag, value string) providertest.Edit {
	return providertest.Edit{Organization: "bifrost", What: "set", Flag: flag, Value: value}
}

var takesOutEnrollment = providertest.Edit{Organization: "bifrost", What: "unset", Flag: "totp_enrollment_enabled"}

func TestModelRegressions(t *testing.T) {
	t.Parallel()

	twilio := values{"provider_name": "Twilio", "sender": "+15550100", "key": "one", "secret": "one"}
	inOrder := []int{0, 1, 2, 3, 4, 5}
	for name, steps := range map[string][]step{
		"a create that fails half-way puts back what it wrote": {
			{
				verb: "apply", again: true,
				targets: []target{factors(values{"totp_enabled": true, "totp_enrollment_enabled": true})},
				applyFaults: []providertest.Hitch{{
					Organization: "bifrost", Method: "PUT", Path: providertest.StoreCalls, Skip: 1, Times: 1,
					Fault: mockserver.Fault{Action: mockserver.ActionStatus, Status: 400},
				}},
			},
		},
		"a sender that goes before SMS OTP is deleted by whoever switches that off": {
			applies(sender(twilio)),
			applies(factors(values{"sms_otp_enabled": true})),
			{
				verb: "apply", targets: []target{{typeName: senderType}, {typeName: twoFactorType}},
				planTurns: inOrder, turns: inOrder,
			},
		},
		"a sender that nothing will need is deleted, and the plan says no other thing": {
			applies(sender(twilio)),
			applies(factors(values{"sms_otp_enabled": true})),
			applies(factors(values{"sms_otp_enabled": false}), target{typeName: senderType}),
		},
		"a stale list of senders is no reason to forget the sender": {
			applies(sender(values{"provider_name": "Custom", "provider_url": "https://sms.example.com", "body": "{}"})),
			{
				verb: "apply",
				targets: []target{
					sender(values{"provider_name": "Custom", "provider_url": "https://sms.example.com", "body": "{{body}}"}),
				},
				planFaults: []providertest.Hitch{{
					Organization: "bifrost", Method: "GET", Path: providertest.SenderCalls, Times: 1,
					Fault: mockserver.Fault{Action: mockserver.ActionStaleRead},
				}},
			},
		},
		"what an update wrote without an answer is put back": {
			{verb: "import", targets: []target{{typeName: portalType}}},
			{
				verb: "apply", targets: []target{{typeName: portalType, config: values{"enabled": false}}},
				applyFaults: []providertest.Hitch{{
					Organization: "bifrost", Method: "PUT", Path: providertest.StoreCalls, Times: -1,
					Fault: mockserver.Fault{Action: mockserver.ActionDropAfter},
				}},
			},
		},
		"what somebody else switched on stays on after an update without an answer": {
			{verb: "import", targets: []target{{typeName: twoFactorType}}},
			edits(sets("totp_enabled", "TRUE")),
			{
				verb:    "apply",
				targets: []target{factors(values{"backup_codes_enabled": true, "totp_enabled": true})},
				applyFaults: []providertest.Hitch{{
					Organization: "bifrost", Method: "PUT", Path: providertest.StoreCalls, Times: -1,
					Fault: mockserver.Fault{Action: mockserver.ActionDropAfter},
				}},
			},
		},
		"what a newly declared setting was before an update without an answer is known after the next one": {
			applies(factors(values{"email_otp_enabled": true})),
			{
				verb: "apply", again: true,
				targets: []target{factors(values{"email_otp_enabled": true, "totp_enabled": true})},
				applyFaults: []providertest.Hitch{{
					Organization: "bifrost", Method: "PUT", Path: providertest.StoreCalls, Times: -1,
					Fault: mockserver.Fault{Action: mockserver.ActionDropAfter},
				}},
			},
		},
		"what an update changed back on the way is put back, too": {
			edits(saves(values{"email_otp_enabled": true})),
			applies(factors(values{"email_otp_enabled": true, "totp_enabled": false})),
			edits(sets("email_otp_enabled", "false")),
			{
				verb:    "apply",
				targets: []target{factors(values{"email_otp_enabled": false, "totp_enabled": true})},
				edits:   []providertest.Edit{sets("email_otp_enabled", "true")},
			},
		},
		"enrollment is not switched on when TOTP went off since the plan": {
			applies(factors(values{"totp_enabled": true, "totp_enrollment_enabled": false})),
			{
				verb:    "apply",
				targets: []target{factors(values{"totp_enabled": true, "totp_enrollment_enabled": true})},
				edits:   []providertest.Edit{sets("totp_enabled", "false")},
			},
		},
		"TOTP is not switched off when enrollment went on since the plan": {
			applies(factors(values{"totp_enabled": true, "totp_enrollment_enabled": false})),
			{
				verb:    "apply",
				targets: []target{factors(values{"totp_enabled": false, "totp_enrollment_enabled": false})},
				edits:   []providertest.Edit{sets("totp_enrollment_enabled", "true")},
			},
		},
		"TOTP goes off on the way only while enrollment is off": {
			applies(factors(values{"backup_codes_enabled": false, "totp_enabled": false})),
			{
				verb: "apply", again: true,
				targets: []target{factors(values{"backup_codes_enabled": true, "email_otp_enabled": true, "totp_enabled": false})},
				edits:   []providertest.Edit{saves(values{"totp_enabled": true, "totp_enrollment_enabled": true})},
			},
		},
		"SMS OTP goes on again on the way only while there is a sender": {
			applies(sender(values{"provider_name": "Custom", "provider_url": "https://sms.example.com", "body": "{}"})),
			applies(factors(values{"email_otp_enabled": false, "sms_otp_enabled": true})),
			{
				verb:    "apply",
				targets: []target{factors(values{"email_otp_enabled": true, "sms_otp_enabled": true})},
				edits: []providertest.Edit{
					saves(values{"sms_otp_enabled": false}),
					{Organization: "bifrost", What: "remove sender"},
				},
			},
		},
		"what a reset wrote that failed half-way is still put back": {
			edits(saves(values{"totp_enabled": true, "totp_enrollment_enabled": true})),
			{
				verb:    "apply",
				targets: []target{factors(values{"totp_enabled": true, "totp_enrollment_enabled": true, "on_destroy": "reset"})},
			},
			{
				verb: "apply", targets: []target{{typeName: twoFactorType}},
				applyFaults: []providertest.Hitch{{
					Organization: "bifrost", Method: "PUT", Path: providertest.StoreCalls, Skip: 1, Times: -1,
					Fault: mockserver.Fault{Action: mockserver.ActionStatus, Status: 400},
				}},
			},
			applies(factors(values{"totp_enabled": true, "totp_enrollment_enabled": false})),
		},
		"a flow that somebody made their own is left alone by the destroy": {
			applies(factors(values{"email_otp_enabled": true, "totp_enabled": true})),
			edits(providertest.Edit{Organization: "bifrost", What: "passkey"}),
			{verb: "plan", targets: []target{factors(values{"email_otp_enabled": false, "totp_enabled": true})}},
			applies(factors(values{"email_otp_enabled": true, "totp_enabled": true})),
		},
		"a flow that somebody makes their own between plan and apply is not changed": {
			applies(factors(values{"totp_enabled": true})),
			{
				verb:    "apply",
				targets: []target{factors(values{"totp_enabled": false}), {typeName: portalType, config: values{"enabled": false}}},
				edits:   []providertest.Edit{{Organization: "bifrost", What: "script"}},
			},
		},
		"reset of enrollment while TOTP is off": {
			{
				verb:    "apply",
				targets: []target{factors(values{"totp_enabled": true, "totp_enrollment_enabled": false, "on_destroy": "reset"})},
			},
			edits(saves(values{"email_otp_enabled": true})),
		},
		"backup codes that come before their factor are lost in an application": {
			edits(sets("backup_codes_enabled", "true"), sets("sms_otp_enabled", "true")),
		},
		"enrollment goes on after an import found it without a value": {
			{verb: "import", targets: []target{{typeName: twoFactorType}}},
			edits(saves(values{"totp_enabled": true, "totp_enrollment_enabled": true})),
		},
		"restore of an enrollment that was not set while TOTP is off": {
			edits(saves(values{"totp_enabled": true}), takesOutEnrollment),
			applies(factors(values{"totp_enabled": true, "totp_enrollment_enabled": false})),
			applies(factors(values{"totp_enabled": false, "totp_enrollment_enabled": false})),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runSteps(t, wildSequence, steps, &comparisons{})
		})
	}

	both := []target{
		factors(values{"totp_enabled": true}),
		{typeName: twoFactorType, slot: 1, config: values{"totp_enabled": true}},
	}
	for name, steps := range map[string][]step{
		"a sender gets a new address while SMS OTP needs it": {
			applies(sender(twilio)),
			applies(factors(values{"sms_otp_enabled": true})),
			{
				verb: "apply", targets: []target{{typeName: senderType, rename: true}},
				planTurns: []int{2, 0, 1, 3, 4, 5}, turns: inOrder,
			},
		},
		"an import gets a new address": {
			{verb: "import", targets: []target{{typeName: twoFactorType, slot: 1}}},
			{
				verb: "apply", targets: []target{{typeName: twoFactorType, rename: true}},
				planTurns: []int{1, 0, 2, 3, 4, 5}, turns: inOrder, together: true,
			},
		},
		"enrollment stays with the other resource": {
			{verb: "apply", targets: []target{
				factors(values{"on_destroy": "keep", "totp_enabled": true, "totp_enrollment_enabled": false}),
				{typeName: twoFactorType, slot: 1, config: values{"on_destroy": "reset", "totp_enrollment_enabled": false}},
			}},
			{
				verb: "apply", targets: []target{{typeName: twoFactorType, slot: 1}},
				planTurns: inOrder, turns: inOrder, together: true,
			},
		},
		"what was before both comes back when both go": {
			applies(both...),
			{
				verb: "apply", targets: []target{{typeName: twoFactorType}, {typeName: twoFactorType, slot: 1}},
				planTurns: inOrder, turns: inOrder, together: true,
			},
		},
		"what was before both comes back when the second one goes first": {
			applies(both...),
			{
				verb: "apply", targets: []target{{typeName: twoFactorType, slot: 1}, {typeName: twoFactorType}},
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

	offered := values{"totp_enabled": true, "totp_enrollment_enabled": false}
	takeOut := edits(takesOutEnrollment)
	apply := func(config values) step { return applies(factors(config)) }
	for name, test := range map[string]struct {
		steps       []step
		differences int64
	}{
		"declared off":     {[]step{apply(offered), takeOut, apply(offered)}, 1},
		"declared no more": {[]step{apply(offered), takeOut, apply(values{"totp_enabled": true})}, 1},
		"declared on": {
			[]step{apply(offered), takeOut, apply(values{"totp_enabled": true, "totp_enrollment_enabled": true})}, 0,
		},
		"not taken out": {[]step{apply(offered), apply(offered)}, 0}, // positive control
		"TOTP goes off too": {
			[]step{apply(offered), takeOut, apply(values{"totp_enabled": false, "totp_enrollment_enabled": false})}, 0,
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
