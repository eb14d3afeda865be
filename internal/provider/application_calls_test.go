package provider

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// What the application costs in calls, and what bad days do to it.

// applicationCalls counts the calls since the last look, by what they are about.
func (w *workspace) applicationCalls() map[string]int {
	w.t.Helper()
	counted := map[string]int{}
	for _, request := range w.mock.Requests() {
		what := request.Path[strings.LastIndex(request.Path, "/")+1:]
		if strings.Contains(request.Path, "/applications/") {
			what = "application"
		}
		counted[request.Method+" "+what]++
	}
	w.mock.ClearRequests()
	return counted
}

func (w *workspace) wantApplicationCalls(want map[string]int) {
	w.t.Helper()
	if got := w.applicationCalls(); !same(got, want) {
		w.t.Errorf("the calls are %v, want %v", got, want)
	}
}

func TestApplication39Budgets(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	senderConfig := values{"provider_name": "Twilio", "key": "AC00", "secret": "auth-token", "sender": "+15550100"}
	portalConfig, factorConfig := values{"enabled": true}, values{"totp_enabled": true}
	sender := w.create(smsSenderType, senderConfig)
	p, f := w.create(portal, portalConfig), w.create(twoFactor, factorConfig)
	w.mock.ClearRequests()

	process := w.start()
	for _, o := range []*object{sender, p, f} {
		wantNoDiagnostics(t, process.refresh(o))
	}
	for o, config := range map[*object]values{sender: senderConfig, p: portalConfig, f: factorConfig} {
		if planned := process.plan(o, config); planned.action != "no-op" {
			t.Errorf("%s: %s", o.typeName, planned.action)
		}
	}
	w.wantApplicationCalls(map[string]int{token: 1, lookup: 1, read: 1, "GET sms": 1})

	changing := w.plan(f, values{"totp_enabled": true, "email_otp_enabled": true})
	w.mock.ClearRequests()
	wantNoError(t, w.apply(changing))
	w.wantApplicationCalls(map[string]int{token: 1, lookup: 1, read: 2, patch: 1})

	off, more := w.plan(p, values{"enabled": false}), w.plan(f, values{"totp_enabled": true, "email_otp_enabled": false})
	w.mock.ClearRequests()
	process = w.start()
	wantNoError(t, process.apply(off))
	wantNoError(t, process.apply(more))
	w.wantApplicationCalls(map[string]int{token: 1, lookup: 1, read: 4, patch: 2})
	w.wantFlow("USER_DEFINED BasicAuthenticator | totp")
}

func TestApplication39ManyOrganizations(t *testing.T) {
	t.Parallel()
	const many = 50
	var names []string
	credentials := values{}
	for i := range many {
		names = append(names, fmt.Sprintf("org-%02d", i))
		credentials[names[i]] = values{"client_id": mockserver.DefaultClientID, "client_secret": mockserver.DefaultClientSecret}
	}
	w := newApplicationWorkspace(t, mockserver.WithOrganization(append(names, "bifrost")...))
	w.provider["credentials"] = credentials
	var objects []*object
	for _, name := range names {
		objects = append(objects, w.create(portal, values{"organization": name, "enabled": true}),
			w.create(twoFactor, values{"organization": name, "totp_enabled": true}))
	}
	w.mock.ClearRequests()
	process := w.start()
	for _, o := range objects {
		wantNoDiagnostics(t, process.refresh(o))
	}
	w.wantApplicationCalls(map[string]int{token: many, lookup: many, read: many})
}

func TestApplication40BadDays(t *testing.T) {
	t.Parallel()
	patching := mockserver.Match{Method: "PATCH"}
	for name, fault := range map[string]mockserver.Fault{
		"503 twice":     {Match: patching, Times: 2, Action: mockserver.ActionStatus, Status: 503},
		"lost answer":   {Match: patching, Action: mockserver.ActionDropAfter},
		"lost request":  {Match: patching, Action: mockserver.ActionDropBefore},
		"cut answer":    {Match: patching, Action: mockserver.ActionTruncate},
		"401 once":      {Match: patching, Action: mockserver.ActionExpireTokens},
		"429 once":      {Match: patching, Action: mockserver.ActionStatus, Status: 429, Headers: map[string]string{"Retry-After": "0"}},
		"a stale node":  {},
		"never arrives": {Match: patching, Times: -1, Action: mockserver.ActionDropAfter},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newApplicationWorkspace(t)
			w.wrap = besidesFaults(t)
			w.setFlow(google+" "+password, consoleScript(1))
			p, f := &object{typeName: portal}, &object{typeName: twoFactor}
			first, second := w.plan(p, values{"enabled": false}), w.plan(f, values{"totp_enabled": true})
			process := w.start()
			switch {
			case fault.Action != "":
				w.mock.AddFault(fault)
				wantNoError(t, process.apply(first))
				if fault.Times >= 0 {
					w.mock.AddFault(fault)
				}
			default:
				wantNoError(t, process.apply(first))
				// The second read follows the write.
				w.mock.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "GET", PathPrefix: applicationsPath}, Times: 1,
					Action: mockserver.ActionLatency, LatencyMS: 1})
				w.mock.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "GET", PathPrefix: applicationsPath}, Times: 1,
					Action: mockserver.ActionStaleRead})
			}
			wantNoError(t, process.apply(second))
			w.mock.ClearFaults()
			w.wantFlow("USER_DEFINED Google/GoogleOIDCAuthenticator BasicAuthenticator | totp")
			if *w.application().ApplicationEnabled {
				t.Error("the portal is on")
			}
			w.wantAction(p, values{"enabled": false}, "no-op")
			w.wantAction(f, values{"totp_enabled": true}, "no-op")
		})
	}
}

