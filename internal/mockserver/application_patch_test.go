package mockserver_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

func TestApplicationBody(t *testing.T) {
	t.Parallel()
	p := newPortal(t, nil)
	object := p.get()
	for name, want := range map[string]any{
		"name": "My Account", "clientId": "MY_ACCOUNT", "access": "WRITE", "applicationEnabled": true,
		"accessUrl": p.server.URL() + "/t/bifrost/myaccount",
	} {
		if object[name] != want {
			t.Errorf("%s is %v, want %v", name, object[name], want)
		}
	}
	advanced, _ := object["advancedConfigurations"].(map[string]any)
	if advanced["fragment"] != false || len(advanced["additionalSpProperties"].([]any)) != 0 {
		t.Errorf("advancedConfigurations %v", advanced)
	}
	if got := p.flow(); got != defaultFlow {
		t.Errorf("the flow is %s", got)
	}

	p = newPortal(t, func(o *mockserver.Organization) {
		a := o.MyAccountApplication()
		a.Shared, a.Fragment, a.ClientID = true, true, ""
	})
	object = p.get()
	advanced, _ = object["advancedConfigurations"].(map[string]any)
	property, _ := advanced["additionalSpProperties"].([]any)[0].(map[string]any)
	if advanced["fragment"] != true || property["name"] != "isAppShared" || property["value"] != "true" ||
		object["clientId"] != "" {
		t.Errorf("application %v", object)
	}
	item := p.listApplications("attributes=advancedConfigurations")[0]
	if advanced, _ = item["advancedConfigurations"].(map[string]any); advanced["fragment"] != true {
		t.Errorf("item %v", item)
	}
}

// What is not sent, or is null, stays as it is.
func TestApplicationSwitch(t *testing.T) {
	t.Parallel()
	p := newPortal(t, withFlow(scripted()))
	for _, test := range []struct {
		body        string
		enabled     bool
		revocations int
	}{
		{`{"applicationEnabled":true}`, true, 0},
		{`{"applicationEnabled":false}`, false, 1},
		{`{"applicationEnabled":null}`, false, 2},
		{`{}`, false, 3},
		{`{"applicationEnabled":null,"authenticationSequence":null,"name":null}`, false, 4},
		{`{"applicationEnabled":true}`, true, 4},
		{`{"description":"d"}`, true, 4},
	} {
		p.patch(test.body).expectChanged()
		if got := p.get()["applicationEnabled"]; got != test.enabled {
			t.Errorf("after %s applicationEnabled is %v", test.body, got)
		}
		o := p.server.State().Organizations["bifrost"]
		if o.Revocations != test.revocations || *o.MyAccountApplication().ApplicationEnabled != test.enabled {
			t.Errorf("after %s the state has %d revocations, want %d, and %v", test.body, o.Revocations, test.revocations,
				*o.MyAccountApplication().ApplicationEnabled)
		}
	}
	if got := p.flow(); got != scriptedFlow {
		t.Errorf("the flow is %s", got)
	}
	p.patch(`{"applicationEnabled":false}`).expectChanged()
	p.patch(`{"applicationEnabled":1}`).expectError(http.StatusBadRequest, "UE-10000")
	if got := p.server.State().Organizations["bifrost"].Revocations; got != 5 {
		t.Errorf("a refused update revokes: %d", got)
	}
}

// The default application becomes visible in the state when it is changed.
func TestStateAfterPatch(t *testing.T) {
	t.Parallel()
	p := newPortal(t, nil)
	if got := p.server.State().Organizations["bifrost"].Applications; got != nil {
		t.Errorf("an untouched organization has %v", got)
	}
	p.patch(sequence(userDefined + steps(step("BasicAuthenticator"), step("totp")))).expectChanged()
	a := p.server.State().Organizations["bifrost"].MyAccountApplication()
	if a == nil || a.AuthenticationSequence == nil || a.AuthenticationSequence.Type != "USER_DEFINED" ||
		len(a.AuthenticationSequence.Steps) != 2 || a.AuthenticationSequence.Steps[1].Options[0].Authenticator != "totp" {
		t.Fatalf("the state has %+v", a)
	}
	if p.path != appsPath+"/"+a.ID {
		t.Errorf("the id is now %s", a.ID)
	}
	// What an administrator does goes by the same way as what was there.
	p.server.Update(func(state *mockserver.State) {
		a := state.Organizations["bifrost"].MyAccountApplication()
		a.ApplicationEnabled = new(false)
		a.AuthenticationSequence.Steps = a.AuthenticationSequence.Steps[:1]
	})
	if got := p.flow(); got != "USER_DEFINED [LOCAL/BasicAuthenticator] 1 1" || p.get()["applicationEnabled"] != false {
		t.Errorf("after the edit: %s, %v", got, p.get()["applicationEnabled"])
	}
	none := &mockserver.Organization{Applications: []mockserver.Application{{Name: "Console"}}}
	if none.MyAccountApplication() != nil {
		t.Error("an organization without the application has it")
	}
}

