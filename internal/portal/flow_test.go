package portal

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// flowOf writes a flow down: steps are parted by "|", options by blanks, and "Google/OIDC" is the authenticator OIDC of
// the connection Google. The flow is the application's own, and step 1 identifies the user.
func flowOf(steps, script string) Flow {
	flow := Flow{Kind: OwnFlow, Script: script, SubjectStep: 1, AttributeStep: 1}
	for options := range strings.SplitSeq(steps, "|") {
		var step Step
		for name := range strings.FieldsSeq(options) {
			connection, authenticator, federated := strings.Cut(name, "/")
			if !federated {
				connection, authenticator = "", name
			}
			step.Options = append(step.Options, Option{Connection: connection, Authenticator: authenticator})
		}
		flow.Steps = append(flow.Steps, step)
	}
	return flow
}

// notationOf is the opposite of flowOf.
func notationOf(flow Flow) string {
	var steps []string
	for _, step := range flow.Steps {
		var options []string
		for _, option := range step.Options {
			name := option.Authenticator
			if option.Connection != "" {
				name = option.Connection + "/" + name
			}
			options = append(options, name)
		}
		steps = append(steps, strings.Join(options, " "))
	}
	return strings.Join(steps, " | ")
}

// ofServer turns a flow into one that the server shows because the application has none.
func ofServer(flow Flow) Flow {
	flow.Kind = ServerFlow
	return flow
}

func withRequestPath(flow Flow, names ...string) Flow {
	flow.RequestPath = append([]string{}, names...)
	return flow
}

func identifiedIn(flow Flow, subject, attributes int) Flow {
	flow.SubjectStep, flow.AttributeStep = subject, attributes
	return flow
}

func readFlow(t *testing.T, text string) Flow {
	t.Helper()
	var flow Flow
	if err := json.Unmarshal([]byte(text), &flow); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return flow
}

