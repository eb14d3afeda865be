package provider

import (
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// What a whole login flow costs in calls, and what bad days and odd input do to it.

func TestApplication39LoginFlowBudget(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	portalConfig, config := values{"enabled": true}, flowConfig(password+"|totp")
	p, f := w.create(portal, portalConfig), w.create(loginFlowType, config)
	w.mock.ClearRequests()
	process := w.start()
	wantNoDiagnostics(t, process.refresh(p))
	wantNoDiagnostics(t, process.refresh(f))
	for o, config := range map[*object]values{p: portalConfig, f: config} {
		if planned := process.plan(o, config); planned.action != "no-op" {
			t.Errorf("%s: %s", o.typeName, planned.action)
		}
	}
	w.wantApplicationCalls(map[string]int{token: 1, lookup: 1, read: 1})

	changing := w.plan(f, flowConfig(password+"|totp|"+passkey))
	w.wantApplicationCalls(map[string]int{token: 1, lookup: 1, read: 1, "GET authenticators": 1})
	wantNoError(t, w.apply(changing))
	w.wantApplicationCalls(map[string]int{token: 1, lookup: 1, read: 2, patch: 1})
}

// Each call of an operation meets a fault that passes: the operation succeeds, once.
func TestApplication40LoginFlowBadDays(t *testing.T) {
	t.Parallel()
	patching := mockserver.Match{Method: "PATCH"}
	for name, fault := range map[string]mockserver.Fault{
		"503 twice":    {Match: patching, Times: 2, Action: mockserver.ActionStatus, Status: 503},
		"lost answer":  {Match: patching, Action: mockserver.ActionDropAfter},
		"lost request": {Match: patching, Action: mockserver.ActionDropBefore},
		"cut answer":   {Match: patching, Action: mockserver.ActionTruncate},
		"429 once": {Match: patching, Action: mockserver.ActionStatus, Status: 429,
			Headers: map[string]string{"Retry-After": "0"}},
		"never arrives": {Match: patching, Times: -1, Action: mockserver.ActionDropAfter},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newApplicationWorkspace(t)
			w.wrap = besidesFaults(t)
			w.setFlow(google+" "+password, consoleScript(1))
			before := w.wholeFlow()
			f := &object{typeName: loginFlowType}
			first := flowConfig(password + "|totp").with(values{"script": conditional})
			for _, config := range []values{first, flowConfig(password + "|" + passkey), nil} {
				saved := w.plan(f, config)
				w.mock.AddFault(fault)
				wantNoError(t, w.apply(saved))
				w.mock.ClearFaults()
				if config != nil {
					w.wantAction(f, config, "no-op")
				}
			}
			if got := w.wholeFlow(); got != before {
				t.Errorf("handed back is\n%s, want\n%s", got, before)
			}
		})
	}
}

// A change that certainly, or perhaps, was not made: the state stays, and the next apply and destroy know what is
// Terraform's.
func TestLoginFlowFailedChanges(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault   mockserver.Fault
		applied bool // all the same, and nobody could see
	}{
		"refused": {
			mockserver.Fault{Action: mockserver.ActionStatus, Status: 400, Body: `{"code":"APP-60099"}`}, false,
		},
		"no answer":         {mockserver.Fault{Action: mockserver.ActionStatus, Status: 503}, false},
		"applied, unseen":   {mockserver.Fault{Action: mockserver.ActionStatus, Status: 503}, true},
		"connection broken": {mockserver.Fault{Action: mockserver.ActionDropBefore}, false},
	} {
		test.fault.Match, test.fault.Times = mockserver.Match{Method: "PATCH"}, -1
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newApplicationWorkspace(t)
			w.wrap = besidesFaults(t)
			w.provider["max_retries"] = 1
			w.setFlow(google, "")
			before := w.wholeFlow()
			config, next := flowConfig(password+"|totp"), flowConfig(password+"|"+passkey)

			f := &object{typeName: loginFlowType}
			saved := w.plan(f, config)
			w.mock.AddFault(test.fault)
			wantText(t, w.start().apply(saved).errors(), "Unable to create the login flow")
			if f.state != nil || w.wholeFlow() != before {
				t.Errorf("state %v, flow %s", f.state, w.wholeFlow())
			}
			w.mock.ClearFaults()
			w.up(f, config)

			saved = w.plan(f, next)
			w.mock.AddFault(test.fault)
			wantText(t, w.start().apply(saved).errors(), "Unable to update the login flow")
			f.wantState(t, config.with(values{"type": "USER_DEFINED", "application_id": f.state["application_id"],
				"subject_step": 1, "attribute_step": 1}))
			if test.applied {
				w.setFlow(password+"|"+passkey, "")
			}
			wantText(t, w.start().apply(w.planWithoutRefresh(f, nil)).errors(), "Unable to hand back the login flow")
			if f.state == nil {
				t.Fatal("the resource is gone from the state")
			}
			w.mock.ClearFaults()
			wantNoError(t, w.apply(w.plan(f, nil)))
			w.wantFlow("USER_DEFINED Google/GoogleOIDCAuthenticator")
		})
	}
}

