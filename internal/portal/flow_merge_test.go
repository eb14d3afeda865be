package portal

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMergingSettingsIntoALoginFlow(t *testing.T) {
	t.Parallel()
	enrolled := func(value string) string {
		on := map[string]Value{"true": On, "false": Off}[value]
		return flowOf(basic+"|totp", "").generatedScript(on)
	}
	for name, test := range map[string]struct {
		flow Flow
		want Settings
		then Flow
	}{
		"nothing is wanted":             {flowOf(basic, "x"), nil, flowOf(basic, "x")},
		"the portal is no matter of it": {flowOf(basic, "x"), Settings{PortalEnabled: Off}, flowOf(basic, "x")},
		"a value that was not read": {
			flowOf(basic, "x"), Settings{TOTP: Unknown, TOTPEnrollment: Unknown}, flowOf(basic, "x"),
		},
		"the first factor": {flowOf(basic, ""), Settings{TOTP: On}, flowOf(basic+"|totp", "")},
		"a factor of the server's flow": {
			ofServer(flowOf(basic, "")), Settings{EmailOTP: On}, flowOf(basic+"|"+email, ""),
		},
		"all, in their order": {
			flowOf(basic, ""), Settings{BackupCodes: On, SMSOTP: On, EmailOTP: On, TOTP: On},
			flowOf(basic+"|totp "+email+" "+sms+" "+backup, ""),
		},
		"what is not wanted stays": {
			flowOf(basic+"|"+sms+" "+backup+" totp", ""), Settings{EmailOTP: On},
			flowOf(basic+"|totp "+email+" "+sms+" "+backup, ""),
		},
		"one goes":                  {flowOf(basic+"|totp "+sms, ""), Settings{TOTP: Off}, flowOf(basic+"|"+sms, "")},
		"the last one goes":         {flowOf(basic+"|totp", ""), Settings{TOTP: Off}, flowOf(basic, "")},
		"they go with backup codes": {flowOf(basic+"|totp "+backup, ""), allSettings(Off), flowOf(basic, "")},
		"the order alone is no reason": {
			flowOf(basic+"|"+sms+" totp", ""), Settings{TOTP: On, SMSOTP: On}, flowOf(basic+"|"+sms+" totp", ""),
		},
		"other steps stay": {
			identifiedIn(flowOf(idf+"|Google/OIDC "+basic, ""), 2, 2), Settings{TOTP: On},
			identifiedIn(flowOf(idf+"|Google/OIDC "+basic+"|totp", ""), 2, 2),
		},
		"after a login without password":   {flowOf(email, ""), Settings{TOTP: On}, flowOf(email+"|totp", "")},
		"off where it is the first factor": {flowOf(email, "x"), Settings{EmailOTP: Off}, flowOf(email, "x")},
		"a custom flow that is as wanted": {
			flowOf(basic+"|totp FIDO", "x"), Settings{TOTP: On, SMSOTP: Off}, flowOf(basic+"|totp FIDO", "x"),
		},
		"a script for one step more": {
			flowOf(basic, consoleScript1), Settings{TOTP: On}, flowOf(basic+"|totp", consoleScript2),
		},
		"a script for one step less": {
			flowOf(basic+"|totp", consoleScript2), Settings{TOTP: Off}, flowOf(basic, consoleScript1),
		},
		"a script keeps its layout": {
			flowOf(basic+"|totp", " "+consoleScript2),
			Settings{SMSOTP: On},
			flowOf(basic+"|totp "+sms, " "+consoleScript2),
		},
		"enrollment on": {
			flowOf(basic+"|totp", ""), Settings{TOTPEnrollment: On}, flowOf(basic+"|totp", enrolled("true")),
		},
		"enrollment off": {
			flowOf(basic+"|totp", consoleScript2),
			Settings{TOTPEnrollment: Off},
			flowOf(basic+"|totp", enrolled("false")),
		},
		"enrollment the other way": {
			flowOf(basic+"|totp", enrollmentScript2("false")),
			Settings{TOTPEnrollment: On},
			flowOf(basic+"|totp", enrolled("true")),
		},
		"enrollment with TOTP": {
			flowOf(basic, ""), Settings{TOTP: On, TOTPEnrollment: On}, flowOf(basic+"|totp", enrolled("true")),
		},
		"enrollment is as wanted": {
			flowOf(basic+"|totp", enrollmentScript2("true")),
			Settings{TOTPEnrollment: On},
			flowOf(basic+"|totp", enrollmentScript2("true")),
		},
		"enrollment stays": {
			flowOf(basic+"|totp", enrollmentScript2("true")),
			Settings{SMSOTP: On},
			flowOf(basic+"|totp "+sms, enrollmentScript2("true")),
		},
		"enrollment is not set any more": {
			flowOf(basic+"|totp", enrollmentScript2("true")),
			Settings{TOTPEnrollment: NotSet},
			flowOf(basic+"|totp", consoleScript2),
		},
		"enrollment was never set": {
			flowOf(basic+"|totp", ""), Settings{TOTPEnrollment: NotSet}, flowOf(basic+"|totp", ""),
		},
		"enrollment not set without TOTP": {flowOf(basic, ""), Settings{TOTPEnrollment: NotSet}, flowOf(basic, "")},
		"enrollment off without TOTP":     {flowOf(basic, ""), Settings{TOTPEnrollment: Off}, flowOf(basic, "")},
		"enrollment off, and TOTP stays off": {
			flowOf(basic, ""), Settings{TOTPEnrollment: Off, SMSOTP: On}, flowOf(basic+"|"+sms, ""),
		},
		"enrollment goes with TOTP": {
			flowOf(basic+"|totp "+sms, enrollmentScript2("true")),
			Settings{TOTP: Off},
			flowOf(basic+"|"+sms, consoleScript2),
		},
		"enrollment off goes with TOTP": {
			flowOf(basic+"|totp", enrollmentScript2("true")), Settings{TOTP: Off, TOTPEnrollment: Off},
			flowOf(basic, consoleScript1),
		},
		"enrollment in the server's flow": {
			ofServer(flowOf(basic+"|totp", enrollmentScript2("true"))), Settings{SMSOTP: On},
			flowOf(basic+"|totp "+sms, enrollmentScript2("true")),
		},
	} {
		before := notationOf(test.flow)
		merged, reason := test.flow.Merge(test.want, "")
		if reason != "" {
			t.Errorf("%s: %s", name, reason)
			continue
		}
		if diff := cmp.Diff(test.then, merged, flowParts); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if again, reason := merged.Merge(test.want, ""); reason != "" || !cmp.Equal(merged, again, flowParts) {
			t.Errorf("%s: the second time: %v %v", name, again, reason)
		}
		if after := notationOf(test.flow); after != before {
			t.Errorf("%s: the flow that was read is now %q", name, after)
		}
	}
}