const applicationsPath = "/t/bifrost/api/server/v1/applications"

// applicationRefusal is an answer of the server, and what the user gets to read.
type applicationRefusal struct {
	method, body string
	status       int
	parts        []string
}

func (r applicationRefusal) contentType() string {
	if strings.HasPrefix(r.body, "<") {
		return "text/html"
	}
	return "application/json"
}

// A definite refusal of each sort, at the read and at the write: an error that says what to do, and the state stays.
func TestApplicationRefusals(t *testing.T) {
	t.Parallel()
	body := func(code string) string {
		return fmt.Sprintf(`{"code":%q,"message":"Something.","description":"Some text.","traceId":"5f0b"}`, code)
	}
	for name, test := range map[string]applicationRefusal{
		"invalid flow":   {"PATCH", body("APP-60001"), 400, []string{"whole login flow", "script"}},
		"forbidden":      {"PATCH", body("APP-60008"), 403, []string{"does not let this client change", "roles"}},
		"script scope":   {"PATCH", body("APP-60520"), 403, []string{"internal_application_script_update"}},
		"update scope":   {"PATCH", body("APP-99999"), 403, []string{"internal_application_mgt_update"}},
		"read-only":      {"PATCH", body("OAUTH-60005"), 400, []string{"read-only", "read_only_apps"}},
		"gone":           {"PATCH", body("APP-60006"), 404, []string{`no application "My Account"`}},
		"gone, read":     {"GET", body("APP-60006"), 404, []string{`no application "My Account"`}},
		"view scope":     {"GET", `{"code":403,"message":"Forbidden","description":"Operation is not permitted."}`, 403, []string{"internal_application_mgt_view"}},
		"something else": {"GET", `{}`, 200, []string{"not a list of applications"}},
		"null":           {"GET", `null`, 200, []string{"not a list of applications"}},
		"a page":         {"GET", `<html></html>`, 200, []string{"HTML page"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newApplicationWorkspace(t)
			w.wrap = besidesFaults(t)
			f := w.create(twoFactor, values{"totp_enabled": true})
			saved := w.plan(f, values{"totp_enabled": true, "email_otp_enabled": true})
			before, flow := f.state, w.flow()
			w.mock.AddFault(mockserver.Fault{
				Match: mockserver.Match{Method: test.method, PathPrefix: applicationsPath}, Times: -1,
				Action: mockserver.ActionStatus, Status: test.status, Body: test.body,
				Headers: map[string]string{"Content-Type": test.contentType()},
			})
			diags := w.start().apply(saved)
			wantText(t, diags.errors(), "Unable to update the two-factor settings", test.parts...)
			if !same(before, f.state) || w.flow() != flow {
				t.Errorf("the state became %v, the flow %s", f.state, w.flow())
			}
		})
	}
}

// An id that was looked up may be that of an application that is gone.
func TestApplicationIsLookedUpAgain(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	p := w.create(portal, values{"enabled": true})
	process := w.start()
	wantNoDiagnostics(t, process.refresh(p))
	w.edit(func(a *mockserver.Application) { a.ID = "11111111-2222-3333-4444-555555555555" })
	w.mock.ClearRequests()
	_, diags := process.read(portal, values{})
	wantNoDiagnostics(t, diags)
	w.wantApplicationCalls(map[string]int{read: 2, lookup: 1})
}

// The wrong choice is an error with the next step, in both directions.
func TestApplicationWrongChoice(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	w.provider["my_account_api"] = "classic"
	w.mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].TypeMissing = true })
	wantText(t, w.plan(&object{typeName: portal}, values{"enabled": true}).diags.errors(), "Unable to plan the My Account portal",
		`my_account_api = "application"`)
	delete(w.provider, "my_account_api")
	w.mock.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].Applications = []mockserver.Application{}
	})
	wantText(t, w.plan(&object{typeName: portal}, values{"enabled": true}).diags.errors(), "Unable to plan the My Account portal",
		`my_account_api = "classic"`)
}

func mustJSON(t tester, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	must(t, err)
	return string(text)
}

// A script may stay with an application out of sight while the server's own flow is shown. With a flow of its own the
// application runs it again.
func TestApplicationScriptOutOfSight(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	w.mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].ScriptSurvivesReset = true })
	f := w.create(twoFactor, values{"totp_enabled": true, "totp_enrollment_enabled": true})
	wantNoError(t, w.apply(w.plan(f, nil)))
	w.wantFlow("DEFAULT")
	f = w.create(twoFactor, values{"totp_enabled": true})
	w.wantFlow("USER_DEFINED BasicAuthenticator | totp")
	w.up(f, values{"email_otp_enabled": true, "totp_enabled": false, "totp_enrollment_enabled": false})
	w.wantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
	if got := w.script(); got != withoutBlanks(consoleScript(2)) {
		t.Errorf("the script is %q", got)
	}
}
