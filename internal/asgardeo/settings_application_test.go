package asgardeo

import (
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

func TestComparingApplications(t *testing.T) {
	t.Parallel()
	password, two := flowOf(basic, ""), flowOf(basic+"|totp", "")
	for name, test := range map[string]struct {
		a, wanted        portal.LoginFlow
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
		"any of the server":          {ofServer(password), portal.LoginFlow{Kind: portal.ServerFlow}, false, true},
		"any of the server, its own": {password, portal.LoginFlow{Kind: portal.ServerFlow}, false, false},
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
	if !shared.fulfills(Application{Flow: portal.LoginFlow{Kind: portal.ServerFlow}}) {
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
