package loginflow_test

import (
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// What a whole login flow costs in calls, and what bad days and odd input do to it.

func TestApplication39LoginFlowBudget(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	portalConfig, config := values{"enabled": true}, flowConfig(password+"|totp")
	p, f := w.Create(providertest.Portal, portalConfig), w.Create(providertest.LoginFlowType, config)
	w.Mock.ClearRequests()
	process := w.Start()
	wantNoDiagnostics(t, process.Refresh(p))
	wantNoDiagnostics(t, process.Refresh(f))
	for o, config := range map[*object]values{p: portalConfig, f: config} {
		if planned := process.Plan(o, config); planned.Action != "no-op" {
			t.Errorf("%s: %s", o.TypeName, planned.Action)
		}
	}
	w.WantApplicationCalls(map[string]int{providertest.TokenCall: 1, providertest.LookupCall: 1, providertest.ReadCall: 1})

	changing := w.Plan(f, flowConfig(password+"|totp|"+passkey))
	w.WantApplicationCalls(map[string]int{
		providertest.TokenCall: 1, providertest.LookupCall: 1, providertest.ReadCall: 1, "GET authenticators": 1,
	})
	wantNoError(t, w.Apply(changing))
	w.WantApplicationCalls(map[string]int{
		providertest.TokenCall: 1, providertest.LookupCall: 1, providertest.ReadCall: 2, providertest.PatchCall: 1,
	})
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
			w := newWorkspace(t)
			w.Wrap = providertest.BesidesFaults(t)
			w.SetFlow(google+" "+password, consoleScript(1))
			before := w.WholeFlow()
			f := &object{TypeName: providertest.LoginFlowType}
			first := flowConfig(password + "|totp").With(values{"script": conditional})
			for _, config := range []values{first, flowConfig(password + "|" + passkey), nil} {
				saved := w.Plan(f, config)
				w.Mock.AddFault(fault)
				wantNoError(t, w.Apply(saved))
				w.Mock.ClearFaults()
				if config != nil {
					w.WantAction(f, config, "no-op")
				}
			}
			if got := w.WholeFlow(); got != before {
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
			w := newWorkspace(t)
			w.Wrap = providertest.BesidesFaults(t)
			w.Provider["max_retries"] = 1
			w.SetFlow(google, "")
			before := w.WholeFlow()
			config, next := flowConfig(password+"|totp"), flowConfig(password+"|"+passkey)

			f := &object{TypeName: providertest.LoginFlowType}
			saved := w.Plan(f, config)
			w.Mock.AddFault(test.fault)
			wantText(t, w.Start().Apply(saved).Errors(), "Unable to create the login flow")
			if f.State != nil || w.WholeFlow() != before {
				t.Errorf("state %v, flow %s", f.State, w.WholeFlow())
			}
			w.Mock.ClearFaults()
			w.Up(f, config)

			saved = w.Plan(f, next)
			w.Mock.AddFault(test.fault)
			wantText(t, w.Start().Apply(saved).Errors(), "Unable to update the login flow")
			f.WantState(t, config.With(values{"type": "USER_DEFINED", "application_id": f.State["application_id"],
				"subject_step": 1, "attribute_step": 1}))
			if test.applied {
				w.SetFlow(password+"|"+passkey, "")
			}
			wantText(t, w.Start().Apply(w.PlanWithoutRefresh(f, nil)).Errors(), "Unable to hand back the login flow")
			if f.State == nil {
				t.Fatal("the resource is gone from the state")
			}
			w.Mock.ClearFaults()
			wantNoError(t, w.Apply(w.Plan(f, nil)))
			w.WantFlow("USER_DEFINED Google/GoogleOIDCAuthenticator")
		})
	}
}

