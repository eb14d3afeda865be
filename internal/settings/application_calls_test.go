package settings_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// What the application costs in calls, and what bad days do to it.

func TestApplication39Budgets(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	senderConfig := values{
		"provider_name": "Twilio",
		"key":           "AC00",
		"secret":        "auth-token",
		"sender":        "+15550100",
	}
	portalConfig, factorConfig := values{"enabled": true}, values{"totp_enabled": true}
	sender := w.Create(providertest.SenderType, senderConfig)
	p, f := w.Create(providertest.Portal, portalConfig), w.Create(providertest.TwoFactor, factorConfig)
	w.Mock.ClearRequests()

	process := w.Start()
	for _, o := range []*providertest.Object{sender, p, f} {
		providertest.WantNoDiagnostics(t, process.Refresh(o))
	}
	for o, config := range map[*providertest.Object]values{sender: senderConfig, p: portalConfig, f: factorConfig} {
		if planned := process.Plan(o, config); planned.Action != "no-op" {
			t.Errorf("%s: %s", o.TypeName, planned.Action)
		}
	}
	w.WantApplicationCalls(
		map[string]int{providertest.TokenCall: 1, providertest.LookupCall: 1, providertest.ReadCall: 1, "GET sms": 1},
	)

	changing := w.Plan(f, values{"totp_enabled": true, "email_otp_enabled": true})
	w.Mock.ClearRequests()
	providertest.WantNoError(t, w.Apply(changing))
	w.WantApplicationCalls(
		map[string]int{
			providertest.TokenCall:  1,
			providertest.LookupCall: 1,
			providertest.ReadCall:   2,
			providertest.PatchCall:  1,
		},
	)

	off, more := w.Plan(
		p,
		values{"enabled": false},
	), w.Plan(
		f,
		values{"totp_enabled": true, "email_otp_enabled": false},
	)
	w.Mock.ClearRequests()
	process = w.Start()
	providertest.WantNoError(t, process.Apply(off))
	providertest.WantNoError(t, process.Apply(more))
	w.WantApplicationCalls(
		map[string]int{
			providertest.TokenCall:  1,
			providertest.LookupCall: 1,
			providertest.ReadCall:   4,
			providertest.PatchCall:  2,
		},
	)
	w.WantFlow("USER_DEFINED BasicAuthenticator | totp")
}

func TestApplication39ManyOrganizations(t *testing.T) {
	t.Parallel()
	const many = 50
	var names []string
	credentials := values{}
	for i := range many {
		names = append(names, fmt.Sprintf("org-%02d", i))
		credentials[names[i]] = values{
			"client_id":     mockserver.DefaultClientID,
			"client_secret": mockserver.DefaultClientSecret,
		}
	}
	w := providertest.NewApplicationWorkspace(t, mockserver.WithOrganization(append(names, "bifrost")...))
	w.Provider["credentials"] = credentials
	var objects []*providertest.Object
	for _, name := range names {
		objects = append(objects, w.Create(providertest.Portal, values{"organization": name, "enabled": true}),
			w.Create(providertest.TwoFactor, values{"organization": name, "totp_enabled": true}))
	}
	w.Mock.ClearRequests()
	process := w.Start()
	for _, o := range objects {
		providertest.WantNoDiagnostics(t, process.Refresh(o))
	}
	w.WantApplicationCalls(
		map[string]int{providertest.TokenCall: many, providertest.LookupCall: many, providertest.ReadCall: many},
	)
}