func TestApplicationPatchRefusals(t *testing.T) {
	t.Parallel()
	one := steps(step("BasicAuthenticator"))
	shut := func(change func(*mockserver.Application)) func(*mockserver.Organization) {
		return func(o *mockserver.Organization) { change(o.MyAccountApplication()) }
	}
	fragment := shut(func(a *mockserver.Application) { a.Fragment = true })
	protected := shut(func(a *mockserver.Application) { a.Access = "READ" })
	for _, test := range []struct {
		name   string
		edit   func(*mockserver.Organization)
		body   string
		status int
		code   string
	}{
		{"unknown member", nil, `{"enabled":false}`, 400, "UE-10000"},
		{"member in another case", nil, `{"applicationenabled":false}`, 400, "UE-10000"},
		{"id", nil, `{"id":"1","applicationEnabled":false}`, 400, "UE-10000"},
		{"access", nil, `{"access":"WRITE"}`, 400, "UE-10000"},
		{"clientId", nil, `{"clientId":"MY_ACCOUNT"}`, 400, "UE-10000"},
		{"inboundProtocols", nil, `{"inboundProtocols":[]}`, 400, "UE-10000"},
		{"boolean as text", nil, `{"applicationEnabled":"false"}`, 400, "UE-10000"},
		{"boolean as number", nil, `{"applicationEnabled":0}`, 400, "UE-10000"},
		{"name a number", nil, `{"name":1}`, 400, "UE-10000"},
		{"an object as text", nil, `{"claimConfiguration":""}`, 400, "UE-10000"},
		{"a text as object", nil, `{"imageUrl":{}}`, 400, "UE-10000"},
		{"no object", nil, `[]`, 400, "UE-10000"},
		{"null", nil, `null`, 400, "UE-10000"},
		{"no JSON", nil, `{"applicationEnabled":false`, 400, "UE-10000"},
		{"no body", nil, ``, 400, "UE-10000"},
		{"no such field on this server", func(o *mockserver.Organization) { o.ApplicationSwitchMissing = true },
			`{"applicationEnabled":false}`, 400, "UE-10000"},
		{"empty name", nil, `{"name":""}`, 400, "APP-60001"},
		{"name of another application", func(o *mockserver.Organization) {
			o.MyAccountApplication()
			o.Applications = append(o.Applications, mockserver.Application{Name: "Shop"})
		}, `{"name":"Shop"}`, 409, "APP-60007"},
		{"reserved name", nil, `{"name":"Console"}`, 400, "APP-60516"},
		{"roles", nil, `{"associatedRoles":{"roles":[{"id":"1"}]}}`, 403, "APP-60008"},
		{"unknown member of the roles", nil, `{"associatedRoles":{"names":[]}}`, 400, "UE-10000"},
		{"enhanced organization authentication", nil, `{"enhancedOrgAuthenticationEnabled":true}`, 400, "OAUTH-60005"},
		{"protected: switch", protected, `{"applicationEnabled":false}`, 400, "OAUTH-60005"},
		{"protected: flow", protected, sequence(userDefined + one), 400, "OAUTH-60005"},
		{"protected: a flow that is wrong anyway", protected, sequence(userDefined + steps(step("basic"))), 400, "APP-60001"},
		{"fragment: script", fragment, sequence(userDefined + `"script":"x",` + one), 400, "APP-60001"},
		{"fragment: name", fragment, `{"name":"Portal"}`, 400, "APP-60001"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newPortal(t, test.edit)
			before := string(p.call("GET", p.path, "").expect(http.StatusOK).body)
			p.patch(test.body).expectError(test.status, test.code)
			if after := string(p.call("GET", p.path, "").expect(http.StatusOK).body); after != before {
				t.Errorf("refused, but the application became\n%s\nfrom\n%s", after, before)
			}
		})
	}
	p := newPortal(t, nil)
	p.call("PATCH", appsPath+"/none", `{"applicationEnabled":false}`).expectError(http.StatusNotFound, "APP-60006")
	p.call("PATCH", appsPath+"/none", `{"applicationEnabled":""}`).expectError(http.StatusBadRequest, "UE-10000")
	p.call("GET", appsPath+"/none", "").expectError(http.StatusNotFound, "APP-60006")
	p.call("GET", appsPath+"/none/authenticators", "").expectError(http.StatusNotFound, "APP-60006")
	p.call("PUT", appsPath+"/none/authenticationSequence/script", `{"script":"x"}`).expectError(http.StatusNotFound,
		"APP-60006")
	p.send("PATCH", p.path, `{}`, "Content-Type", "text/plain", "Authorization",
		"Bearer "+p.token).expect(http.StatusUnsupportedMediaType)
	p.send("PUT", p.path+"/authenticationSequence/script", `{"script":""}`, "Content-Type", "text/plain",
		"Authorization", "Bearer "+p.token).expect(http.StatusUnsupportedMediaType)
}

