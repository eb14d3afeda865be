package asgardeo

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
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
		api      portal.API
		answer   mockserver.Fault
		want     portal.Settings
		somebody func(o *mockserver.Organization)
		kind     Kind // Unexpected: no error
		written  Written
	}{
		"a factor, and the portal": {
			portal.ApplicationAPI, answered, portal.Settings{portal.TOTP: portal.On},
			portalOff, Unexpected, Written{Changed: []portal.Setting{portal.TOTP}},
		},
		"the portal, and the flow": {
			portal.ApplicationAPI, answered, portal.Settings{portal.PortalEnabled: portal.Off},
			addEmailOTP, Unexpected,
			Written{Changed: []portal.Setting{portal.PortalEnabled}},
		},
		"a factor, and the flow": {
			portal.ApplicationAPI, answered, portal.Settings{portal.TOTP: portal.On},
			addEmailOTP, NotApplied, Written{Uncertain: []portal.Setting{portal.TOTP}},
		},
		"both, and the portal": {
			portal.ApplicationAPI, answered, portal.Settings{portal.TOTP: portal.On, portal.PortalEnabled: portal.Off},
			portalOn, NotApplied,
			Written{Uncertain: []portal.Setting{portal.PortalEnabled, portal.TOTP}},
		},
		"the portal, and back": { // it is as it was: there is nothing to undo
			portal.ApplicationAPI, answered, portal.Settings{portal.PortalEnabled: portal.Off},
			portalOn, NotApplied, Written{},
		},
		"a lost answer, and the portal": {
			portal.ApplicationAPI, lost, portal.Settings{portal.TOTP: portal.On},
			portalOff, Unexpected, Written{Changed: []portal.Setting{portal.TOTP}},
		},
		"a lost answer, and the flow": {
			portal.ApplicationAPI, lost, portal.Settings{portal.TOTP: portal.On},
			addEmailOTP, Unreachable, Written{Uncertain: []portal.Setting{portal.TOTP}},
		},
		"a lost answer, and another attribute": {
			portal.ClassicAPI, lost, portal.Settings{portal.TOTP: portal.On},
			addAttribute, Unexpected, Written{Changed: []portal.Setting{portal.TOTP}},
		},
		"a lost answer, and the same attribute": {
			portal.ClassicAPI, lost, portal.Settings{portal.TOTP: portal.On},
			totpOff, Unreachable, Written{Uncertain: []portal.Setting{portal.TOTP}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, organization := openDisturbed(t, &test.answer, test.somebody)
			transportOf(organization.client.http).config.MaxRetries = 0
			seed(server, map[string]mockserver.Attributes{twoFactorObject: {"totp_enabled": "false"}})
			setFlow(server, "BasicAuthenticator", "")
			var settings []portal.Setting
			for setting := range test.want {
				settings = append(settings, setting)
			}
			written, err := organization.MyAccount(test.api).Write(t.Context(), settings, always(test.want))
			if test.kind == Unexpected && err != nil || test.kind != Unexpected && !IsKind(err, test.kind) {
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
	before := Application{Shared: true, enabled: portal.On, Flow: flowOf("BasicAuthenticator | totp", "")}
	to := before
	to.Flow = portal.Flow{Kind: portal.ServerFlow}
	found := before
	found.enabled = portal.Off
	if limited := found.ignoringUnwritten(before, to); !limited.equals(before) {
		t.Errorf("what matters is %+v", limited)
	}
	found.Flow = flowOf("BasicAuthenticator", "") // positive control
	if limited := found.ignoringUnwritten(before, to); limited.equals(before) || !limited.fulfills(to) {
		t.Errorf("what matters is %+v", limited)
	}
}
