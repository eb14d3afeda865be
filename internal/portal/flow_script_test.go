package portal

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestGeneratedScripts(t *testing.T) {
	t.Parallel()
	const enrollment = `var onLoginRequest = function(context) {
    executeStep(1);
    executeStep(2);
    executeStep(3, {
        authenticatorParams: {
            common: {
                'enrolUserInAuthenticationFlow': 'false'
            }
        }
    }, {});
};
`
	for _, test := range []struct {
		steps      string
		enrollment Value
		want       string
	}{
		{basic, NotSet, consoleScript1},
		{basic + "|totp", NotSet, consoleScript2},
		{basic + "|totp", Unknown, consoleScript2},
		{"totp|" + sms + "|" + email, On, consoleScript3}, // TOTP is no second factor in step 1
		{idf + "|" + basic + "|totp " + sms, Off, enrollment},
	} {
		if got := flowOf(test.steps, "").generatedScript(test.enrollment); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.steps, got, test.want)
		}
	}
}

// Whatever a flow and its script are: a script that is generated for the flow is recognized, and no script is mistaken
// for one that does something else.
func FuzzLoginScript(f *testing.F) {
	for _, script := range []string{
		"", " \n", consoleScript1, consoleScript2, consoleScript3, enrollmentScript2("true"),
		enrollmentScript2(`false`), "x",
		"var onLoginRequest = function(context) {};",
		"var onLoginRequest = function(context) { executeStep(18446744073709551616); };",
		"\xff\u2028" + consoleScript1, strings.ReplaceAll(consoleScript1, "1", "01"),
		strings.ReplaceAll(enrollmentScript2("true"), "'", `"`),
	} {
		f.Add(script, basic+"|totp", 2)
		f.Add(script, basic+" Google/OIDC|"+email+" totp|totp", 3)
		f.Add(script, "totp", 0)
	}
	f.Fuzz(func(t *testing.T, script, steps string, value int) {
		flow := flowOf(steps, script)
		switch form := flow.form(); {
		case form.own:
			if bare(script) == "" || form.enrollment != NotSet {
				t.Errorf("%q is said to be somebody's: %+v", script, form)
			}
		case form.runs != len(flow.Steps):
			plain := flowOf(strings.Repeat("|", form.runs-1), "").generatedScript(NotSet)
			if bare(script) != bare(plain) {
				t.Errorf("%q is said to run %d steps", script, form.runs)
			}
		case bare(script) != "" && bare(script) != bare(flow.generatedScript(form.enrollment)):
			t.Errorf("%q is taken for %q", script, flow.generatedScript(form.enrollment))
		}
		enrollment := []Value{On, Off, NotSet}[uint(value)%3]
		flow.Script = flow.generatedScript(enrollment)
		want := scriptForm{runs: len(flow.Steps), enrollment: NotSet}
		if flow.Settings()[TOTP] == On {
			want.enrollment = enrollment
		}
		if form := flow.form(); form != want {
			t.Errorf("%+v is not recognized, but %+v: %s", want, form, flow.Script)
		}
	})
}

// Whatever a server answers, it is an error or a flow that can be written and is read again as the same.
func FuzzLoginFlow(f *testing.F) {
	for _, text := range []string{
		`null`, `{}`, `[]`, `{"type":"DEFAULT"}`, `{"type":"default","steps":[]}`, `{"steps":[{"id":1e400}]}`,
		`{"steps":[{"id":-1},{"id":-1}]}`,
		`{"type":"USER_DEFINED","steps":[{"id":2,"options":[{"idp":"LOCAL","authenticator":"totp","x":[1]}],"y":{}},` +
			`{"id":1,"options":[{"idp":"LOCAL","authenticator":"BasicAuthenticator"}]}],` +
			`"script":"x","subjectStepId":1,"attributeStepId":9,"z":null}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var flow Flow
		if json.Unmarshal([]byte(text), &flow) != nil {
			return
		}
		if bare(flow.Script) == "" {
			flow.Script = "" // is not sent
		}
		for _, want := range []Settings{nil, allSettings(Off), allSettings(On, TOTP, EmailOTP)} {
			merged, reason := flow.Merge(want, "")
			if reason != "" {
				if strings.ContainsAny(reason+strings.Join(flow.Lines(), ""), "\n\x00") {
					t.Errorf("refused with %q, for %q", reason, flow.Lines())
				}
				continue
			}
			merged.Kind = OwnFlow
			sent, err := json.Marshal(merged.Patch(Flow{}))
			if err != nil {
				t.Fatal(err)
			}
			var again Flow
			if err := json.Unmarshal(sent, &again); err != nil {
				if len(merged.Steps) > 0 {
					t.Fatalf("%s: %v", sent, err)
				}
				continue
			}
			if !again.Same(merged) || again.Script != merged.Script {
				t.Errorf("%s\nis read as %q %+v", sent, notationOf(again), again)
			}
		}
	})
}

func TestScriptOfAFlowWithoutSteps(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]scriptForm{"x": {own: true, enrollment: NotSet}, "": {enrollment: NotSet}} {
		if got := (Flow{Kind: OwnFlow, Script: script}).form(); got != want {
			t.Errorf("the form of %q is %+v", script, got)
		}
	}
}

// TestEnrollmentBeforeTheLastStep: a generated script is recognized wherever in the flow TOTP is a second factor.
func TestEnrollmentBeforeTheLastStep(t *testing.T) {
	t.Parallel()
	flow := flowOf(basic+"|totp|FIDO", "")
	flow.Script = flow.generatedScript(On)
	if got := flow.Settings()[TOTPEnrollment]; got != On || flow.HasOwnScript() {
		t.Errorf("enrollment is %v, somebody's script: %t", got, flow.HasOwnScript())
	}
	if got := flow.WhyCustom(); got != "step 3 follows the second factors" {
		t.Errorf("custom because %q", got)
	}
}