// What has nothing to do with the portal's settings is taken.
func TestOtherMembers(t *testing.T) {
	t.Parallel()
	p := newPortal(t, nil)
	p.patch(`{"name":"My Account","description":"The portal.","accessUrl":"https://portal.example",
		"applicationVersion":"v2.0.0","imageUrl":"https://logo.example","logoutReturnUrl":null,
		"templateId":"t","templateVersion":"1",
		"enhancedOrgAuthenticationEnabled":false,"associatedRoles":{"allowedAudience":"ORGANIZATION","roles":[]},
		"claimConfiguration":{"dialect":"LOCAL"},"advancedConfigurations":{"saas":false},
		"provisioningConfigurations":{}}`).expectChanged()
	object := p.get()
	if object["description"] != "The portal." || object["accessUrl"] != "https://portal.example" ||
		object["applicationEnabled"] != true {
		t.Errorf("application %v", object)
	}
	p.patch(`{"name":"Portal"}`).expectChanged()
	if got := p.get()["name"]; got != "Portal" {
		t.Errorf("the name is %v", got)
	}
	if got := p.listApplications("filter=name+eq+My+Account"); len(got) != 0 {
		t.Errorf("under the old name there is %v", got)
	}
}

// The copy in a sub-organization takes the switch, and nothing happens.
func TestFragment(t *testing.T) {
	t.Parallel()
	p := newPortal(t, func(o *mockserver.Organization) { o.MyAccountApplication().Fragment = true })
	p.patch(`{"applicationEnabled":false}`).expectChanged()
	if p.get()["applicationEnabled"] != true {
		t.Error("the copy was switched off")
	}
	p.patch(sequence(userDefined + `"script":"",` + steps(step("BasicAuthenticator"), step("totp")))).expectChanged()
	if got := p.flow(); got != "USER_DEFINED [LOCAL/BasicAuthenticator] [LOCAL/totp] 1 1" {
		t.Errorf("the flow is %s", got)
	}
}

func TestApplicationSwitchMissing(t *testing.T) {
	t.Parallel()
	p := newPortal(t, func(o *mockserver.Organization) { o.ApplicationSwitchMissing = true })
	if value, ok := p.get()["applicationEnabled"]; ok {
		t.Errorf("applicationEnabled is %v", value)
	}
	p.call("GET", appsPath+"?attributes=applicationEnabled", "").expectError(http.StatusBadRequest, "APP-60505")
	p.patch(sequence(userDefined + steps(step("BasicAuthenticator"), step("totp")))).expectChanged()
}