func TestLoginFlowThatTheServerRefuses(t *testing.T) {
	t.Parallel()
	t.Run("an unknown connection", func(t *testing.T) {
		t.Parallel()
		w := newWorkspace(t)
		f := &object{TypeName: providertest.LoginFlowType}
		diags := w.Start().Apply(w.Plan(f, flowConfig("Gogle/GoogleOIDCAuthenticator")))
		wantText(t, diags.Errors(), "Unable to create the login flow", "APP-60001", "misspelt", "connection that was deleted")
		wantText(t, diags.Warnings(), `Organization "bifrost" has no connection "Gogle"`)
	})
	t.Run("a connection that was deleted later", func(t *testing.T) {
		t.Parallel()
		w := newWorkspace(t)
		p, f := w.Create(providertest.Portal, values{"enabled": true}), w.Create(providertest.LoginFlowType,
			flowConfig(password+" "+google))
		w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].Connections = map[string][]string{} })
		w.WantAction(f, flowConfig(password+" "+google), "no-op")
		// Every change of the application is refused now, but the one that heals it.
		wantText(t, w.Start().Apply(w.Plan(p, values{"enabled": false})).Errors(), "Unable to update the My Account portal",
			"whole login flow with every change", "connection that was deleted")
		wantText(t, w.Start().Apply(w.Plan(f, flowConfig(google+"|totp"))).Errors(), "Unable to update the login flow",
			"connection that was deleted")
		w.Up(f, flowConfig(password))
		w.Up(p, values{"enabled": false})
	})
	t.Run("no scope for scripts", func(t *testing.T) {
		t.Parallel()
		w := newWorkspace(t)
		w.WithdrawScriptScope()
		f := &object{TypeName: providertest.LoginFlowType}
		config := flowConfig(password + "|totp").With(values{"script": conditional})
		wantText(t, w.Start().Apply(w.Plan(f, config)).Errors(), "Unable to create the login flow",
			"internal_application_script_update", "Application Authentication Script Management API")
		w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].Scopes = nil })
		w.Up(f, config)
		w.WithdrawScriptScope()
		wantText(t, w.Start().Apply(w.Plan(f, nil)).Errors(), "Unable to hand back the login flow",
			"internal_application_script_update")
		if f.State == nil {
			t.Error("the resource is gone from the state")
		}
	})
	t.Run("a protected application", func(t *testing.T) {
		t.Parallel()
		w := newWorkspace(t)
		f := w.Create(providertest.LoginFlowType, flowConfig(password+"|totp"))
		w.Edit(func(a *mockserver.Application) { a.Access = "READ" })
		w.WantAction(f, flowConfig(password+"|totp"), "no-op")
		for _, o := range []*object{f, {TypeName: providertest.LoginFlowType}} {
			refused := w.Plan(o, flowConfig(password))
			wantText(t, refused.Diags.Errors(), "Unable to plan the login flow", "read-only")
		}
	})
	t.Run("no application", func(t *testing.T) {
		t.Parallel()
		w := newWorkspace(t)
		f := w.Create(providertest.LoginFlowType, flowConfig(password))
		w.Mock.Update(func(state *mockserver.State) {
			state.Organizations["bifrost"].Applications = []mockserver.Application{}
		})
		wantText(t, w.Start().Refresh(f).Errors(), "Unable to read the login flow", `no application "My Account"`)
		wantText(t, w.Start().Plan(&object{TypeName: providertest.LoginFlowType}, flowConfig(password)).Diags.Errors(),
			"Unable to plan the login flow")
		_, diags := w.Start().Read(providertest.LoginFlowType, values{})
		wantText(t, diags.Errors(), "Unable to read the login flow")
		if f.State == nil {
			t.Error("the resource is gone from the state")
		}
	})
}

// Somebody edits the flow between plan and apply: what was planned is made, and what went with it is said.
func TestLoginFlowChangedSincePlan(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	f, config := &object{TypeName: providertest.LoginFlowType}, flowConfig(password+"|totp")
	saved := w.Plan(f, config)
	w.SetFlow(google+"|"+passkey, "")
	wantText(t, w.Start().Apply(saved).Warnings(), `Taking over the login flow of "bifrost"`, "FIDOAuthenticator")

	saved = w.Plan(f, flowConfig(password+"|"+emailOTP))
	w.SetFlow(google+"|totp", "")
	diags := w.Start().Apply(saved)
	wantNoError(t, diags)
	wantText(t, diags.Warnings(), `The login flow of "bifrost" changed outside Terraform`,
		"  replaced:\n    step 1: GoogleOIDCAuthenticator (Google)")
	w.WantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
	wantNoError(t, w.Apply(w.Plan(f, nil)))
	w.WantFlow("USER_DEFINED Google/GoogleOIDCAuthenticator | FIDOAuthenticator")
}

