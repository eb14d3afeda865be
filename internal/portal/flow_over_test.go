package portal

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWhichScriptIsSent(t *testing.T) {
	t.Parallel()
	const two = "BasicAuthenticator | totp"
	generated := func(steps string) string { return flowOf(steps, "").generatedScript(NotSet) }
	for name, test := range map[string]struct {
		live, want Flow
		script     any // nil: none is sent
	}{
		"none over none":                    {flowOf("a", ""), flowOf(two, ""), nil},
		"none over a blank one":             {flowOf("a", " \n"), flowOf(two, ""), nil},
		"none over a generated one":         {flowOf("a | b", generated("a | b")), flowOf(two, ""), nil},
		"none over one for fewer steps":     {flowOf("a", generated("a")), flowOf(two, ""), generated(two)},
		"none over somebody's":              {flowOf("a", "own();"), flowOf(two, ""), generated(two)},
		"none over what the server shows":   {ofServer(flowOf("a", "own();")), flowOf(two, ""), nil},
		"one over none":                     {flowOf(two, ""), flowOf(two, "own();"), "own();"},
		"one over the same":                 {flowOf("a", "own();"), flowOf(two, "own();"), nil},
		"one over the same with other ends": {flowOf("a", "own();\r\n"), flowOf(two, "own();\n\n"), nil},
		"one over what the server shows":    {ofServer(flowOf("a", "own();")), flowOf(two, "own();"), "own();"},
		"one over another layout":           {flowOf(two, "own( );"), flowOf(two, "own();"), "own();"},
		"a generated one over none":         {flowOf("a", ""), flowOf(two, generated(two)), nil},
		"a generated one over somebody's":   {flowOf("a", "own();"), flowOf(two, generated(two)), generated(two)},
		"enrollment over none": {
			flowOf(two, ""), flowOf(two, flowOf(two, "").generatedScript(Off)), flowOf(two, "").generatedScript(Off),
		},
		"none over enrollment that is no use": {
			flowOf(two, flowOf(two, "").generatedScript(Off)), flowOf("BasicAuthenticator | b", ""), nil,
		},
		"none over enrollment": {
			flowOf(two, flowOf(two, "").generatedScript(Off)), flowOf(two, ""), generated(two),
		},
	} {
		if got := test.want.WrittenOver(test.live).Patch(test.live)["script"]; got != test.script {
			t.Errorf("%s: %v is sent, want %v", name, got, test.script)
		}
	}
}

func TestMembersOfAReplacedFlow(t *testing.T) {
	t.Parallel()
	live := readFlow(t, `{"type":"USER_DEFINED","new":1,"requestPathAuthenticators":["r"],"steps":[
		{"id":1,"new":2,"options":[{"idp":"LOCAL","authenticator":"a","new":3},{"idp":"G","authenticator":"a","new":4}]},
		{"id":2,"new":5,"options":[{"idp":"LOCAL","authenticator":"b","new":6}]}]}`)
	for want, parts := range map[string]string{
		"a G/a | b": `{"attributeStepId":1,"new":1,"steps":[{"id":1,"new":2,"options":[{"authenticator":"a",` +
			`"idp":"LOCAL","new":3},` +
			`{"authenticator":"a","idp":"G","new":4}]},` +
			`{"id":2,"new":5,"options":[{"authenticator":"b","idp":"LOCAL","new":6}]}],` +
			`"subjectStepId":1,"type":"USER_DEFINED"}`,
		"G/a | c": `{"attributeStepId":1,"new":1,"steps":[{"id":1,"new":2,"options":[{"authenticator":"a",` +
			`"idp":"G","new":4}]},` +
			`{"id":2,"options":[{"authenticator":"c","idp":"LOCAL"}]}],"subjectStepId":1,"type":"USER_DEFINED"}`,
		"c | a G/a | b": `{"attributeStepId":1,"new":1,"steps":[{"id":1,"options":[{"authenticator":"c","idp":"LOCAL"}]},` +
			`{"id":2,"new":2,"options":[{"authenticator":"a","idp":"LOCAL","new":3},{"authenticator":"a","idp":"G","new":4}]},` +
			`{"id":3,"new":5,"options":[{"authenticator":"b","idp":"LOCAL","new":6}]}],"subjectStepId":1,"type":"USER_DEFINED"}`,
	} {
		if got := writtenFlow(t, flowOf(want, "").WrittenOver(live), live); got != parts {
			t.Errorf("%s is sent as\n%s, want\n%s", want, got, parts)
		}
	}
}

func TestShapesAndFingerprints(t *testing.T) {
	t.Parallel()
	for notation, shape := range map[string]string{
		"BasicAuthenticator": "none", "email-otp-authenticator": "none",
		"BasicAuthenticator | totp":     "simple",
		"BasicAuthenticator | totp | x": "custom", "BasicAuthenticator | totp x": "custom",
	} {
		if got := flowOf(notation, "").Shape(); got != shape {
			t.Errorf("%s is %s, want %s", notation, got, shape)
		}
	}
	one := flowOf("a G/b | c", "own();")
	for name, test := range map[string]struct {
		other Flow
		same  bool
	}{
		"another order":      {flowOf("G/b a | c", "own();\r\n"), true},
		"the server's":       {ofServer(one), true},
		"another connection": {flowOf("a H/b | c", "own();"), false},
		"another step":       {flowOf("a G/b | c | d", "own();"), false},
		"other ids":          {identifiedIn(one, 2, 1), false},
		"another script":     {flowOf("a G/b | c", "other();"), false},
	} {
		if got := one.Fingerprint() == test.other.Fingerprint(); got != test.same || one.Same(test.other) != test.same {
			t.Errorf("%s: the same fingerprint: %t, same: %t, want %t", name, got, one.Same(test.other), test.same)
		}
	}
}

// TestTheServersFlowOverAnother: an application that has it keeps what it has, and another one gives its own flow up.
func TestTheServersFlowOverAnother(t *testing.T) {
	t.Parallel()
	const shown = `{"type":"DEFAULT","new":1,"steps":[{"id":1,"options":[{"idp":"LOCAL","authenticator":"a"}]}]}`
	live, wanted := readFlow(t, shown), ofServer(flowOf("b", ""))
	if diff := cmp.Diff(live, wanted.WrittenOver(live), flowParts); diff != "" {
		t.Errorf("over the server's own (-want +got):\n%s", diff)
	}
	none := Flow{Kind: ServerFlow, SubjectStep: 1, AttributeStep: 1}
	if diff := cmp.Diff(none, wanted.WrittenOver(flowOf("a", "own();")), flowParts); diff != "" {
		t.Errorf("over the application's (-want +got):\n%s", diff)
	}
}

// TestMembersOfAStepThatGetsAnotherOption: one option in common makes it the same step, even the first of them.
func TestMembersOfAStepThatGetsAnotherOption(t *testing.T) {
	t.Parallel()
	live := readFlow(t, `{"type":"USER_DEFINED","steps":[{"id":1,"new":2,"options":[`+
		`{"idp":"LOCAL","authenticator":"a"},{"idp":"G","authenticator":"a"}]}]}`)
	const want = `{"attributeStepId":1,"steps":[{"id":1,"new":2,"options":[{"authenticator":"a","idp":"LOCAL"},` +
		`{"authenticator":"b","idp":"LOCAL"}]}],"subjectStepId":1,"type":"USER_DEFINED"}`
	if got := writtenFlow(t, flowOf("a b", "").WrittenOver(live), live); got != want {
		t.Errorf("it is sent as\n%s, want\n%s", got, want)
	}
}
