package mockserver_test

import (
	"net/http"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

func withoutScope(scope string) []string {
	var scopes []string
	for _, known := range mockserver.AllScopes() {
		if known != scope {
			scopes = append(scopes, known)
		}
	}
	return scopes
}

// A script needs a scope of its own, also where sending it changes nothing, and where it goes by a reset.
func TestScriptScope(t *testing.T) {
	t.Parallel()
	one := steps(step("BasicAuthenticator"))
	none := mockserver.AuthenticationSequence{}
	unseen := mockserver.AuthenticationSequence{Type: "DEFAULT", Script: "unseen"}
	for name, test := range map[string]struct {
		before mockserver.AuthenticationSequence
		body   string
		needed bool
	}{
		"script":                        {none, sequence(userDefined + `"script":"x",` + one), true},
		"empty script":                  {none, sequence(userDefined + `"script":"",` + one), true},
		"reset of a scripted flow":      {scripted(), sequence(`"type":"DEFAULT"`), true},
		"type omitted over a script":    {scripted(), sequence(one), true},
		"default over an invisible one": {unseen, sequence(`"type":"DEFAULT"`), true},
		"script null":                   {scripted(), sequence(userDefined + `"script":null,` + one), false},
		"no script sent":                {scripted(), sequence(userDefined + one), false},
		"no script stored": {mockserver.AuthenticationSequence{Steps: scripted().Steps},
			sequence(`"type":"DEFAULT"`), false},
		"switch":                         {scripted(), `{"applicationEnabled":false}`, false},
		"the scope before a wrong shape": {scripted(), sequence(userDefined + `"script":"x"`), true},
		"the scope before a broken flow": {scripted(), sequence(userDefined + `"script":"x",` + steps(step("basic"))), true},
		"the scope before the other name": {
			scripted(), `{"name":"Console","authenticationSequence":{"type":"DEFAULT"}}`, true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPortal(t, withFlow(test.before))
			before := p.flow()
			p.token = p.fetchToken("bifrost", withoutScope("internal_application_script_update")...)
			r := p.patch(test.body)
			if !test.needed {
				r.expectChanged()
				return
			}
			r.expectError(http.StatusForbidden, "APP-60520")
			if got := p.flow(); got != before {
				t.Errorf("refused, but the flow is %s", got)
			}
		})
	}

	p := newPortal(t, func(o *mockserver.Organization) {
		withFlow(scripted())(o)
		o.ScriptScopeIgnored = true
	})
	p.token = p.fetchToken("bifrost", withoutScope("internal_application_script_update")...)
	p.patch(sequence(`"type":"DEFAULT"`)).expectChanged()
}

func TestScriptAlone(t *testing.T) {
	t.Parallel()
	noScript := scripted()
	noScript.Script = ""
	for _, test := range []struct {
		name, body string
		before     mockserver.AuthenticationSequence
		want       string // "" for a refusal
		code       string
	}{
		{"another", `{"script":"new"}`, scripted(), scriptedSteps + ` 2 2 "new" [BasicAuthRequestPathAuthenticator]`, ""},
		{"the first", `{"script":"new"}`, noScript, scriptedSteps + ` 2 2 "new" [BasicAuthRequestPathAuthenticator]`, ""},
		{"empty", `{"script":""}`, scripted(), scriptedSteps + ` 2 2 [BasicAuthRequestPathAuthenticator]`, ""},
		{"blank", `{"script":" \n"}`, scripted(), scriptedSteps + ` 2 2 [BasicAuthRequestPathAuthenticator]`, ""},
		{"blank without steps", `{"script":""}`, mockserver.AuthenticationSequence{}, defaultFlow, ""},
		{"for the default flow", `{"script":"new"}`, mockserver.AuthenticationSequence{}, "", "APP-60001"},
		{"loop", `{"script":"while(x){}"}`, scripted(), "", "APP-60001"},
		{"null", `{"script":null}`, scripted(), "", "UE-10000"},
		{"absent", `{}`, scripted(), "", "UE-10000"},
		{"number", `{"script":1}`, scripted(), "", "UE-10000"},
		{"unknown member", `{"script":"x","type":"DEFAULT"}`, scripted(), "", "UE-10000"},
		{"no JSON", `script`, scripted(), "", "UE-10000"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newPortal(t, withFlow(test.before))
			before := p.flow()
			r := p.call("PUT", p.path+"/authenticationSequence/script", test.body)
			if test.want == "" {
				r.expectError(http.StatusBadRequest, test.code)
				test.want = before
			} else {
				r.expectChanged()
			}
			if got := p.flow(); got != test.want {
				t.Errorf("the flow is  %s\nand should be %s", got, test.want)
			}
		})
	}

	p := newPortal(t, func(o *mockserver.Organization) {
		withFlow(scripted())(o)
		o.MyAccountApplication().ApplicationEnabled = new(false)
	})
	p.call("PUT", p.path+"/authenticationSequence/script", `{"script":""}`).expectChanged()
	if got := p.server.State().Organizations["bifrost"].Revocations; got != 1 {
		t.Errorf("the update of a disabled application revoked %d times", got)
	}

	// Without steps there is nothing to take away: it is no update at all, and a script out of sight stays.
	p = newPortal(t, func(o *mockserver.Organization) {
		withFlow(mockserver.AuthenticationSequence{Script: "unseen"})(o)
		o.MyAccountApplication().ApplicationEnabled = new(false)
	})
	p.call("PUT", p.path+"/authenticationSequence/script", `{"script":""}`).expectChanged()
	o := p.server.State().Organizations["bifrost"]
	if o.Revocations != 0 || o.MyAccountApplication().AuthenticationSequence.Script != "unseen" {
		t.Errorf("the state has %d revocations and %+v", o.Revocations, o.MyAccountApplication().AuthenticationSequence)
	}
	p.call("PUT", appsPath+"/authenticationSequence/script", `{"script":""}`).expect(http.StatusNotFound).expectNotJSON()
	p.call("GET", p.path+"/authenticationSequence/script", "").expectGatewayError(http.StatusUnauthorized, "Unauthorized")
}