// planWithoutRefresh is "terraform plan -refresh=false".
func (w *workspace) planWithoutRefresh(o *object, config values) *plan {
	w.t.Helper()
	result := w.start().plan(o, config)
	wantNoError(w.t, result.diags)
	return result
}

func TestLoginFlowThatTheServerRefuses(t *testing.T) {
	t.Parallel()
	t.Run("an unknown connection", func(t *testing.T) {
		t.Parallel()
		w := newApplicationWorkspace(t)
		f := &object{typeName: loginFlowType}
		diags := w.start().apply(w.plan(f, flowConfig("Gogle/GoogleOIDCAuthenticator")))
		wantText(t, diags.errors(), "Unable to create the login flow", "APP-60001", "misspelt", "connection that was deleted")
		wantText(t, diags.warnings(), `Organization "bifrost" has no connection "Gogle"`)
	})
	t.Run("a connection that was deleted later", func(t *testing.T) {
		t.Parallel()
		w := newApplicationWorkspace(t)
		p, f := w.create(portal, values{"enabled": true}), w.create(loginFlowType, flowConfig(password+" "+google))
		w.mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].Connections = map[string][]string{} })
		w.wantAction(f, flowConfig(password+" "+google), "no-op")
		// Every change of the application is refused now, but the one that heals it.
		wantText(t, w.start().apply(w.plan(p, values{"enabled": false})).errors(), "Unable to update the My Account portal",
			"whole login flow with every change", "connection that was deleted")
		wantText(t, w.start().apply(w.plan(f, flowConfig(google+"|totp"))).errors(), "Unable to update the login flow",
			"connection that was deleted")
		w.up(f, flowConfig(password))
		w.up(p, values{"enabled": false})
	})
	t.Run("no scope for scripts", func(t *testing.T) {
		t.Parallel()
		w := newApplicationWorkspace(t)
		w.scopesWithoutScripts()
		f, config := &object{typeName: loginFlowType}, flowConfig(password+"|totp").with(values{"script": conditional})
		wantText(t, w.start().apply(w.plan(f, config)).errors(), "Unable to create the login flow",
			"internal_application_script_update", "Application Authentication Script Management API")
		w.mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].Scopes = nil })
		w.up(f, config)
		w.scopesWithoutScripts()
		wantText(t, w.start().apply(w.plan(f, nil)).errors(), "Unable to hand back the login flow",
			"internal_application_script_update")
		if f.state == nil {
			t.Error("the resource is gone from the state")
		}
	})
	t.Run("a protected application", func(t *testing.T) {
		t.Parallel()
		w := newApplicationWorkspace(t)
		f := w.create(loginFlowType, flowConfig(password+"|totp"))
		w.edit(func(a *mockserver.Application) { a.Access = "READ" })
		w.wantAction(f, flowConfig(password+"|totp"), "no-op")
		for _, o := range []*object{f, {typeName: loginFlowType}} {
			refused := w.plan(o, flowConfig(password))
			wantText(t, refused.diags.errors(), "Unable to plan the login flow", "read-only")
		}
	})
	t.Run("no application", func(t *testing.T) {
		t.Parallel()
		w := newApplicationWorkspace(t)
		f := w.create(loginFlowType, flowConfig(password))
		w.mock.Update(func(state *mockserver.State) {
			state.Organizations["bifrost"].Applications = []mockserver.Application{}
		})
		wantText(t, w.start().refresh(f).errors(), "Unable to read the login flow", `no application "My Account"`)
		wantText(t, w.start().plan(&object{typeName: loginFlowType}, flowConfig(password)).diags.errors(),
			"Unable to plan the login flow")
		_, diags := w.start().read(loginFlowType, values{})
		wantText(t, diags.errors(), "Unable to read the login flow")
		if f.state == nil {
			t.Error("the resource is gone from the state")
		}
	})
}