func TestRefusingToMerge(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		flow   Flow
		want   Settings
		reason string
	}{
		"a custom flow": {
			flowOf(basic+"|totp FIDO", ""), Settings{SMSOTP: On}, "step 2 offers FIDO beside the second factors",
		},
		"a script of somebody": {
			flowOf(basic, "x"), Settings{SMSOTP: On}, "its script is not one that the Console generates",
		},
		"enrollment by a script": {
			flowOf(basic+"|totp", "x"),
			Settings{TOTPEnrollment: Off},
			"its script is not one that the Console generates",
		},
		"enrollment without TOTP": {
			flowOf(basic, ""),
			Settings{TOTPEnrollment: On},
			"nobody can enroll in TOTP where it is not a second factor",
		},
		"enrollment outlives TOTP": {
			flowOf(basic+"|totp", ""),
			Settings{TOTP: Off, TOTPEnrollment: On},
			"nobody can enroll in TOTP where it is not a second factor",
		},
		"backup codes alone": {
			flowOf(basic, ""), Settings{BackupCodes: On}, "backup codes need another second factor beside them",
		},
		"backup codes are left": {
			flowOf(basic+"|totp "+backup, ""),
			Settings{TOTP: Off},
			"backup codes need another second factor beside them",
		},
		"the first factor is email": {
			flowOf(email, ""), Settings{EmailOTP: On}, "email OTP is the first factor here (step 1)",
		},
		"identifier first, then email": {
			flowOf(idf+"|"+email+"|totp", ""), Settings{EmailOTP: On}, "email OTP is the first factor here (step 2)",
		},
		"backup codes before": {
			flowOf(sms+" "+backup+"|totp", ""),
			Settings{BackupCodes: On},
			"backup codes are the first factor here (step 1)",
		},
		"nobody was verified": {
			flowOf(idf, ""), Settings{TOTP: On}, "no step before the second factors checks who the user is",
		},
		"no steps": {
			Flow{Kind: ServerFlow}, Settings{TOTP: On}, "no step before the second factors checks who the user is",
		},
		"an empty step": {flowOf(basic+"|", ""), Settings{TOTP: On}, "step 2 shows no option"},
	} {
		flow, reason := test.flow.Merge(test.want, "")
		if reason != test.reason {
			t.Errorf("%s: refused because %q, want %q", name, reason, test.reason)
		}
		if !cmp.Equal(test.flow, flow, flowParts) {
			t.Errorf("%s: the flow is %q", name, notationOf(flow))
		}
	}
}