func TestApplication40BadDays(t *testing.T) {
	t.Parallel()
	patching := mockserver.Match{Method: "PATCH"}
	for name, fault := range map[string]mockserver.Fault{
		"503 twice":    {Match: patching, Times: 2, Action: mockserver.ActionStatus, Status: 503},
		"lost answer":  {Match: patching, Action: mockserver.ActionDropAfter},
		"lost request": {Match: patching, Action: mockserver.ActionDropBefore},
		"cut answer":   {Match: patching, Action: mockserver.ActionTruncate},
		"401 once":     {Match: patching, Action: mockserver.ActionExpireTokens},
		"429 once": {
			Match: patching, Action: mockserver.ActionStatus, Status: 429,
			Headers: map[string]string{"Retry-After": "0"},
		},
		"a stale node":  {},
		"never arrives": {Match: patching, Times: -1, Action: mockserver.ActionDropAfter},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := providertest.NewApplicationWorkspace(t)
			w.Wrap = providertest.BesidesFaults(t)
			w.SetFlow(providertest.Google+" "+providertest.Password, providertest.ConsoleScript(1))
			p, f := &providertest.Object{TypeName: providertest.Portal}, &providertest.Object{TypeName: providertest.TwoFactor}
			first, second := w.Plan(
				p,
				values{"enabled": false},
			), w.Plan(
				f,
				values{"totp_enabled": true},
			)
			process := w.Start()
			switch {
			case fault.Action != "":
				w.Mock.AddFault(fault)
				providertest.WantNoError(t, process.Apply(first))
				if fault.Times >= 0 {
					w.Mock.AddFault(fault)
				}
			default:
				providertest.WantNoError(t, process.Apply(first))
				// The second read follows the write.
				w.Mock.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "GET", PathPrefix: applicationsPath}, Times: 1,
					Action: mockserver.ActionLatency, LatencyMS: 1})
				w.Mock.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "GET", PathPrefix: applicationsPath}, Times: 1,
					Action: mockserver.ActionStaleRead})
			}
			providertest.WantNoError(t, process.Apply(second))
			w.Mock.ClearFaults()
			w.WantFlow("USER_DEFINED Google/GoogleOIDCAuthenticator BasicAuthenticator | totp")
			if *w.Application().ApplicationEnabled {
				t.Error("the portal is on")
			}
			w.WantAction(p, values{"enabled": false}, "no-op")
			w.WantAction(f, values{"totp_enabled": true}, "no-op")
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
		"invalid flow": {"PATCH", body("APP-60001"), 400, []string{"whole login flow", "script"}},
		"forbidden":    {"PATCH", body("APP-60008"), 403, []string{"does not let this client change", "roles"}},
		"script scope": {"PATCH", body("APP-60520"), 403, []string{"internal_application_script_update"}},
		"update scope": {"PATCH", body("APP-99999"), 403, []string{"internal_application_mgt_update"}},
		"read-only":    {"PATCH", body("OAUTH-60005"), 400, []string{"read-only", "read_only_apps"}},
		"gone":         {"PATCH", body("APP-60006"), 404, []string{`no application "My Account"`}},
		"gone, read":   {"GET", body("APP-60006"), 404, []string{`no application "My Account"`}},
		"view scope": {
			"GET", `{"code":403,"message":"Forbidden","description":"Operation is not permitted."}`, 403,
			[]string{"internal_application_mgt_view"},
		},
		"something else": {"GET", `{}`, 200, []string{"not a list of applications"}},
		"null":           {"GET", `null`, 200, []string{"not a list of applications"}},
		"a page":         {"GET", `<html></html>`, 200, []string{"HTML page"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := providertest.NewApplicationWorkspace(t)
			w.Wrap = providertest.BesidesFaults(t)
			f := w.Create(providertest.TwoFactor, values{"totp_enabled": true})
			saved := w.Plan(f, values{"totp_enabled": true, "email_otp_enabled": true})
			before, flow := f.State, w.Flow()
			w.Mock.AddFault(mockserver.Fault{
				Match: mockserver.Match{Method: test.method, PathPrefix: applicationsPath}, Times: -1,
				Action: mockserver.ActionStatus, Status: test.status, Body: test.body,
				Headers: map[string]string{"Content-Type": test.contentType()},
			})
			diags := w.Start().Apply(saved)
			providertest.WantText(t, diags.Errors(), "Unable to update the two-factor settings", test.parts...)
			if !providertest.Same(before, f.State) || w.Flow() != flow {
				t.Errorf("the state became %v, the flow %s", f.State, w.Flow())
			}
		})
	}
}

// An id that was looked up may be that of an application that is gone.
func TestApplicationIsLookedUpAgain(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	p := w.Create(providertest.Portal, values{"enabled": true})
	process := w.Start()
	providertest.WantNoDiagnostics(t, process.Refresh(p))
	w.Edit(func(a *mockserver.Application) { a.ID = "11111111-2222-3333-4444-555555555555" })
	w.Mock.ClearRequests()
	_, diags := process.Read(providertest.Portal, values{})
	providertest.WantNoDiagnostics(t, diags)
	w.WantApplicationCalls(map[string]int{providertest.ReadCall: 2, providertest.LookupCall: 1})
}

// The wrong choice is an error with the next step, in both directions.
func TestApplicationWrongChoice(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	w.Provider["my_account_api"] = "classic"
	w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].TypeMissing = true })
	providertest.WantText(t,
		w.Plan(&providertest.Object{TypeName: providertest.Portal}, values{"enabled": true}).Diags.Errors(),
		"Unable to plan the My Account portal", `my_account_api = "application"`)
	delete(w.Provider, "my_account_api")
	w.Mock.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].Applications = []mockserver.Application{}
	})
	providertest.WantText(t,
		w.Plan(&providertest.Object{TypeName: providertest.Portal}, values{"enabled": true}).Diags.Errors(),
		"Unable to plan the My Account portal", `my_account_api = "classic"`)
}

// A script may stay with an application out of sight while the server's own flow is shown. With a flow of its own the
// application runs it again.
func TestApplicationScriptOutOfSight(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].ScriptSurvivesReset = true })
	f := w.Create(providertest.TwoFactor, values{"totp_enabled": true, "totp_enrollment_enabled": true})
	providertest.WantNoError(t, w.Apply(w.Plan(f, nil)))
	w.WantFlow("DEFAULT")
	f = w.Create(providertest.TwoFactor, values{"totp_enabled": true})
	w.WantFlow("USER_DEFINED BasicAuthenticator | totp")
	w.Up(f, values{"email_otp_enabled": true, "totp_enabled": false, "totp_enrollment_enabled": false})
	w.WantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
	if got := w.Script(); got != providertest.WithoutBlanks(providertest.ConsoleScript(2)) {
		t.Errorf("the script is %q", got)
	}
}
