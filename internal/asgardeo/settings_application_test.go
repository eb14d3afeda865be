package asgardeo

import (
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

func TestComparingApplications(t *testing.T) {
	t.Parallel()
	password, two := flowOf(basic, ""), flowOf(basic+"|totp", "")
	for name, test := range map[string]struct {
		a, wanted        portal.Flow
		equals, fulfills bool
	}{
		"equal":                     {two, two, true, true},
		"options in another order":  {flowOf("a G/b", ""), flowOf("G/b a", ""), true, true},
		"another step":              {password, two, false, false},
		"no script and the default": {two, flowOf(basic+"|totp", consoleScript2), false, true},
		"enrollment and none":       {flowOf(basic+"|totp", enrollmentScript2("true")), two, false, false},
		"enrollment that is no use": {
			flowOf(basic+"|"+sms, enrollmentScript2("true")), flowOf(basic+"|"+sms, ""), false, true,
		},
		"the server's for its own":   {ofServer(password), password, false, true},
		"its own for the server's":   {password, ofServer(password), false, true},
		"another one of the server":  {ofServer(password), ofServer(two), false, true},
		"its own, but another one":   {password, ofServer(two), false, false},
		"its own, identified later":  {two, ofServer(identifiedIn(two, 2, 2)), false, true},
		"any of the server":          {ofServer(password), portal.Flow{Kind: portal.ServerFlow}, false, true},
		"any of the server, its own": {password, portal.Flow{Kind: portal.ServerFlow}, false, false},
	} {
		a, wanted := Application{Flow: test.a}, Application{Flow: test.wanted}
		if equals := a.equals(wanted); equals != test.equals || equals != wanted.equals(a) {
			t.Errorf("%s: equals is %t", name, equals)
		}
		if fulfills := a.fulfills(wanted); fulfills != test.fulfills {
			t.Errorf("%s: fulfills is %t", name, fulfills)
		}
		if a.enabled = portal.On; a.equals(wanted) || a.fulfills(wanted) {
			t.Errorf("%s: the switch makes no difference", name)
		}
	}
	shared := Application{Shared: true, Flow: password}
	if !shared.fulfills(Application{Flow: portal.Flow{Kind: portal.ServerFlow}}) {
		t.Error("a shared application has the server's flow as its own")
	}
}

// A flow of the application that differs from the server's is not taken for what the server made of it.
func TestServersFlowThatTheApplicationDidNotGet(t *testing.T) {
	t.Parallel()
	for steps, want := range map[string]bool{basic: true, basic + "|totp": false} {
		sent := Application{Flow: ofServer(flowOf(basic, ""))}
		if got := (Application{Flow: flowOf(steps, "")}).fulfills(sent); got != want {
			t.Errorf("%s instead of the server's flow: fulfills it: %t", steps, got)
		}
	}
}

func TestReadOnlyApplicationThatIsRightAlready(t *testing.T) {
	t.Parallel()
	application := Application{ReadOnly: true, Flow: flowOf(basic+"|totp", "")}
	for name, change := range map[string]Change{
		"nothing is wanted": {}, "what it has is wanted": {Want: portal.Settings{portal.TOTP: portal.On}},
		"its flow is wanted": {flow: &application.Flow},
	} {
		if got, err := application.merge(change); err != nil || !got.equals(application) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// TestOwnFlowThatTheServerMadeAnother: only the server's own flow may become another one.
func TestOwnFlowThatTheServerMadeAnother(t *testing.T) {
	t.Parallel()
	two := flowOf(basic+"|totp", "")
	servers := Application{Flow: ofServer(flowOf(basic, ""))}
	for name, test := range map[string]struct{ a, wanted Application }{
		"the server's":                      {servers, Application{Flow: two}},
		"another step identifies":           {Application{Flow: two}, Application{Flow: identifiedIn(two, 2, 2)}},
		"shared, but not the server's flow": {Application{Shared: true, Flow: two}, servers},
	} {
		if test.a.fulfills(test.wanted) {
			t.Errorf("%s: it passes for what was wanted", name)
		}
	}
}

// TestUndoing: what a write that was not confirmed has made of the application counts as not there yet.
func TestUndoing(t *testing.T) {
	t.Parallel()
	was, custom := flowOf(basic, ""), flowOf(basic+"|totp|FIDO", "")
	for name, test := range map[string]struct {
		change           Change
		live, sent, want portal.Flow
	}{
		"a whole flow":               {Change{flow: &custom}, custom, custom, was},
		"a whole flow, its steps":    {Change{flow: &custom}, flowOf(basic+"|totp|FIDO", "own();"), custom, was},
		"a whole flow of others":     {Change{flow: &custom}, flowOf("a", ""), custom, flowOf("a", "")},
		"a setting":                  {Change{}, flowOf(basic+"|totp", ""), flowOf(basic+"|totp", ""), was},
		"a setting in a custom flow": {Change{}, custom, flowOf(basic+"|totp", ""), custom},
	} {
		organization := newOrganization(New(Config{}), bifrost, Credentials{AccessToken: "ready-made"})
		application := func(flow portal.Flow) Application {
			return Application{Flow: flow, organization: organization}
		}
		got := test.change.undo(application(test.live), application(was), application(test.sent)).(Application)
		if !got.equals(application(test.want)) {
			t.Errorf("%s: it counts as %q", name, notationOf(got.Flow))
		}
	}
}

// TestCorrecting what the server made of a flow: only a script that came to light gives way, and not somebody's own.
func TestCorrecting(t *testing.T) {
	t.Parallel()
	organization := newOrganization(New(Config{}), bifrost, Credentials{AccessToken: "ready-made"})
	application := func(steps, script string) Application {
		return Application{Flow: flowOf(steps, script), organization: organization}
	}
	wanted, notApplied := application(basic+"|totp", ""), &Error{Kind: NotApplied}
	generated, somebodys := application(basic+"|totp", enrollmentScript2("true")), application(basic+"|totp", "own();")
	switched := application(basic+"|totp", "")
	switched.enabled = portal.On
	for name, test := range map[string]struct {
		made   Application
		change Change
		script string
		kind   Kind
	}{
		"a generated script":           {made: generated, script: consoleScript2},
		"somebody's script":            {made: somebodys, kind: CustomFlow},
		"somebody's, and a whole flow": {made: somebodys, change: Change{flow: &wanted.Flow}, script: consoleScript2},
		"other steps":                  {made: application(basic, ""), kind: NotApplied},
		"the switch":                   {made: switched, kind: NotApplied},
	} {
		got, err := test.made.correction(wanted, test.change, notApplied)
		if test.kind != Unexpected {
			if !IsKind(err, test.kind) {
				t.Errorf("%s: %+v, %v, want kind %d", name, got, err, test.kind)
			}
			continue
		}
		if err != nil || got.(Application).Flow.Script != test.script {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}