func TestLoginFlowOddInput(t *testing.T) {
	t.Parallel()
	const connection = `Zürich "日本" <&> \ 🔑`
	for name, config := range map[string]values{
		"100 steps": flowConfig(strings.TrimSuffix(strings.Repeat(password+"|", 100), "|")).With(values{"subject_step": 100}),
		"1 MiB": flowConfig(password).With(values{
			"script": "executeStep(1);\n" + strings.Repeat("// Grüße aus Zürich 🔑\n", 1<<20/25),
		}),
		"unicode": {"steps": []any{values{"options": []any{
			values{"authenticator": "OpenIDConnectAuthenticator", "connection": connection}, values{"authenticator": password},
		}}}, "script": "executeStep(1); // \u2028 \u0000 \ufffd \u202e"},
		"CRLF": flowConfig(password).With(values{"script": "executeStep(1);\r\n// a\r// b\n\n"}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			w.Mock.Update(func(state *mockserver.State) {
				state.Organizations["bifrost"].Connections[connection] = []string{"OpenIDConnectAuthenticator"}
			})
			f := w.Create(providertest.LoginFlowType, config)
			f.WantState(t, values{"subject_step": 1}.With(config).With(values{
				"type": "USER_DEFINED", "application_id": f.State["application_id"], "attribute_step": 1,
			}))
			if script, declared := config["script"]; declared && w.Application().AuthenticationSequence.Script != script {
				t.Errorf("the server has another script")
			}
			imported := w.Adopt(providertest.LoginFlowType)
			w.WantAction(imported, w.Start().GenerateConfig(providertest.LoginFlowType, imported.State), "no-op")
			wantNoError(t, w.Apply(w.Plan(f, nil)))
		})
	}
}

func TestLoginFlowKeepsWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.SetFlow(google+" "+password+"|totp", "")
	w.Edit(func(a *mockserver.Application) {
		a.AuthenticationSequence.RequestPathAuthenticators = []string{"BasicAuthRequestPathAuthenticator"}
	})
	w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].UnknownMembers = true })
	f := w.Create(providertest.LoginFlowType, flowConfig(password+"|"+emailOTP+" totp|"+passkey))
	w.Up(f, flowConfig(passkey+"|"+emailOTP))
	if kept := w.Application().AuthenticationSequence.RequestPathAuthenticators; len(kept) != 1 {
		t.Errorf("request path authenticators are %v", kept)
	}
	wantNoError(t, w.Apply(w.Plan(f, nil)))
}

// The option for sub-organizations is hidden, and the server keeps it.
func TestLoginFlowOfASharedPortal(t *testing.T) {
	t.Parallel()
	for _, onDestroy := range []string{"restore", "reset"} {
		w := newWorkspace(t)
		w.Edit(func(a *mockserver.Application) { a.Shared = true })
		config := flowConfig(password + "|totp").With(values{"on_destroy": onDestroy})
		f := w.Create(providertest.LoginFlowType, config)
		if !strings.Contains(w.Flow(), "SSO/OrganizationAuthenticator") {
			t.Errorf("the hidden option is lost: %s", w.Flow())
		}
		wantNoError(t, w.Apply(w.Plan(f, nil)))
		w.WantFlow("USER_DEFINED SSO/OrganizationAuthenticator BasicAuthenticator")
	}
}

// A lost reset must not be taken for one that was made, although nobody can tell what a shared portal has then.
func TestLoginFlowOfASharedPortalLostReset(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.Wrap = providertest.BesidesFaults(t)
	w.Provider["max_retries"] = 1
	w.Edit(func(a *mockserver.Application) { a.Shared = true })
	f := w.Create(providertest.LoginFlowType, flowConfig(password+"|totp").With(values{"on_destroy": "reset"}))
	w.Mock.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "PATCH"}, Times: -1,
		Action: mockserver.ActionDropBefore})
	wantText(t, w.Start().Apply(w.Plan(f, nil)).Errors(), "Unable to hand back the login flow")
	if f.State == nil {
		t.Error("the resource is gone from the state")
	}
}

