package asgardeo

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// What somebody does right after a write says nothing about the write, unless it is about the same thing.
func TestChangeBySomebodyRightAfterAWrite(t *testing.T) {
	t.Parallel()
	portalOff := func(o *mockserver.Organization) { o.MyAccountApplication().ApplicationEnabled = new(false) }
	portalOn := func(o *mockserver.Organization) { o.MyAccountApplication().ApplicationEnabled = new(true) }
	addEmailOTP := func(o *mockserver.Organization) {
		flow := o.MyAccountApplication().AuthenticationSequence
		flow.Steps = append([]mockserver.Step(nil), flow.Steps...)
		last := &flow.Steps[len(flow.Steps)-1]
		last.Options = append(last.Options, mockserver.StepOption{Authenticator: "email-otp-authenticator"})
	}
	addAttribute := func(o *mockserver.Organization) { o.MyAccount[twoFactorObject]["new_factor"] = "theirs" }
	totpOff := func(o *mockserver.Organization) { o.MyAccount[twoFactorObject]["totp_enabled"] = "false" }
	answered := mockserver.Fault{Action: mockserver.ActionLatency, LatencyMS: 1}
	lost := mockserver.Fault{Action: mockserver.ActionDropAfter}
	for name, test := range map[string]struct {
		api      API
		answer   mockserver.Fault
		want     Settings
		somebody func(o *mockserver.Organization)
		kind     Kind // Unexpected: no error
		written  Written
	}{
		"a factor, and the portal": {
			ApplicationAPI, answered, Settings{TOTP: On}, portalOff, Unexpected, Written{Changed: []Setting{TOTP}},
		},
		"the portal, and the flow": {
			ApplicationAPI, answered, Settings{PortalEnabled: Off}, addEmailOTP, Unexpected,
			Written{Changed: []Setting{PortalEnabled}},
		},
		"a factor, and the flow": {
			ApplicationAPI, answered, Settings{TOTP: On}, addEmailOTP, NotApplied, Written{Uncertain: []Setting{TOTP}},
		},
		"both, and the portal": {
			ApplicationAPI, answered, Settings{TOTP: On, PortalEnabled: Off}, portalOn, NotApplied,
			Written{Uncertain: []Setting{PortalEnabled, TOTP}},
		},
		"the portal, and back": { // it is as it was: there is nothing to undo
			ApplicationAPI, answered, Settings{PortalEnabled: Off}, portalOn, NotApplied, Written{},
		},
		"a lost answer, and the portal": {
			ApplicationAPI, lost, Settings{TOTP: On}, portalOff, Unexpected, Written{Changed: []Setting{TOTP}},
		},
		"a lost answer, and the flow": {
			ApplicationAPI, lost, Settings{TOTP: On}, addEmailOTP, Unreachable, Written{Uncertain: []Setting{TOTP}},
		},
		"a lost answer, and another attribute": {
			ClassicAPI, lost, Settings{TOTP: On}, addAttribute, Unexpected, Written{Changed: []Setting{TOTP}},
		},
		"a lost answer, and the same attribute": {
			ClassicAPI, lost, Settings{TOTP: On}, totpOff, Unreachable, Written{Uncertain: []Setting{TOTP}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, organization := openDisturbed(t, &test.answer, test.somebody)
			transportOf(organization.http).config.MaxRetries = 0
			seed(server, map[string]mockserver.Attributes{twoFactorObject: {"totp_enabled": "false"}})
			setFlow(server, "BasicAuthenticator", "")
			var settings []Setting
			for setting := range test.want {
				settings = append(settings, setting)
			}
			written, err := organization.MyAccount(test.api).Write(t.Context(), settings, always(test.want))
			if test.kind == Unexpected && err != nil || test.kind != Unexpected && !isKind(err, test.kind) {
				t.Errorf("Write returned %v", err)
			}
			if diff := cmp.Diff(test.written, written); diff != "" {
				t.Errorf("Write returned (-want +got):\n%s", diff)
			}
			if bodies := sent(server); len(bodies) != 1 {
				t.Errorf("sent %q", bodies)
			}
		})
	}
}

// A flow that was to become the server's own again, and did not, is not taken for done because the portal was switched.
func TestLostResetOfASharedFlow(t *testing.T) {
	t.Parallel()
	before := Application{Shared: true, enabled: On, Flow: flowOf("BasicAuthenticator | totp", "")}
	to := before
	to.Flow = LoginFlow{Kind: ServerFlow}
	found := before
	found.enabled = Off
	if limited := found.asFarAsWritten(before, to); !limited.equals(before) {
		t.Errorf("what matters is %+v", limited)
	}
	found.Flow = flowOf("BasicAuthenticator", "") // positive control
	if limited := found.asFarAsWritten(before, to); limited.equals(before) || !limited.fulfills(to) {
		t.Errorf("what matters is %+v", limited)
	}
}
