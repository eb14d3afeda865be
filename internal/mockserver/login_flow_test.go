package mockserver_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

const defaultFlow = "DEFAULT [LOCAL/BasicAuthenticator] 1 1"

func scripted() mockserver.AuthenticationSequence {
	return mockserver.AuthenticationSequence{
		Steps:  []mockserver.Step{step("BasicAuthenticator"), step("totp")},
		Script: "old", SubjectStepID: 2, AttributeStepID: 2,
		RequestPathAuthenticators: []string{"BasicAuthRequestPathAuthenticator"},
	}
}

// The parts of the flow above as a GET shows them.
const (
	scriptedSteps = "USER_DEFINED [LOCAL/BasicAuthenticator] [LOCAL/totp]"
	scriptedFlow  = scriptedSteps + ` 2 2 "old" [BasicAuthRequestPathAuthenticator]`
	passwordOnly  = `USER_DEFINED [LOCAL/BasicAuthenticator] 1 1 "old" [BasicAuthRequestPathAuthenticator]`
)

// A login flow is replaced as a whole, with exceptions.
func TestLoginFlowChanges(t *testing.T) {
	t.Parallel()
	none := mockserver.AuthenticationSequence{}
	one := step("BasicAuthenticator")
	for _, test := range []struct {
		name   string
		before mockserver.AuthenticationSequence
		change string
		want   string
	}{
		{"type omitted", scripted(), steps(one, step("sms-otp-authenticator")), defaultFlow +
			" [BasicAuthRequestPathAuthenticator]"},
		{"nothing sent", scripted(), "", defaultFlow + " [BasicAuthRequestPathAuthenticator]"},
		{"type omitted with a script", scripted(), `"script":"new"`, defaultFlow + " [BasicAuthRequestPathAuthenticator]"},
		{"type DEFAULT", scripted(), `"type":"DEFAULT","requestPathAuthenticators":[]`, defaultFlow},
		{"type null", none, `"type":null,` + steps(one, step("totp")),
			"USER_DEFINED [LOCAL/BasicAuthenticator] [LOCAL/totp] 1 1"},
		{"DEFAULT on default", none, `"type":"DEFAULT","script":"unseen","subjectStepId":2,` + steps(one, step("totp")),
			defaultFlow},
		{"all replaced", scripted(), userDefined + `"script":"new","subjectStepId":1,"attributeStepId":3,` +
			`"requestPathAuthenticators":["OAuthRequestPathAuthenticator"],` + steps(one, step("totp"),
			step("FIDOAuthenticator")),
			`USER_DEFINED [LOCAL/BasicAuthenticator] [LOCAL/totp] [LOCAL/FIDOAuthenticator] 1 3 "new" ` +
				`[OAuthRequestPathAuthenticator]`},
		{"ids out of order", none, userDefined + `"steps":[` + stepWithID(2, step("totp")) + "," + stepWithID(1, one) + "]",
			"USER_DEFINED [LOCAL/BasicAuthenticator] [LOCAL/totp] 1 1"},
		{"an id twice", none, userDefined + `"steps":[` + stepWithID(3, step("totp")) + "," + stepWithID(1, one) + "," +
			stepWithID(1, step("FIDOAuthenticator")) + "]",
			"USER_DEFINED [LOCAL/BasicAuthenticator] [LOCAL/FIDOAuthenticator] [LOCAL/totp] 1 1"},
		{"step ids absent", scripted(), userDefined + steps(one, step("totp")),
			scriptedSteps + ` 1 1 "old" [BasicAuthRequestPathAuthenticator]`},
		{"step ids null", scripted(), userDefined + `"subjectStepId":null,"attributeStepId":null,` + steps(one, step("totp")),
			scriptedSteps + ` 1 1 "old" [BasicAuthRequestPathAuthenticator]`},
		{"step ids beyond the steps", scripted(), userDefined + `"subjectStepId":3,"attributeStepId":0,` + steps(one,
			step("totp")),
			scriptedSteps + ` 1 1 "old" [BasicAuthRequestPathAuthenticator]`},
		{"script null", scripted(), userDefined + `"script":null,` + steps(one), passwordOnly},
		{"script empty", scripted(), userDefined + `"script":"",` + steps(one), passwordOnly},
		{"script blank", scripted(), userDefined + `"script":" \n\t",` + steps(one), passwordOnly},
		{
			"request path authenticators null", scripted(), userDefined + `"requestPathAuthenticators":null,` + steps(one),
			passwordOnly,
		},
		{"request path authenticators cleared", scripted(), userDefined + `"requestPathAuthenticators":[],` + steps(one),
			`USER_DEFINED [LOCAL/BasicAuthenticator] 1 1 "old"`},
		{"those of connections come first", none, userDefined + steps(step(
			"totp", "Google/GoogleOIDCAuthenticator", "BasicAuthenticator", "Entra ID/SAMLSSOAuthenticator")),
			"USER_DEFINED [Google/GoogleOIDCAuthenticator Entra ID/SAMLSSOAuthenticator LOCAL/totp LOCAL/BasicAuthenticator] " +
				"1 1"},
		{"what makes no sense", none, userDefined + steps(step("totp", "totp"), step("backup-code-authenticator")),
			"USER_DEFINED [LOCAL/totp LOCAL/totp] [LOCAL/backup-code-authenticator] 1 1"},
		{"a handler beside a real one", none, userDefined + steps(step("IdentifierExecutor"), step("FIDOAuthenticator")),
			"USER_DEFINED [LOCAL/IdentifierExecutor] [LOCAL/FIDOAuthenticator] 1 1"},
		{"words of loops in texts and comments", none, userDefined +
			`"script":"// for\n/* while */ x('forEach', \"do \\\" for\"); format()",` + steps(one),
			`USER_DEFINED [LOCAL/BasicAuthenticator] 1 1 "// for\n/* while */ x('forEach', \"do \\\" for\"); format()"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newPortal(t, withFlow(test.before))
			p.patch(sequence(strings.TrimSuffix(test.change, ","))).expectChanged()
			if got := p.flow(); got != test.want {
				t.Errorf("the flow is  %s\nand should be %s", got, test.want)
			}
		})
	}
}

// What the server refuses changes nothing, and it does not say what is wrong.
func TestLoginFlowRefusals(t *testing.T) {
	t.Parallel()
	one := step("BasicAuthenticator")
	option := `{"idp":"LOCAL","authenticator":"totp"}`
	for _, test := range []struct{ name, body, code string }{
		{"USER_DEFINED without steps", sequence(`"type":"USER_DEFINED"`), "APP-60001"},
		{"USER_DEFINED with no step", sequence(userDefined + `"steps":[]`), "APP-60001"},
		{"USER_DEFINED with steps null", sequence(userDefined + `"steps":null`), "APP-60001"},
		{"ids with a gap", sequence(userDefined + `"steps":[` + stepWithID(1, one) + "," + stepWithID(3, step("totp")) +
			"]"), "APP-60001"},
		{"ids all 1", sequence(userDefined + `"steps":[` + stepWithID(1, one) + "," + stepWithID(1, step("totp")) + "]"),
			"APP-60001"},
		{"unknown authenticator", sequence(userDefined + steps(one, step("TOTP"))), "APP-60001"},
		{"the name of an option of the documentation", sequence(userDefined + steps(step("basic"))), "APP-60001"},
		{"unknown connection", sequence(userDefined + steps(step("Facebook/FacebookAuthenticator"))), "APP-60001"},
		{"authenticator of another connection", sequence(userDefined + steps(step("Google/SAMLSSOAuthenticator"))),
			"APP-60001"},
		{"local authenticator of a connection", sequence(userDefined + steps(step("Google/totp"))), "APP-60001"},
		{
			"authenticator of a connection as local", sequence(userDefined + steps(step("GoogleOIDCAuthenticator"))),
			"APP-60001",
		},
		{"handlers only", sequence(userDefined + steps(step("IdentifierExecutor", "SessionExecutor"),
			step("OrganizationIdentifierHandler", "SharedUserIdentifierExecutor"))), "APP-60001"},
		{"for", sequence(userDefined + `"script":"for (;;) {}",` + steps(one)), "APP-60001"},
		{"while", sequence(userDefined + `"script":"x();while(y){}",` + steps(one)), "APP-60001"},
		{"forEach", sequence(userDefined + `"script":"[].forEach(f)",` + steps(one)), "APP-60001"},
		{"unknown request path authenticator", sequence(userDefined + `"requestPathAuthenticators":["totp"],` + steps(one)),
			"APP-60001"},

		{"unknown type", sequence(`"type":"CUSTOM",` + steps(one)), "UE-10000"},
		{"type in lower case", sequence(`"type":"default"`), "UE-10000"},
		{"unknown member", sequence(userDefined + `"comment":"",` + steps(one)), "UE-10000"},
		{"member in another case", sequence(userDefined + `"Script":"x",` + steps(one)), "UE-10000"},
		{"member of a later version", sequence(userDefined + `"introducedLater":"of the flow",` + steps(one)), "UE-10000"},
		{"unknown member of a step", sequence(userDefined + `"steps":[{"id":1,"name":"x","options":[` + option + `]}]`),
			"UE-10000"},
		{"unknown member of an option", sequence(userDefined +
			`"steps":[{"id":1,"options":[{"idp":"LOCAL","authenticator":"totp","x":1}]}]`), "UE-10000"},
		{"step without id", sequence(userDefined + `"steps":[{"options":[` + option + `]}]`), "UE-10000"},
		{"step without options", sequence(userDefined + `"steps":[{"id":1}]`), "UE-10000"},
		{"step with no option", sequence(userDefined + `"steps":[{"id":1,"options":[]}]`), "UE-10000"},
		{"step null", sequence(userDefined + `"steps":[null]`), "UE-10000"},
		{"option without idp", sequence(userDefined + `"steps":[{"id":1,"options":[{"authenticator":"totp"}]}]`), "UE-10000"},
		{
			"option without authenticator", sequence(userDefined + `"steps":[{"id":1,"options":[{"idp":"LOCAL"}]}]`), "UE-10000",
		},
		{"option null", sequence(userDefined + `"steps":[{"id":1,"options":[null]}]`), "UE-10000"},
		{"id as text", sequence(userDefined + `"steps":[{"id":"1","options":[` + option + `]}]`), "UE-10000"},
		{"id with a fraction", sequence(userDefined + `"steps":[{"id":1.5,"options":[` + option + `]}]`), "UE-10000"},
		{"script a number", sequence(userDefined + `"script":1,` + steps(one)), "UE-10000"},
		{"subject a text", sequence(userDefined + `"subjectStepId":"1",` + steps(one)), "UE-10000"},
		{"steps an object", sequence(userDefined + `"steps":{}`), "UE-10000"},
		{"a list", `{"authenticationSequence":[]}`, "UE-10000"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newPortal(t, withFlow(scripted()))
			r := p.patch(test.body).expectError(http.StatusBadRequest, test.code)
			if test.code == "APP-60001" && strings.Contains(r.text("description"), "TOTP") {
				t.Errorf("the description tells what is wrong: %s", r.text("description"))
			}
			if got := p.flow(); got != scriptedFlow {
				t.Errorf("the flow is  %s\nand was %s", got, scriptedFlow)
			}
		})
	}
}

// A flow that has gone bad since it was stored stands in the way of every other change.
func TestStaleFlowBlocksEveryUpdate(t *testing.T) {
	t.Parallel()
	withGoogle := mockserver.AuthenticationSequence{Steps: []mockserver.Step{
		step("BasicAuthenticator", "Google/GoogleOIDCAuthenticator"), step("totp"),
	}}
	for name, spoil := range map[string]func(*mockserver.Organization){
		"connection deleted":       func(o *mockserver.Organization) { delete(o.Connections, "Google") },
		"authenticator deleted":    func(o *mockserver.Organization) { o.Connections["Google"] = nil },
		"local authenticator gone": func(o *mockserver.Organization) { o.Authenticators = []string{"BasicAuthenticator"} },
		"script with a loop stored": func(o *mockserver.Organization) {
			o.MyAccountApplication().AuthenticationSequence.Script = "while(1){}"
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPortal(t, withFlow(withGoogle))
			p.patch(`{"applicationEnabled":true}`).expectChanged()
			p.server.Update(func(state *mockserver.State) { spoil(state.Organizations["bifrost"]) })
			p.patch(`{"applicationEnabled":false}`).expectError(http.StatusBadRequest, "APP-60001")
			if p.get()["applicationEnabled"] != true {
				t.Error("the refused change was made")
			}
			p.patch(`{"applicationEnabled":false,"authenticationSequence":{"type":"DEFAULT"}}`).expectChanged()
			if got := p.flow(); got != defaultFlow || p.get()["applicationEnabled"] != false {
				t.Errorf("after the repair: %s, %v", got, p.get()["applicationEnabled"])
			}
		})
	}
}

// DEFAULT shows what the server has for all applications, and a script that is stored meanwhile stays out of sight.
func TestDefaultFlow(t *testing.T) {
	t.Parallel()
	p := newPortal(t, nil, mockserver.WithDefaultFlow(
		step("IdentifierExecutor"), step("BasicAuthenticator", "Google/GoogleOIDCAuthenticator")))
	const servers = "DEFAULT [LOCAL/IdentifierExecutor] [Google/GoogleOIDCAuthenticator LOCAL/BasicAuthenticator] 1 1"
	if got := p.flow(); got != servers {
		t.Errorf("the flow is  %s\nand should be %s", got, servers)
	}
	p.patch(sequence(`"type":"DEFAULT","script":"hidden"`)).expectChanged()
	if got := p.flow(); got != servers {
		t.Errorf("the flow is  %s\nand should be %s", got, servers)
	}
	p.patch(sequence(userDefined + steps(step("BasicAuthenticator")))).expectChanged()
	if got, want := p.flow(), `USER_DEFINED [LOCAL/BasicAuthenticator] 1 1 "hidden"`; got != want {
		t.Errorf("the flow is  %s\nand should be %s", got, want)
	}

	for name, flow := range map[string][]mockserver.Step{"no step": nil, "no option": {{}}} {
		if server, err := mockserver.Start("127.0.0.1:0", mockserver.WithDefaultFlow(flow...)); err == nil {
			server.Close()
			t.Errorf("a default flow with %s is taken", name)
		}
	}
}

// Whether a script outlives a reset of the flow depends on the server.
func TestScriptSurvivesReset(t *testing.T) {
	t.Parallel()
	for _, survives := range []bool{false, true} {
		p := newPortal(t, func(o *mockserver.Organization) {
			withFlow(scripted())(o)
			o.ScriptSurvivesReset = survives
		})
		p.patch(sequence(`"type":"DEFAULT","requestPathAuthenticators":[]`)).expectChanged()
		if got := p.flow(); got != defaultFlow {
			t.Errorf("after the reset: %s", got)
		}
		p.patch(sequence(userDefined + steps(step("BasicAuthenticator")))).expectChanged()
		want := "USER_DEFINED [LOCAL/BasicAuthenticator] 1 1"
		if survives {
			want += ` "old"`
		}
		if got := p.flow(); got != want {
			t.Errorf("survives %v: %s", survives, got)
		}
	}
}