// A reset may hide a script, and the next flow brings it to light.
func TestLoginFlowHiddenScript(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].ScriptSurvivesReset = true })
	f := w.Create(providertest.LoginFlowType, flowConfig(password+"|totp").With(values{"script": conditional}))
	wantNoError(t, w.Apply(w.Plan(f, nil)))
	w.Create(providertest.LoginFlowType, flowConfig(password+"|totp"))
	if got := w.Script(); got != providertest.WithoutBlanks(consoleScript(2)) {
		t.Errorf("the script is %s", got)
	}
}

// A flow that Terraform made is drift when it is given up for the server's, also while that one does the same.
func TestLoginFlowGivenUp(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	f := w.Create(providertest.LoginFlowType, flowConfig(password))
	w.WantFlow("USER_DEFINED BasicAuthenticator")
	w.Edit(func(a *mockserver.Application) { a.AuthenticationSequence = nil })
	w.WantAction(f, flowConfig(password), "update")
	w.Up(f, flowConfig(password))
	w.WantFlow("USER_DEFINED BasicAuthenticator")
}

// In one apply, the destroy of one resource may come before or after the create of its successor.
func TestLoginFlowSuccession(t *testing.T) {
	t.Parallel()
	factors := values{"totp_enabled": true, "email_otp_enabled": true}
	flow := flowConfig(password + "|totp " + emailOTP)
	for name, test := range map[string]struct {
		from, to   string
		config     values
		succession string // what is said of the old resource
	}{
		"renamed": {
			providertest.LoginFlowType, providertest.LoginFlowType, flow,
			`Another resource has the login flow of "bifrost" now`,
		},
		"to two_factor": {
			providertest.LoginFlowType, providertest.TwoFactor, factors,
			`Another resource has the login flow of "bifrost" now`,
		},
		"from two_factor": {
			providertest.TwoFactor, providertest.LoginFlowType, flow,
			`Another resource has the two-factor settings of "bifrost" now`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			old, successor := &object{TypeName: test.from}, &object{TypeName: test.to}
			w.Up(old, map[string]values{providertest.LoginFlowType: flow, providertest.TwoFactor: factors}[test.from])
			process := w.Start()
			destroying, creating := process.Plan(old, nil), process.Plan(successor, test.config)
			wantNoError(t, creating.Diags)
			process = w.Start()
			wantNoError(t, process.Apply(creating))
			wantText(t, process.Apply(destroying).Warnings(), test.succession)
			w.WantFlow("USER_DEFINED BasicAuthenticator | totp email-otp-authenticator")
			w.WantAction(successor, test.config, "no-op")
		})
	}
}

func TestLoginFlowSMSSender(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	config := flowConfig(password + "|totp " + smsOTP)
	wantText(t, w.Plan(&object{TypeName: providertest.LoginFlowType}, config).Diags.Errors(),
		"sms-otp-authenticator needs an SMS sender",
		"[steps[1].options[1].authenticator]", "sms_sender = asgardeo_sms_sender.<name>.name")
	sender, f := &object{TypeName: providertest.SenderType}, &object{TypeName: providertest.LoginFlowType}
	process := w.Start()
	first := process.Plan(sender,
		values{"provider_name": "Twilio", "key": "AC00", "secret": "auth-token", "sender": "+15550100"})
	second := process.Plan(f, config)
	wantNoError(t, second.Diags)
	wantText(t, w.Start().Apply(second).Errors(), "sms-otp-authenticator needs an SMS sender") // the other one failed
	process = w.Start()
	wantNoError(t, process.Apply(first))
	wantNoError(t, process.Apply(second))
	process = w.Start() // the sender's turn comes first: it stays, and goes with the flow
	noSender, noFlow := process.Plan(sender, nil), process.Plan(f, nil)
	wantWarning(t, noSender.Diags, "The SMS sender of \"bifrost\" stays")
	before := []object{*sender, *f}
	process = w.Start()
	wantWarning(t, process.Apply(noSender), "was not deleted", "SMS OTP is on")
	wantWarning(t, process.Apply(noFlow), "The SMS sender of \"bifrost\" was deleted")
	*sender, *f = before[0], before[1]
	w.Create(providertest.SenderType,
		values{"provider_name": "Twilio", "key": "AC00", "secret": "auth-token", "sender": "+15550100"})
	w.Up(f, config)
	w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].SMSSenders = nil })
	stays := w.WantAction(f, config, "no-op")
	wantText(t, stays.Diags.Warnings(), "sms-otp-authenticator needs an SMS sender")
	w.Provider["skip_sms_sender_check"] = true
	w.Create(providertest.LoginFlowType, config)
}