// writtenFlow returns the JSON of the change from one flow to another, without white space and with sorted members.
func writtenFlow(t *testing.T, flow, from Flow) string {
	t.Helper()
	text, err := json.Marshal(flow.Patch(from))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestReadingALoginFlow(t *testing.T) {
	t.Parallel()
	const basic = `{"id":1,"options":[{"idp":"LOCAL","authenticator":"BasicAuthenticator"}]}`
	for name, test := range map[string]struct {
		text string
		want Flow
	}{
		"the server's flow": {
			`{"type":"DEFAULT","steps":[` + basic + `],"requestPathAuthenticators":[],` +
				`"subjectStepId":1,"attributeStepId":1}`,
			withRequestPath(ofServer(flowOf("BasicAuthenticator", ""))),
		},
		"the kind in small letters": {
			`{"type":"default","steps":[` + basic + `]}`, ofServer(flowOf("BasicAuthenticator", "")),
		},
		"another kind": {`{"type":"Own","steps":[` + basic + `]}`, flowOf("BasicAuthenticator", "")},
		"no kind, and null for the rest": {
			`{"type":null,"script":null,"subjectStepId":null,"steps":[` + basic + `]}`,
			flowOf("BasicAuthenticator", ""),
		},
		"only a kind": {
			`{"type":"DEFAULT","steps":null}`, Flow{Kind: ServerFlow, SubjectStep: 1, AttributeStep: 1},
		},
		"ids that no step has": {
			`{"steps":[` + basic + `],"subjectStepId":2,"attributeStepId":-1}`, flowOf("BasicAuthenticator", ""),
		},
		"a step without options": {`{"steps":[` + basic + `,{"id":2}]}`, flowOf("BasicAuthenticator|", "")},
		"the names of members are exact": {
			`{"type":"DEFAULT","Type":"x"}`,
			Flow{
				Kind: ServerFlow, SubjectStep: 1, AttributeStep: 1,
				other: map[string]json.RawMessage{"Type": []byte(`"x"`)},
			},
		},
		"steps in another order": {
			`{"type":"USER_DEFINED","script":"s","subjectStepId":2,"attributeStepId":3,"steps":[` +
				`{"id":3,"options":[{"idp":"LOCAL","authenticator":"c"}]},` +
				`{"options":[{"authenticator":"a","idp":"G"}],"id":1},` +
				`{"id":2,"options":[{"idp":"LOCAL","authenticator":"b"}]}]}`,
			identifiedIn(flowOf("G/a | b | c", "s"), 2, 3),
		},
		"ids with gaps, twice, negative and huge": {
			`{"subjectStepId":9223372036854775807,"attributeStepId":5,"steps":[` +
				`{"id":9223372036854775807,"options":[{"idp":"LOCAL","authenticator":"d"}]},` +
				`{"id":5,"options":[{"idp":"LOCAL","authenticator":"b"}]},` +
				`{"id":5,"options":[{"idp":"LOCAL","authenticator":"c"}]},` +
				`{"id":-9223372036854775808,"options":[{"idp":"LOCAL","authenticator":"a"}]}]}`,
			identifiedIn(flowOf("a | b | c | d", ""), 4, 2),
		},
	} {
		got := readFlow(t, test.text)
		if diff := cmp.Diff(test.want, got, flowParts, emptyIsNone); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

var (
	flowParts   = cmp.AllowUnexported(Flow{}, Step{}, Option{})
	emptyIsNone = cmp.Transformer("others", func(others map[string]json.RawMessage) string {
		text, _ := json.Marshal(others)
		return strings.ReplaceAll(string(text), "null", "{}")
	})
)

func TestWhatIsNoLoginFlow(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`null`, `{}`, `[]`, `""`, `1`, `{"script":"s"}`, `{"steps":null}`, `{"type":"","steps":null}`, `{"type":1}`,
		`{"steps":{}}`,
		`{"steps":[null]}`, `{"steps":[1]}`, `{"steps":[{"options":[]}]}`, `{"steps":[{"id":null}]}`,
		`{"steps":[{"id":"1"}]}`,
		`{"steps":[{"id":1e400}]}`, `{"steps":[{"id":9223372036854775808}]}`, `{"steps":[{"id":1.5}]}`,
		`{"steps":[{"id":1,"options":{}}]}`,
		`{"steps":[{"id":1,"options":[null]}]}`, `{"steps":[{"id":1,"options":["totp"]}]}`,
		`{"steps":[{"id":1,"options":[{"idp":"LOCAL"}]}]}`,
		`{"steps":[{"id":1,"options":[{"authenticator":"totp"}]}]}`,
		`{"steps":[{"id":1,"options":[{"idp":1,"authenticator":"totp"}]}]}`,
		`{"type":"DEFAULT","script":{}}`, `{"type":"DEFAULT","subjectStepId":"1"}`,
		`{"type":"DEFAULT","attributeStepId":1e99}`,
	} {
		flow := flowOf("before", "")
		if err := json.Unmarshal([]byte(text), &flow); err == nil {
			t.Errorf("%s passes for a flow: %+v", text, flow)
		}
	}
}

func TestUnknownMembersGoBackAsTheyCame(t *testing.T) {
	t.Parallel()
	const text = `{"attributeStepId":1,"new":{"a":[1.50,null,"é<&>"]},"steps":[{"id":1,"label":"<first>","options":[` +
		`{"authenticator":"BasicAuthenticator","idp":"LOCAL","weight":1e2},` +
		`{"authenticator":"OIDC","idp":"Google <&>","x":null}]}],` +
		`"subjectStepId":1,"type":"USER_DEFINED"}`
	flow := readFlow(t, strings.Replace(text, `"type"`, `"requestPathAuthenticators":["x"],"type"`, 1))
	encoded, err := encodeWithoutHTML(flow.Patch(flow))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text, encoded); diff != "" {
		t.Errorf("round trip (-want +got):\n%s", diff)
	}
	merged, reason := flow.Merge(Settings{TOTP: On}, "")
	if reason != "" {
		t.Fatal(reason)
	}
	encoded, err = encodeWithoutHTML(merged.Patch(flow))
	if err != nil {
		t.Fatal(err)
	}
	const second = `{"id":2,"options":[{"authenticator":"totp","idp":"LOCAL"}]}`
	want := strings.Replace(text, `"x":null}]}]`, `"x":null}]},`+second+`]`, 1)
	if diff := cmp.Diff(want, encoded); diff != "" {
		t.Errorf("with TOTP (-want +got):\n%s", diff)
	}
}

// The step of the second factors, and those of its options that stay, keep what this package does not know of them.
func TestUnknownMembersOfTheSecondFactorsStay(t *testing.T) {
	t.Parallel()
	flow := readFlow(t, `{"steps":[{"id":1,"options":[{"idp":"LOCAL","authenticator":"BasicAuthenticator"}]},`+
		`{"id":2,"s":1,"options":[{"idp":"LOCAL","authenticator":"sms-otp-authenticator","o":2},`+
		`{"idp":"LOCAL","authenticator":"totp","o":3}]}]}`)
	merged, reason := flow.Merge(Settings{SMSOTP: Off, EmailOTP: On}, "")
	if reason != "" {
		t.Fatal(reason)
	}
	const step = `{"id":2,"options":[{"authenticator":"totp","idp":"LOCAL","o":3},` +
		`{"authenticator":"email-otp-authenticator","idp":"LOCAL"}],"s":1}`
	if got := writtenFlow(t, merged, flow); !strings.Contains(got, step) {
		t.Errorf("got  %s\nwant %s", got, step)
	}
}

func encodeWithoutHTML(value any) (string, error) {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return strings.TrimSpace(text.String()), err
}

func TestWhatIsSentOfALoginFlow(t *testing.T) {
	t.Parallel()
	const steps = `"steps":[{"id":1,"options":[{"authenticator":"a","idp":"LOCAL"}]}],` +
		`"subjectStepId":1,"type":"USER_DEFINED"}`
	for name, test := range map[string]struct {
		flow, from Flow
		want       string
	}{
		"the server's flow": {ofServer(flowOf("a", "s")), flowOf("b", "x"), `{"type":"DEFAULT"}`},
		"no script":         {flowOf("a", ""), flowOf("a", ""), `{"attributeStepId":1,` + steps},
		"the script stays":  {flowOf("a", "s"), flowOf("b", "s"), `{"attributeStepId":1,` + steps},
		"another script": {
			flowOf("a", "s"), flowOf("a", "s "), `{"attributeStepId":1,"script":"s",` + steps,
		},
		"a script cannot be taken away": {flowOf("a", " "), flowOf("a", "s"), `{"attributeStepId":1,` + steps},
		"the server's script becomes its own": {
			flowOf("a", "s"), ofServer(flowOf("a", "s")), `{"attributeStepId":1,"script":"s",` + steps,
		},
	} {
		if diff := cmp.Diff(test.want, writtenFlow(t, test.flow, test.from)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestWhyItIsNoLoginFlow: the error names the member that is wrong, and not what is missing because of it.
func TestWhyItIsNoLoginFlow(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"steps":[{"id":"1"}]}`: `"id": json: cannot unmarshal string`,
		`{"steps":[{"id":1,"options":[{"idp":1,"authenticator":"totp"}]}]}`: `"idp": json: cannot unmarshal number`,
		`{"steps":[1]}`:    "cannot unmarshal number",
		`{"steps":[null]}`: "null instead of an object",
		`{"steps":[{}]}`:   "a step has no id",
		`{"steps":[{"id":1,"options":[{"idp":"LOCAL"}]}]}`: "an option lacks its idp or its authenticator",
	} {
		err := json.Unmarshal([]byte(text), &Flow{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}