func TestHandingTheFlowBackToTheServer(t *testing.T) {
	t.Parallel()
	origin := ofServer(flowOf("Google/OIDC "+basic, "")).Origin()
	back := ofServer(flowOf(basic+" Google/OIDC", ""))
	for name, test := range map[string]struct {
		flow   Flow
		want   Settings
		origin string
		then   Flow
	}{
		"the factor goes": {
			flowOf(basic+" Google/OIDC|totp", consoleScript2), Settings{TOTP: Off}, origin, back,
		},
		"the factor went before":    {flowOf(basic+" Google/OIDC", consoleScript1), Settings{TOTP: Off}, origin, back},
		"nothing is wanted":         {flowOf(basic+" Google/OIDC", ""), nil, origin, back},
		"it never was the server's": {flowOf(basic+"|totp", ""), Settings{TOTP: Off}, "", flowOf(basic, "")},
		"a factor stays": {
			flowOf(basic+" Google/OIDC|totp "+sms, ""), Settings{TOTP: Off}, origin,
			flowOf(basic+" Google/OIDC|"+sms, ""),
		},
		"the first step changed": {flowOf(basic+"|totp", ""), Settings{TOTP: Off}, origin, flowOf(basic, "")},
		"there is a script": {
			flowOf(basic+" Google/OIDC", "x"), Settings{TOTP: Off}, origin, flowOf(basic+" Google/OIDC", "x"),
		},
		"it is the server's": {back, Settings{TOTP: Off}, origin, back},
		"the server's is changed": {
			ofServer(flowOf("Google/OIDC "+basic+"|totp", "")),
			Settings{TOTP: Off},
			origin,
			flowOf("Google/OIDC "+basic, ""),
		},
	} {
		merged, reason := test.flow.Merge(test.want, test.origin)
		if reason != "" {
			t.Errorf("%s: %s", name, reason)
		} else if diff := cmp.Diff(test.then, merged, flowParts); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	ids := identifiedIn(flowOf(idf+"|"+basic, ""), 1, 2)
	for name, test := range map[string]struct {
		flow Flow
		has  bool
	}{
		"the server's": {ofServer(ids), true},
		"with a script that changes nothing": {
			ofServer(identifiedIn(flowOf(idf+"|"+basic, consoleScript2), 1, 2)), true,
		},
		"without steps":            {Flow{Kind: ServerFlow}, true},
		"the application's":        {ids, false},
		"with a script of its own": {ofServer(flowOf(basic, "x")), false},
		"with enrollment":          {ofServer(flowOf(basic+"|totp", enrollmentScript2("true"))), false},
	} {
		if origin := test.flow.Origin(); (origin != "") != test.has {
			t.Errorf("%s: the origin is %q", name, origin)
		}
	}
	if ofServer(ids).Origin() == ofServer(identifiedIn(ids, 2, 2)).Origin() {
		t.Error("it makes no difference which step identifies the user")
	}
}

func TestComparingLoginFlows(t *testing.T) {
	t.Parallel()
	crlf := func(script string) string { return strings.ReplaceAll(script, "\n", "\r\n") }
	two := basic + " Google/OIDC|totp " + sms
	for name, test := range map[string]struct {
		a, b Flow
		same bool
	}{
		"equal": {flowOf(two, "x"), flowOf(two, "x"), true},
		"options in another order": {
			flowOf(two, ""), flowOf("Google/OIDC "+basic+"|"+sms+" totp", ""), true,
		},
		"steps in another order": {flowOf(basic+"|totp", ""), flowOf("totp|"+basic, ""), false},
		"an option moved":        {flowOf("a b|c", ""), flowOf("a|b c", ""), false},
		"an option twice":        {flowOf("a a b", ""), flowOf("a b b", ""), false},
		"another connection":     {flowOf("A/x", ""), flowOf("B/x", ""), false},
		"another kind":           {flowOf(basic, ""), ofServer(flowOf(basic, "")), true},
		"another subject":        {flowOf("a|b", ""), identifiedIn(flowOf("a|b", ""), 2, 1), false},
		"other attributes":       {flowOf("a|b", ""), identifiedIn(flowOf("a|b", ""), 1, 2), false},
		"another subject of the server": {
			flowOf("a|b", ""), ofServer(identifiedIn(flowOf("a|b", ""), 2, 2)), false,
		},
		"no script and the default":     {flowOf("a|b", ""), flowOf("a|b", consoleScript2), true},
		"blank scripts":                 {flowOf("a|b", ""), flowOf("a|b", " \n"), true},
		"no script and another default": {flowOf("a|b", ""), flowOf("a|b", consoleScript1), false},
		"another layout": {
			flowOf("a|b", consoleScript2), flowOf("a|b", bare(consoleScript2)), true,
		},
		"enrollment": {
			flowOf(two, enrollmentScript2("true")), flowOf(two, enrollmentScript2("false")), false,
		},
		"enrollment and none": {flowOf(two, enrollmentScript2("true")), flowOf(two, consoleScript2), false},
		"enrollment in another layout": {
			flowOf(two, enrollmentScript2("true")), flowOf(two, flowOf(two, "").generatedScript(On)), true,
		},
		"own scripts":                 {flowOf(two, "x\ny"), flowOf(two, crlf("x\ny\n\n")), true},
		"own scripts, another layout": {flowOf(two, "x y"), flowOf(two, "x  y"), false},
	} {
		if same := test.a.Same(test.b); same != test.same || same != test.b.Same(test.a) {
			t.Errorf("%s: same is %t", name, same)
		}
	}
}

// A custom flow is refused only when something about it would change; enrollment in its script counts, too.
func TestCustomFlowWhoseEnrollmentIsAsWanted(t *testing.T) {
	t.Parallel()
	flow := flowOf(basic+"|totp FIDO", "")
	flow.Script = flow.generatedScript(On)
	merged, refused := flow.Merge(Settings{TOTP: On, TOTPEnrollment: On}, "")
	if refused != "" || !merged.Same(flow) {
		t.Errorf("refused: %v", refused)
	}
	if _, refused := flow.Merge(Settings{TOTP: On, TOTPEnrollment: Off}, ""); refused == "" {
		t.Error("the other value is not refused")
	}
}

func TestUnknownMembersOfAnOptionStay(t *testing.T) {
	t.Parallel()
	step := flowOf("totp "+sms, "").Steps[0]
	for i := range step.Options {
		step.Options[i].other = map[string]json.RawMessage{"new": json.RawMessage(`"member"`)}
	}
	options := step.optionsFor(Settings{EmailOTP: On})
	if len(options) != 3 || options[0].other == nil || options[1].other != nil || options[2].other == nil {
		t.Errorf("the options are %+v", options)
	}
}

func TestScriptForAFlowWithoutOne(t *testing.T) {
	t.Parallel()
	two := flowOf(basic+"|totp", "")
	for name, test := range map[string]struct {
		flow Flow
		want string
	}{
		"none":       {two, two.generatedScript(NotSet)},
		"blank":      {flowOf(basic+"|totp", " \n"), two.generatedScript(NotSet)},
		"it has one": {flowOf(basic+"|totp", "x"), "x"},
	} {
		if got := test.flow.ScriptOrGenerated(); got != test.want {
			t.Errorf("%s: the script is %q", name, got)
		}
	}
}