// Somebody edits the flow between plan and apply: what was planned is made, and what went with it is said.
func TestLoginFlowChangedSincePlan(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	f, config := &object{typeName: loginFlowType}, flowConfig(password+"|totp")
	saved := w.plan(f, config)
	w.setFlow(google+"|"+passkey, "")
	wantText(t, w.start().apply(saved).warnings(), `Taking over the login flow of "bifrost"`, "FIDOAuthenticator")

	saved = w.plan(f, flowConfig(password+"|"+emailOTP))
	w.setFlow(google+"|totp", "")
	diags := w.start().apply(saved)
	wantNoError(t, diags)
	wantText(t, diags.warnings(), `The login flow of "bifrost" changed outside Terraform`,
		"  replaced:\n    step 1: GoogleOIDCAuthenticator (Google)")
	w.wantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
	wantNoError(t, w.apply(w.plan(f, nil)))
	w.wantFlow("USER_DEFINED Google/GoogleOIDCAuthenticator | FIDOAuthenticator")
}

func TestLoginFlowOddInput(t *testing.T) {
	t.Parallel()
	const connection = `Zürich "日本" <&> \ 🔑`
	for name, config := range map[string]values{
		"100 steps": flowConfig(strings.TrimSuffix(strings.Repeat(password+"|", 100), "|")).with(values{"subject_step": 100}),
		"1 MiB": flowConfig(password).with(values{
			"script": "executeStep(1);\n" + strings.Repeat("// Grüße aus Zürich 🔑\n", 1<<20/25),
		}),
		"unicode": {"steps": []any{values{"options": []any{
			values{"authenticator": "OpenIDConnectAuthenticator", "connection": connection}, values{"authenticator": password},
		}}}, "script": "executeStep(1); // \u2028 \u0000 \ufffd \u202e"},
		"CRLF": flowConfig(password).with(values{"script": "executeStep(1);\r\n// a\r// b\n\n"}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newApplicationWorkspace(t)
			w.mock.Update(func(state *mockserver.State) {
				state.Organizations["bifrost"].Connections[connection] = []string{"OpenIDConnectAuthenticator"}
			})
			f := w.create(loginFlowType, config)
			f.wantState(t, values{"subject_step": 1}.with(config).with(values{
				"type": "USER_DEFINED", "application_id": f.state["application_id"], "attribute_step": 1,
			}))
			if script, declared := config["script"]; declared && w.application().AuthenticationSequence.Script != script {
				t.Errorf("the server has another script")
			}
			imported := w.adopt(loginFlowType)
			w.wantAction(imported, w.start().generate(loginFlowType, imported.state), "no-op")
			wantNoError(t, w.apply(w.plan(f, nil)))
		})
	}
}

func TestLoginFlowKeepsWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	w.setFlow(google+" "+password+"|totp", "")
	w.edit(func(a *mockserver.Application) {
		a.AuthenticationSequence.RequestPathAuthenticators = []string{"BasicAuthRequestPathAuthenticator"}
	})
	w.mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].UnknownMembers = true })
	f := w.create(loginFlowType, flowConfig(password+"|"+emailOTP+" totp|"+passkey))
	w.up(f, flowConfig(passkey+"|"+emailOTP))
	if kept := w.application().AuthenticationSequence.RequestPathAuthenticators; len(kept) != 1 {
		t.Errorf("request path authenticators are %v", kept)
	}
	wantNoError(t, w.apply(w.plan(f, nil)))
}

// The option for sub-organizations is hidden, and the server keeps it.
func TestLoginFlowOfASharedPortal(t *testing.T) {
	t.Parallel()
	for _, onDestroy := range []string{"restore", "reset"} {
		w := newApplicationWorkspace(t)
		w.edit(func(a *mockserver.Application) { a.Shared = true })
		config := flowConfig(password + "|totp").with(values{"on_destroy": onDestroy})
		f := w.create(loginFlowType, config)
		if !strings.Contains(w.flow(), "SSO/OrganizationAuthenticator") {
			t.Errorf("the hidden option is lost: %s", w.flow())
		}
		wantNoError(t, w.apply(w.plan(f, nil)))
		w.wantFlow("USER_DEFINED SSO/OrganizationAuthenticator BasicAuthenticator")
	}
}

// A lost reset must not be taken for one that was made, although nobody can tell what a shared portal has then.
func TestLoginFlowOfASharedPortalLostReset(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	w.wrap = besidesFaults(t)
	w.provider["max_retries"] = 1
	w.edit(func(a *mockserver.Application) { a.Shared = true })
	f := w.create(loginFlowType, flowConfig(password+"|totp").with(values{"on_destroy": "reset"}))
	w.mock.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "PATCH"}, Times: -1,
		Action: mockserver.ActionDropBefore})
	wantText(t, w.start().apply(w.plan(f, nil)).errors(), "Unable to hand back the login flow")
	if f.state == nil {
		t.Error("the resource is gone from the state")
	}
}

// A reset may hide a script, and the next flow brings it to light.
func TestLoginFlowHiddenScript(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	w.mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].ScriptSurvivesReset = true })
	f := w.create(loginFlowType, flowConfig(password+"|totp").with(values{"script": conditional}))
	wantNoError(t, w.apply(w.plan(f, nil)))
	w.create(loginFlowType, flowConfig(password+"|totp"))
	if got := w.script(); got != withoutBlanks(consoleScript(2)) {
		t.Errorf("the script is %s", got)
	}
}

// A flow that Terraform made is drift when it is given up for the server's, also while that one does the same.
func TestLoginFlowGivenUp(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	f := w.create(loginFlowType, flowConfig(password))
	w.wantFlow("USER_DEFINED BasicAuthenticator")
	w.edit(func(a *mockserver.Application) { a.AuthenticationSequence = nil })
	w.wantAction(f, flowConfig(password), "update")
	w.up(f, flowConfig(password))
	w.wantFlow("USER_DEFINED BasicAuthenticator")
}

// In one apply, the destroy of one resource may come before or after the create of its successor.
func TestLoginFlowSuccession(t *testing.T) {
	t.Parallel()
	factors, flow := values{"totp_enabled": true, "email_otp_enabled": true}, flowConfig(password+"|totp "+emailOTP)
	for name, test := range map[string]struct {
		from, to   string
		config     values
		succession string // what is said of the old resource
	}{
		"renamed":         {loginFlowType, loginFlowType, flow, `Another resource has the login flow of "bifrost" now`},
		"to two_factor":   {loginFlowType, twoFactor, factors, `Another resource has the login flow of "bifrost" now`},
		"from two_factor": {twoFactor, loginFlowType, flow, `Another resource has the two-factor settings of "bifrost" now`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newApplicationWorkspace(t)
			old, successor := &object{typeName: test.from}, &object{typeName: test.to}
			w.up(old, map[string]values{loginFlowType: flow, twoFactor: factors}[test.from])
			process := w.start()
			destroying, creating := process.plan(old, nil), process.plan(successor, test.config)
			wantNoError(t, creating.diags)
			process = w.start()
			wantNoError(t, process.apply(creating))
			wantText(t, process.apply(destroying).warnings(), test.succession)
			w.wantFlow("USER_DEFINED BasicAuthenticator | totp email-otp-authenticator")
			w.wantAction(successor, test.config, "no-op")
		})
	}
}