// TestLoginFlowSMSSenderAtApply looks for the sender that the configuration refers to right before SMS OTP goes on, and
// not where users get passcodes by SMS already.
func TestLoginFlowSMSSenderAtApply(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	f := &object{TypeName: providertest.LoginFlowType}
	config := flowConfig(password + "|" + smsOTP).With(values{"sms_sender": "SMSPublisher"})
	saved := w.Plan(f, config)
	wantError(t, w.Apply(saved), "[steps[1].options[0].authenticator]", "sms-otp-authenticator needs an SMS sender")
	w.WantFlow("DEFAULT")
	w.WithSender()
	wantNoError(t, w.Apply(saved))
	w.SetSender(nil)
	w.Calls()
	w.Up(f, flowConfig(password+"|totp "+smsOTP).With(values{"sms_sender": "SMSPublisher"}))
	if w.AskedForSenders() {
		t.Error("asked for senders, although SMS OTP was on before")
	}
}

func TestLoginFlowUnknownValues(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	full := flowConfig(password + "|totp " + google).With(values{"script": conditional})
	option := func(authenticator, connection any) values {
		return values{"authenticator": authenticator, "connection": connection}
	}
	steps := func(second any) values {
		return full.With(values{"steps": []any{flowConfig(password)["steps"].([]any)[0], second}})
	}
	fromGoogle := func(connection any) any { return option("GoogleOIDCAuthenticator", connection) }
	totp := values{"authenticator": "totp"}
	for name, config := range map[string]values{
		"the steps":        full.With(values{"steps": unknown}),
		"a step":           steps(unknown),
		"the options":      steps(values{"options": unknown}),
		"an option":        steps(values{"options": []any{totp, unknown}}),
		"an authenticator": steps(values{"options": []any{values{"authenticator": unknown}, fromGoogle("Google")}}),
		"a connection":     steps(values{"options": []any{totp, fromGoogle(unknown)}}),
		"the script":       full.With(values{"script": unknown}),
		"a step's number":  full.With(values{"subject_step": unknown, "attribute_step": unknown}),
	} {
		f := &object{TypeName: providertest.LoginFlowType}
		w.SetFlow(password, "")
		saved := w.Plan(f, config)
		wantText(t, saved.Diags.Warnings(), `Taking over the login flow of "bifrost"`, "planned: known after apply")
		if doubts := saved.Diags.About("has no"); len(doubts) > 0 {
			t.Errorf("%s: what is not known is missing at the server:\n%s", name, doubts)
		}
		known := full.With(values{"subject_step": 1, "attribute_step": 1})
		wantNoError(t, w.Start().Apply(saved, known))
		if got := w.WantAction(f, known, "no-op"); t.Failed() {
			t.Fatalf("%s: %v", name, got.Planned)
		}
		// It may turn out to be what it is.
		again := w.Plan(f, config)
		w.Patches()
		wantNoError(t, w.Start().Apply(again, known))
		w.WantPatches()
	}

	fresh := &object{TypeName: providertest.LoginFlowType}
	wantNoError(t, w.Plan(fresh, values{"steps": unknown, "subject_step": 2}).Diags) // there may be so many
	p, elsewhere := w.Start(), full.With(values{"organization": unknown})
	for range 2 { // they may be for two organizations
		wantNoError(t, p.Plan(&object{TypeName: providertest.LoginFlowType}, elsewhere).Diags)
	}
	w.Edit(func(a *mockserver.Application) { a.Access = "READ" })
	wantNoError(t, w.Plan(fresh, full.With(values{"script": unknown})).Diags) // it may be what the server has
	other := full.With(values{"script": consoleScript(2)})
	wantError(t, w.Plan(fresh, other).Diags, "Unable to plan the login flow", "read-only") // positive control
}