// The application and the objects of the configuration store know nothing of each other.
func TestStoresAreApart(t *testing.T) {
	t.Parallel()
	p := newPortal(t, nil)
	application := string(p.call("GET", p.path, "").expect(http.StatusOK).body)
	p.call("PUT", resourcesPath, putStatus).expect(http.StatusOK)
	p.call("PUT", resourcesPath,
		`{"name":"myaccount-2FA-config","attributes":[{"key":"totp_enabled","value":"true"}]}`).expect(http.StatusOK)
	if got := string(p.call("GET", p.path, "").expect(http.StatusOK).body); got != application {
		t.Errorf("the application became %s", got)
	}
	p.patch(`{"applicationEnabled":true,"authenticationSequence":{` + userDefined + steps(step("BasicAuthenticator"),
		step("sms-otp-authenticator")) +
		`}}`).expectChanged()
	o := p.server.State().Organizations["bifrost"]
	if o.MyAccount["status"]["enable"] != "false" || o.MyAccount["myaccount-2FA-config"]["totp_enabled"] != "true" ||
		len(o.MyAccount) != 2 {
		t.Errorf("the store has %v", o.MyAccount)
	}
	p.server.Update(func(state *mockserver.State) { state.Organizations["bifrost"].TypeMissing = true })
	if got := p.flow(); !strings.HasPrefix(got, "USER_DEFINED") {
		t.Errorf("without the type the flow is %s", got)
	}
}

// The guard of older servers looks at both.
func TestSMSGuardLooksAtLoginFlows(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		edit    func(*mockserver.Organization)
		refused bool
	}{
		"in the flow of My Account": {func(o *mockserver.Organization) {
			withFlow(mockserver.AuthenticationSequence{Steps: []mockserver.Step{step("sms-otp-authenticator")}})(o)
		}, true},
		"in the flow of another application": {func(o *mockserver.Organization) {
			o.Applications = []mockserver.Application{{Name: "Shop", AuthenticationSequence: &mockserver.AuthenticationSequence{
				Steps: []mockserver.Step{step("BasicAuthenticator"), step("totp", "sms-otp-authenticator")},
			}}, {Name: "My Account"}}
			o.TypeMissing = true
		}, true},
		"in no flow": {func(*mockserver.Organization) {}, false},
		"a server that does not look": {func(o *mockserver.Organization) {
			withFlow(mockserver.AuthenticationSequence{Steps: []mockserver.Step{step("sms-otp-authenticator")}})(o)
			o.SMSGuard = false
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPortal(t, func(o *mockserver.Organization) {
				o.SMSGuard = true
				o.SMSSenders = map[string]*mockserver.SMSSender{"SMSPublisher": {Provider: "Twilio", ContentType: "JSON"}}
				test.edit(o)
			})
			if test.refused {
				p.call("DELETE", senderPath, "").expectError(http.StatusBadRequest, "NSM-60008")
				return
			}
			p.call("DELETE", senderPath, "").expect(http.StatusNoContent)
		})
	}
}

// Changes from many sides at once are all made, one after the other.
func TestConcurrentPatches(t *testing.T) {
	t.Parallel()
	const workers, rounds = 4, 20
	p := newPortal(t, func(o *mockserver.Organization) { o.MyAccountApplication().ApplicationEnabled = new(false) })
	changes := []string{
		`{"description":"d"}`,
		sequence(userDefined + steps(step("BasicAuthenticator"), step("totp"))),
		sequence(`"type":"DEFAULT"`),
	}
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for round := range rounds {
				for _, request := range [][3]string{
					{"PATCH", p.path, changes[round%len(changes)]},
					{"PATCH", connectorPath, update(enrolment, "false")},
					{"GET", p.path, ""},
					{"GET", connectorPath, ""},
				} {
					// Not tryJSON, which closes the connections that the others are about to use.
					r, err := p.try(request[0], request[1], request[2],
						"Content-Type", "application/json", "Authorization", "Bearer "+p.token)
					if err != nil || r.status != http.StatusOK {
						t.Errorf("%v: %v %v", request, r, err)
					}
				}
				p.server.Update(func(state *mockserver.State) {
					state.Organizations["bifrost"].MyAccountApplication().Description = "edited"
				})
			}
		})
	}
	all.Wait()
	if got, want := p.server.State().Organizations["bifrost"].Revocations, workers*rounds; got != want {
		t.Errorf("%d revocations, want %d", got, want)
	}
}