func TestLoginFlowSMSSender(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	config := flowConfig(password + "|totp " + smsOTP)
	wantText(t, w.plan(&object{typeName: loginFlowType}, config).diags.errors(),
		"sms-otp-authenticator needs an SMS sender",
		"[steps[1].options[1].authenticator]", "sms_sender = asgardeo_sms_sender.<name>.name")
	sender, f := &object{typeName: smsSenderType}, &object{typeName: loginFlowType}
	process := w.start()
	first := process.plan(sender,
		values{"provider_name": "Twilio", "key": "AC00", "secret": "auth-token", "sender": "+15550100"})
	second := process.plan(f, config)
	wantNoError(t, second.diags)
	wantText(t, w.start().apply(second).errors(), "sms-otp-authenticator needs an SMS sender") // the other one failed
	process = w.start()
	wantNoError(t, process.apply(first))
	wantNoError(t, process.apply(second))
	process = w.start() // the sender's turn comes first: it stays, and goes with the flow
	noSender, noFlow := process.plan(sender, nil), process.plan(f, nil)
	wantWarning(t, noSender.diags, "The SMS sender of \"bifrost\" stays")
	before := []object{*sender, *f}
	process = w.start()
	wantWarning(t, process.apply(noSender), "was not deleted", "SMS OTP is on")
	wantWarning(t, process.apply(noFlow), "The SMS sender of \"bifrost\" was deleted")
	*sender, *f = before[0], before[1]
	w.create(smsSenderType,
		values{"provider_name": "Twilio", "key": "AC00", "secret": "auth-token", "sender": "+15550100"})
	w.up(f, config)
	w.mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].SMSSenders = nil })
	stays := w.wantAction(f, config, "no-op")
	wantText(t, stays.diags.warnings(), "sms-otp-authenticator needs an SMS sender")
	w.provider["skip_sms_sender_check"] = true
	w.create(loginFlowType, config)
}

func TestLoginFlowUnknownValues(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	full := flowConfig(password + "|totp " + google).with(values{"script": conditional})
	option := func(authenticator, connection any) values {
		return values{"authenticator": authenticator, "connection": connection}
	}
	steps := func(second any) values {
		return full.with(values{"steps": []any{flowConfig(password)["steps"].([]any)[0], second}})
	}
	google := func(name any) any { return option("GoogleOIDCAuthenticator", name) }
	totp := values{"authenticator": "totp"}
	for name, config := range map[string]values{
		"the steps":        full.with(values{"steps": unknown}),
		"a step":           steps(unknown),
		"the options":      steps(values{"options": unknown}),
		"an option":        steps(values{"options": []any{totp, unknown}}),
		"an authenticator": steps(values{"options": []any{values{"authenticator": unknown}, google("Google")}}),
		"a connection":     steps(values{"options": []any{totp, google(unknown)}}),
		"the script":       full.with(values{"script": unknown}),
		"a step's number":  full.with(values{"subject_step": unknown, "attribute_step": unknown}),
	} {
		f := &object{typeName: loginFlowType}
		w.setFlow(password, "")
		saved := w.plan(f, config)
		wantText(t, saved.diags.warnings(), `Taking over the login flow of "bifrost"`, "planned: known after apply")
		known := full.with(values{"subject_step": 1, "attribute_step": 1})
		wantNoError(t, w.start().apply(saved, known))
		if got := w.wantAction(f, known, "no-op"); t.Failed() {
			t.Fatalf("%s: %v", name, got.planned)
		}
		// It may turn out to be what it is.
		again := w.plan(f, config)
		w.patches()
		wantNoError(t, w.start().apply(again, known))
		w.wantPatches()
	}
}
