package contract

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// The tests of the provider see to it that the mock server gives every documented answer to what the provider sends.
// The operations below have more answers than one client brings about, so they are called here by hand.

const (
	applicationsPath = "/api/server/v1/applications"
	categoryPath     = "/api/server/v1/identity-governance/TXVsdGkgRmFjdG9yIEF1dGhlbnRpY2F0b3Jz/connectors/"
)

// caller calls a mock server under the eyes of a checker.
type caller struct {
	t      *testing.T
	server *mockserver.Server
	client *http.Client
	token  string
}

func newCaller(t *testing.T, checker *Checker) *caller {
	t.Helper()
	c := &caller{t: t, server: mockserver.New(t),
		client: &http.Client{Transport: checker.Wrap(&http.Transport{DisableKeepAlives: true})}}
	c.authorize()
	return c
}

// authorize gets a token with all scopes but those that are left out.
func (c *caller) authorize(without ...string) {
	c.t.Helper()
	scopes := slices.DeleteFunc(mockserver.AllScopes(), func(scope string) bool { return slices.Contains(without, scope) })
	form := url.Values{
		"grant_type": {"client_credentials"}, "scope": {strings.Join(scopes, " ")},
		"client_id": {mockserver.DefaultClientID}, "client_secret": {mockserver.DefaultClientSecret},
	}
	body := c.send("POST", "/oauth2/token", "application/x-www-form-urlencoded", form.Encode())
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal(body, &answer); err != nil || answer.AccessToken == "" {
		c.t.Fatalf("no token: %s (%v)", body, err)
	}
	c.token = answer.AccessToken
}

func (c *caller) send(method, path, contentType, body string) []byte {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.server.URL()+"/t/bifrost"+path,
		strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Content-Type", contentType)
	request.Header.Set("Authorization", "Bearer "+c.token)
	response, err := c.client.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	content, err := io.ReadAll(response.Body)
	if err != nil || response.Body.Close() != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	return content
}

// myAccount is the path of the portal's application.
func (c *caller) myAccount() string {
	c.t.Helper()
	body := c.send("GET", applicationsPath+"?limit=1&offset=0&filter="+url.QueryEscape("name eq My Account"),
		"application/json", "")
	var answer struct{ Applications []struct{ ID string } }
	if err := json.Unmarshal(body, &answer); err != nil || len(answer.Applications) != 1 {
		c.t.Fatalf("no application: %s (%v)", body, err)
	}
	return applicationsPath + "/" + answer.Applications[0].ID
}

// TestMockServer holds the mock server to the document where the portal is an application: what both of them say.
func TestMockServer(t *testing.T) {
	t.Parallel()
	const (
		portal    = "(portal)" // stands for the path of the application
		connector = categoryPath + "dG90cA"
		enrolment = `{"operation":"UPDATE","properties":[{"name":"TOTP.EnrolUserInAuthenticationFlow","value":"false"}]}`
		flow      = `{"authenticationSequence":{"type":"USER_DEFINED","script":"x","subjectStepId":1,"attributeStepId":2,` +
			`"requestPathAuthenticators":[],` +
			`"steps":[{"id":1,"options":[{"idp":"LOCAL","authenticator":"BasicAuthenticator"}]},{"id":2,` +
			`"options":[{"idp":"LOCAL","authenticator":"totp"}]}]}}`
	)
	edit := func(change func(*mockserver.Organization)) func(*caller) {
		return func(c *caller) {
			c.server.Update(func(state *mockserver.State) { change(state.Organizations["bifrost"]) })
		}
	}
	rich := edit(func(o *mockserver.Organization) {
		o.UnknownMembers = true
		o.Connections["Google"] = []string{"GoogleOIDCAuthenticator"}
		a := o.MyAccountApplication()
		a.Shared, a.Fragment, a.Description = true, true, "The portal."
		a.AuthenticationSequence = &mockserver.AuthenticationSequence{Script: "x",
			Steps: []mockserver.Step{{Options: []mockserver.StepOption{
				{Authenticator: "BasicAuthenticator"}, {IDP: "Google", Authenticator: "GoogleOIDCAuthenticator"},
			}}}}
	})
	scripted := edit(func(o *mockserver.Organization) {
		o.MyAccountApplication().AuthenticationSequence = &mockserver.AuthenticationSequence{
			Script: "x", Steps: []mockserver.Step{{Options: []mockserver.StepOption{{Authenticator: "BasicAuthenticator"}}}},
		}
	})
	without := func(scope string) func(*caller) { return func(c *caller) { c.authorize(scope) } }
	gone := func(c *caller) {
		c.server.Update(func(state *mockserver.State) { delete(state.Organizations, "bifrost") })
	}

	checker := New(t)
	called := map[string]bool{}
	for _, row := range []struct {
		answer             string
		prepare            func(*caller)
		method, path, body string
		code               string // in the answer, where one status stands for several things
	}{
		{"listApplications 200", nil, "GET", applicationsPath, "", ""},
		{"listApplications 200", rich, "GET", applicationsPath +
			"?attributes=applicationEnabled,advancedConfigurations,clientId", "", ""},
		{"listApplications 400", nil, "GET", applicationsPath + "?filter=colour+eq+red", "", "APP-60004"},
		{"listApplications 400", nil, "GET", applicationsPath + "?attributes=colour", "", "APP-60505"},
		{"listApplications 403", without("internal_application_mgt_view"), "GET", applicationsPath, "", ""},

		{"getApplication 200", nil, "GET", portal, "", ""},
		{"getApplication 200", rich, "GET", portal, "", ""},
		{"getApplication 200", edit(func(o *mockserver.Organization) { o.ApplicationSwitchMissing = true }), "GET", portal,
			"", ""},
		{"getApplication 403", without("internal_application_mgt_view"), "GET", portal, "", ""},
		{"getApplication 404", nil, "GET", applicationsPath + "/none", "", "APP-60006"},

		{"patchApplication 200", nil, "PATCH", portal, `{"applicationEnabled":false}`, ""},
		{"patchApplication 200", nil, "PATCH", portal, flow, ""},
		{"patchApplication 200", scripted, "PATCH", portal, `{"authenticationSequence":{"type":"DEFAULT"}}`, ""},
		{"patchApplication 400", nil, "PATCH", portal, strings.Replace(flow, `"totp"`, `"TOTP"`, 1), "APP-60001"},
		{"patchApplication " +
			"400", edit(func(o *mockserver.Organization) { o.ApplicationSwitchMissing = true }), "PATCH", portal,
			`{"applicationEnabled":false}`, "UE-10000"},
		{"patchApplication 400", edit(func(o *mockserver.Organization) { o.MyAccountApplication().Access = "READ" }),
			"PATCH", portal,
			`{"applicationEnabled":false}`, "OAUTH-60005"},
		{"patchApplication 403", without("internal_application_mgt_update"), "PATCH", portal,
			`{"applicationEnabled":false}`, ""},
		{"patchApplication 403", without("internal_application_script_update"), "PATCH", portal, flow, "APP-60520"},
		{"patchApplication 404", nil, "PATCH", applicationsPath + "/none", `{"applicationEnabled":false}`, "APP-60006"},

		{"getApplicationAuthenticators 200", nil, "GET", portal + "/authenticators", "", ""},
		{"getApplicationAuthenticators 200", rich, "GET", portal + "/authenticators", "", ""},
		{"getApplicationAuthenticators 403", without("internal_application_mgt_view"), "GET", portal + "/authenticators",
			"", ""},
		{"getApplicationAuthenticators 404", nil, "GET", applicationsPath + "/none/authenticators", "", "APP-60006"},

		{"putScript 200", scripted, "PUT", portal + "/authenticationSequence/script", `{"script":""}`, ""},
		{"putScript 400", nil, "PUT", portal + "/authenticationSequence/script", `{"script":"x"}`, "APP-60001"},
		{"putScript 403", without("internal_application_script_update"), "PUT", portal + "/authenticationSequence/script",
			`{"script":""}`, ""},
		{"putScript 404", nil, "PUT", applicationsPath + "/none/authenticationSequence/script", `{"script":""}`, "APP-60006"},

		{"listAuthenticators 200", rich, "GET", "/api/server/v1/authenticators", "", ""},
		{"listAuthenticators 403", without("internal_authenticator_view"), "GET", "/api/server/v1/authenticators", "", ""},

		{"getConnector 200", nil, "GET", connector, "", ""},
		{"getConnector 200",
			edit(func(o *mockserver.Organization) {
				o.Governance["Multi Factor Authenticators/totp"] = map[string]string{}
			}),
			"GET", connector, "", ""},
		{"getConnector 403", without("internal_governance_view"), "GET", connector, "", ""},
		{"getConnector 404", nil, "GET", categoryPath + "bm9uZQ", "", "IDG-50009"},
		{"patchConnector 200", nil, "PATCH", connector, enrolment, ""},
		{"patchConnector 403", without("internal_governance_update"), "PATCH", connector, enrolment, ""},
		{"patchConnector 404", nil, "PATCH", categoryPath + "bm9uZQ", enrolment, "IDG-50009"},
	} {
		c := newCaller(t, checker)
		path := row.path
		if below, ok := strings.CutPrefix(path, portal); ok {
			path = c.myAccount() + below
		}
		if row.prepare != nil {
			row.prepare(c)
		}
		expect := func(answer, code string) {
			t.Helper()
			before := checker.Seen()[answer]
			body := c.send(row.method, path, "application/json", row.body)
			if checker.Seen()[answer] != before+1 || !strings.Contains(string(body), code) {
				t.Errorf("%s %s: %s %s did not come, but %s", row.method, path, answer, code, body)
			}
		}
		expect(row.answer, row.code)
		operation, _, _ := strings.Cut(row.answer, " ")
		if called[operation] {
			continue
		}
		called[operation] = true
		c.server.AddFault(mockserver.Fault{Action: mockserver.ActionExpireTokens})
		expect(operation+" 401", "")
		gone(c)
		expect(operation+" 404", "bifrost is an invalid tenant domain")
	}

	const between = "nothing stands between, and the requests say that they are JSON"
	gaps := map[string]string{
		"302": between, "5XX": between,
		"429":                "the mock server limits nobody",
		"500":                "the mock server fails on nothing that the document allows",
		"503":                "the mock server's own layers do not fail",
		"patchConnector 400": "the document allows no request that is refused",
	}
	for _, answer := range Answers() {
		operation, status, _ := strings.Cut(answer, " ")
		if called[operation] && checker.Seen()[answer] == 0 && gaps[answer] == "" && gaps[status] == "" {
			t.Errorf("%s never came", answer)
		}
	}
	if len(called) != 8 {
		t.Errorf("%d operations were called: %v", len(called), called)
	}
}
