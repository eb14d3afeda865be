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
	w := providertest.NewApplicationWorkspace(t)
	portalConfig, config := providertest.Values{"enabled": true}, providertest.FlowConfig(providertest.Password+"|totp")
	p, f := w.Create(providertest.Portal, portalConfig), w.Create(providertest.LoginFlowType, config)
	w.Mock.ClearRequests()
	process := w.Start()
	providertest.WantNoDiagnostics(t, process.Refresh(p))
	providertest.WantNoDiagnostics(t, process.Refresh(f))
	for o, config := range map[*providertest.Object]providertest.Values{p: portalConfig, f: config} {
		if planned := process.Plan(o, config); planned.Action != "no-op" {
			t.Errorf("%s: %s", o.TypeName, planned.Action)
		}
	}
	w.WantApplicationCalls(map[string]int{providertest.Token: 1, providertest.Lookup: 1, providertest.Read: 1})

	changing := w.Plan(f, providertest.FlowConfig(providertest.Password+"|totp|"+providertest.Passkey))
	w.WantApplicationCalls(
		map[string]int{providertest.Token: 1, providertest.Lookup: 1, providertest.Read: 1, "GET authenticators": 1},
	)
	providertest.WantNoError(t, w.Apply(changing))
	w.WantApplicationCalls(
		map[string]int{providertest.Token: 1, providertest.Lookup: 1, providertest.Read: 2, providertest.Patch: 1},
	)
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
			w := providertest.NewApplicationWorkspace(t)
			w.Wrap = providertest.BesidesFaults(t)
			w.SetFlow(providertest.Google+" "+providertest.Password, providertest.ConsoleScript(1))
			before := w.WholeFlow()
			f := &providertest.Object{TypeName: providertest.LoginFlowType}
			first := providertest.FlowConfig(providertest.Password + "|totp").
				With(providertest.Values{"script": providertest.Conditional})
			for _, config := range []providertest.Values{first, providertest.FlowConfig(providertest.Password + "|" + providertest.Passkey), nil} {
				saved := w.Plan(f, config)
				w.Mock.AddFault(fault)
				providertest.WantNoError(t, w.Apply(saved))
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
			w := providertest.NewApplicationWorkspace(t)
			w.Wrap = providertest.BesidesFaults(t)
			w.Provider["max_retries"] = 1
			w.SetFlow(providertest.Google, "")
			before := w.WholeFlow()
			config, next := providertest.FlowConfig(
				providertest.Password+"|totp",
			), providertest.FlowConfig(
				providertest.Password+"|"+providertest.Passkey,
			)

			f := &providertest.Object{TypeName: providertest.LoginFlowType}
			saved := w.Plan(f, config)
			w.Mock.AddFault(test.fault)
			providertest.WantText(t, w.Start().Apply(saved).Errors(), "Unable to create the login flow")
			if f.State != nil || w.WholeFlow() != before {
				t.Errorf("state %v, flow %s", f.State, w.WholeFlow())
			}
			w.Mock.ClearFaults()
			w.Up(f, config)

			saved = w.Plan(f, next)
			w.Mock.AddFault(test.fault)
			providertest.WantText(t, w.Start().Apply(saved).Errors(), "Unable to update the login flow")
			f.WantState(t, config.With(providertest.Values{"type": "USER_DEFINED", "application_id": f.State["application_id"],
				"subject_step": 1, "attribute_step": 1}))
			if test.applied {
				w.SetFlow(providertest.Password+"|"+providertest.Passkey, "")
			}
			providertest.WantText(
				t,
				w.Start().Apply(w.PlanWithoutRefresh(f, nil)).Errors(),
				"Unable to hand back the login flow",
			)
			if f.State == nil {
				t.Fatal("the resource is gone from the state")
			}
			w.Mock.ClearFaults()
			providertest.WantNoError(t, w.Apply(w.Plan(f, nil)))
			w.WantFlow("USER_DEFINED Google/GoogleOIDCAuthenticator")
		})
	}
}

func TestLoginFlowThatTheServerRefuses(t *testing.T) {
	t.Parallel()
	t.Run("an unknown connection", func(t *testing.T) {
		t.Parallel()
		w := providertest.NewApplicationWorkspace(t)
		f := &providertest.Object{TypeName: providertest.LoginFlowType}
		diags := w.Start().Apply(w.Plan(f, providertest.FlowConfig("Gogle/GoogleOIDCAuthenticator")))
		providertest.WantText(
			t,
			diags.Errors(),
			"Unable to create the login flow",
			"APP-60001",
			"misspelt",
			"connection that was deleted",
		)
		providertest.WantText(t, diags.Warnings(), `Organization "bifrost" has no connection "Gogle"`)
	})
	t.Run("a connection that was deleted later", func(t *testing.T) {
		t.Parallel()
		w := providertest.NewApplicationWorkspace(t)
		p, f := w.Create(
			providertest.Portal,
			providertest.Values{"enabled": true},
		), w.Create(
			providertest.LoginFlowType,
			providertest.FlowConfig(providertest.Password+" "+providertest.Google),
		)
		w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].Connections = map[string][]string{} })
		w.WantAction(f, providertest.FlowConfig(providertest.Password+" "+providertest.Google), "no-op")
		// Every change of the application is refused now, but the one that heals it.
		providertest.WantText(
			t,
			w.Start().Apply(w.Plan(p, providertest.Values{"enabled": false})).Errors(),
			"Unable to update the My Account portal",
			"whole login flow with every change",
			"connection that was deleted",
		)
		providertest.WantText(
			t,
			w.Start().Apply(w.Plan(f, providertest.FlowConfig(providertest.Google+"|totp"))).Errors(),
			"Unable to update the login flow",
			"connection that was deleted",
		)
		w.Up(f, providertest.FlowConfig(providertest.Password))
		w.Up(p, providertest.Values{"enabled": false})
	})
	t.Run("no scope for scripts", func(t *testing.T) {
		t.Parallel()
		w := providertest.NewApplicationWorkspace(t)
		w.ScopesWithoutScripts()
		f, config := &providertest.Object{
			TypeName: providertest.LoginFlowType,
		}, providertest.FlowConfig(providertest.Password+"|totp").
			With(providertest.Values{"script": providertest.Conditional})
		providertest.WantText(t, w.Start().Apply(w.Plan(f, config)).Errors(), "Unable to create the login flow",
			"internal_application_script_update", "Application Authentication Script Management API")
		w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].Scopes = nil })
		w.Up(f, config)
		w.ScopesWithoutScripts()
		providertest.WantText(t, w.Start().Apply(w.Plan(f, nil)).Errors(), "Unable to hand back the login flow",
			"internal_application_script_update")
		if f.State == nil {
			t.Error("the resource is gone from the state")
		}
	})
	t.Run("a protected application", func(t *testing.T) {
		t.Parallel()
		w := providertest.NewApplicationWorkspace(t)
		f := w.Create(providertest.LoginFlowType, providertest.FlowConfig(providertest.Password+"|totp"))
		w.Edit(func(a *mockserver.Application) { a.Access = "READ" })
		w.WantAction(f, providertest.FlowConfig(providertest.Password+"|totp"), "no-op")
		for _, o := range []*providertest.Object{f, {TypeName: providertest.LoginFlowType}} {
			refused := w.Plan(o, providertest.FlowConfig(providertest.Password))
			providertest.WantText(t, refused.Diags.Errors(), "Unable to plan the login flow", "read-only")
		}
	})
	t.Run("no application", func(t *testing.T) {
		t.Parallel()
		w := providertest.NewApplicationWorkspace(t)
		f := w.Create(providertest.LoginFlowType, providertest.FlowConfig(providertest.Password))
		w.Mock.Update(func(state *mockserver.State) {
			state.Organizations["bifrost"].Applications = []mockserver.Application{}
		})
		providertest.WantText(
			t,
			w.Start().Refresh(f).Errors(),
			"Unable to read the login flow",
			`no application "My Account"`,
		)
		providertest.WantText(
			t,
			w.Start().
				Plan(&providertest.Object{TypeName: providertest.LoginFlowType}, providertest.FlowConfig(providertest.Password)).
				Diags.Errors(),
			"Unable to plan the login flow",
		)
		_, diags := w.Start().Read(providertest.LoginFlowType, providertest.Values{})
		providertest.WantText(t, diags.Errors(), "Unable to read the login flow")
		if f.State == nil {
			t.Error("the resource is gone from the state")
		}
	})
}

// Somebody edits the flow between plan and apply: what was planned is made, and what went with it is said.
func TestLoginFlowChangedSincePlan(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	f, config := &providertest.Object{
		TypeName: providertest.LoginFlowType,
	}, providertest.FlowConfig(
		providertest.Password+"|totp",
	)
	saved := w.Plan(f, config)
	w.SetFlow(providertest.Google+"|"+providertest.Passkey, "")
	providertest.WantText(
		t,
		w.Start().Apply(saved).Warnings(),
		`Taking over the login flow of "bifrost"`,
		"FIDOAuthenticator",
	)

	saved = w.Plan(f, providertest.FlowConfig(providertest.Password+"|"+providertest.EmailOTP))
	w.SetFlow(providertest.Google+"|totp", "")
	diags := w.Start().Apply(saved)
	providertest.WantNoError(t, diags)
	providertest.WantText(t, diags.Warnings(), `The login flow of "bifrost" changed outside Terraform`,
		"  replaced:\n    step 1: GoogleOIDCAuthenticator (Google)")
	w.WantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
	providertest.WantNoError(t, w.Apply(w.Plan(f, nil)))
	w.WantFlow("USER_DEFINED Google/GoogleOIDCAuthenticator | FIDOAuthenticator")
}

func TestLoginFlowOddInput(t *testing.T) {
	t.Parallel()
	const connection = `Zürich "日本" <&> \ 🔑`
	for name, config := range map[string]providertest.Values{
		"100 steps": providertest.FlowConfig(strings.TrimSuffix(strings.Repeat(providertest.Password+"|", 100), "|")).With(providertest.Values{"subject_step": 100}),
		"1 MiB": providertest.FlowConfig(providertest.Password).With(providertest.Values{
			"script": "executeStep(1);\n" + strings.Repeat("// Grüße aus Zürich 🔑\n", 1<<20/25),
		}),
		"unicode": {"steps": []any{providertest.Values{"options": []any{
			providertest.Values{"authenticator": "OpenIDConnectAuthenticator", "connection": connection}, providertest.Values{"authenticator": providertest.Password},
		}}}, "script": "executeStep(1); // \u2028 \u0000 \ufffd \u202e"},
		"CRLF": providertest.FlowConfig(providertest.Password).With(providertest.Values{"script": "executeStep(1);\r\n// a\r// b\n\n"}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := providertest.NewApplicationWorkspace(t)
			w.Mock.Update(func(state *mockserver.State) {
				state.Organizations["bifrost"].Connections[connection] = []string{"OpenIDConnectAuthenticator"}
			})
			f := w.Create(providertest.LoginFlowType, config)
			f.WantState(t, providertest.Values{"subject_step": 1}.With(config).With(providertest.Values{
				"type": "USER_DEFINED", "application_id": f.State["application_id"], "attribute_step": 1,
			}))
			if script, declared := config["script"]; declared && w.Application().AuthenticationSequence.Script != script {
				t.Errorf("the server has another script")
			}
			imported := w.Adopt(providertest.LoginFlowType)
			w.WantAction(imported, w.Start().Generate(providertest.LoginFlowType, imported.State), "no-op")
			providertest.WantNoError(t, w.Apply(w.Plan(f, nil)))
		})
	}
}

func TestLoginFlowKeepsWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	w.SetFlow(providertest.Google+" "+providertest.Password+"|totp", "")
	w.Edit(func(a *mockserver.Application) {
		a.AuthenticationSequence.RequestPathAuthenticators = []string{"BasicAuthRequestPathAuthenticator"}
	})
	w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].UnknownMembers = true })
	f := w.Create(
		providertest.LoginFlowType,
		providertest.FlowConfig(providertest.Password+"|"+providertest.EmailOTP+" totp|"+providertest.Passkey),
	)
	w.Up(f, providertest.FlowConfig(providertest.Passkey+"|"+providertest.EmailOTP))
	if kept := w.Application().AuthenticationSequence.RequestPathAuthenticators; len(kept) != 1 {
		t.Errorf("request path authenticators are %v", kept)
	}
	providertest.WantNoError(t, w.Apply(w.Plan(f, nil)))
}

// The option for sub-organizations is hidden, and the server keeps it.
func TestLoginFlowOfASharedPortal(t *testing.T) {
	t.Parallel()
	for _, onDestroy := range []string{"restore", "reset"} {
		w := providertest.NewApplicationWorkspace(t)
		w.Edit(func(a *mockserver.Application) { a.Shared = true })
		config := providertest.FlowConfig(providertest.Password + "|totp").With(providertest.Values{"on_destroy": onDestroy})
		f := w.Create(providertest.LoginFlowType, config)
		if !strings.Contains(w.Flow(), "SSO/OrganizationAuthenticator") {
			t.Errorf("the hidden option is lost: %s", w.Flow())
		}
		providertest.WantNoError(t, w.Apply(w.Plan(f, nil)))
		w.WantFlow("USER_DEFINED SSO/OrganizationAuthenticator BasicAuthenticator")
	}
}

// A lost reset must not be taken for one that was made, although nobody can tell what a shared portal has then.
func TestLoginFlowOfASharedPortalLostReset(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	w.Wrap = providertest.BesidesFaults(t)
	w.Provider["max_retries"] = 1
	w.Edit(func(a *mockserver.Application) { a.Shared = true })
	f := w.Create(
		providertest.LoginFlowType,
		providertest.FlowConfig(providertest.Password+"|totp").With(providertest.Values{"on_destroy": "reset"}),
	)
	w.Mock.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "PATCH"}, Times: -1,
		Action: mockserver.ActionDropBefore})
	providertest.WantText(t, w.Start().Apply(w.Plan(f, nil)).Errors(), "Unable to hand back the login flow")
	if f.State == nil {
		t.Error("the resource is gone from the state")
	}
}

// A reset may hide a script, and the next flow brings it to light.
func TestLoginFlowHiddenScript(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].ScriptSurvivesReset = true })
	f := w.Create(
		providertest.LoginFlowType,
		providertest.FlowConfig(providertest.Password+"|totp").With(providertest.Values{"script": providertest.Conditional}),
	)
	providertest.WantNoError(t, w.Apply(w.Plan(f, nil)))
	w.Create(providertest.LoginFlowType, providertest.FlowConfig(providertest.Password+"|totp"))
	if got := w.Script(); got != providertest.WithoutBlanks(providertest.ConsoleScript(2)) {
		t.Errorf("the script is %s", got)
	}
}

// A flow that Terraform made is drift when it is given up for the server's, also while that one does the same.
func TestLoginFlowGivenUp(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	f := w.Create(providertest.LoginFlowType, providertest.FlowConfig(providertest.Password))
	w.WantFlow("USER_DEFINED BasicAuthenticator")
	w.Edit(func(a *mockserver.Application) { a.AuthenticationSequence = nil })
	w.WantAction(f, providertest.FlowConfig(providertest.Password), "update")
	w.Up(f, providertest.FlowConfig(providertest.Password))
	w.WantFlow("USER_DEFINED BasicAuthenticator")
}

// In one apply, the destroy of one resource may come before or after the create of its successor.
func TestLoginFlowSuccession(t *testing.T) {
	t.Parallel()
	factors, flow := providertest.Values{
		"totp_enabled":      true,
		"email_otp_enabled": true,
	}, providertest.FlowConfig(
		providertest.Password+"|totp "+providertest.EmailOTP,
	)
	for name, test := range map[string]struct {
		from, to   string
		config     providertest.Values
		succession string // what is said of the old resource
	}{
		"renamed":         {providertest.LoginFlowType, providertest.LoginFlowType, flow, `Another resource has the login flow of "bifrost" now`},
		"to two_factor":   {providertest.LoginFlowType, providertest.TwoFactor, factors, `Another resource has the login flow of "bifrost" now`},
		"from two_factor": {providertest.TwoFactor, providertest.LoginFlowType, flow, `Another resource has the two-factor settings of "bifrost" now`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := providertest.NewApplicationWorkspace(t)
			old, successor := &providertest.Object{TypeName: test.from}, &providertest.Object{TypeName: test.to}
			w.Up(
				old,
				map[string]providertest.Values{providertest.LoginFlowType: flow, providertest.TwoFactor: factors}[test.from],
			)
			process := w.Start()
			destroying, creating := process.Plan(old, nil), process.Plan(successor, test.config)
			providertest.WantNoError(t, creating.Diags)
			process = w.Start()
			providertest.WantNoError(t, process.Apply(creating))
			providertest.WantText(t, process.Apply(destroying).Warnings(), test.succession)
			w.WantFlow("USER_DEFINED BasicAuthenticator | totp email-otp-authenticator")
			w.WantAction(successor, test.config, "no-op")
		})
	}
}

func TestLoginFlowSMSSender(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	config := providertest.FlowConfig(providertest.Password + "|totp " + providertest.SMSOTP)
	providertest.WantText(t, w.Plan(&providertest.Object{TypeName: providertest.LoginFlowType}, config).Diags.Errors(),
		"sms-otp-authenticator needs an SMS sender",
		"[steps[1].options[1].authenticator]", "sms_sender = asgardeo_sms_sender.<name>.name")
	sender, f := &providertest.Object{
		TypeName: providertest.SenderType,
	}, &providertest.Object{
		TypeName: providertest.LoginFlowType,
	}
	process := w.Start()
	first := process.Plan(sender,
		providertest.Values{"provider_name": "Twilio", "key": "AC00", "secret": "auth-token", "sender": "+15550100"})
	second := process.Plan(f, config)
	providertest.WantNoError(t, second.Diags)
	providertest.WantText(
		t,
		w.Start().Apply(second).Errors(),
		"sms-otp-authenticator needs an SMS sender",
	) // the other one failed
	process = w.Start()
	providertest.WantNoError(t, process.Apply(first))
	providertest.WantNoError(t, process.Apply(second))
	process = w.Start() // the sender's turn comes first: it stays, and goes with the flow
	noSender, noFlow := process.Plan(sender, nil), process.Plan(f, nil)
	providertest.WantWarning(t, noSender.Diags, "The SMS sender of \"bifrost\" stays")
	before := []providertest.Object{*sender, *f}
	process = w.Start()
	providertest.WantWarning(t, process.Apply(noSender), "was not deleted", "SMS OTP is on")
	providertest.WantWarning(t, process.Apply(noFlow), "The SMS sender of \"bifrost\" was deleted")
	*sender, *f = before[0], before[1]
	w.Create(providertest.SenderType,
		providertest.Values{"provider_name": "Twilio", "key": "AC00", "secret": "auth-token", "sender": "+15550100"})
	w.Up(f, config)
	w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].SMSSenders = nil })
	stays := w.WantAction(f, config, "no-op")
	providertest.WantText(t, stays.Diags.Warnings(), "sms-otp-authenticator needs an SMS sender")
	w.Provider["skip_sms_sender_check"] = true
	w.Create(providertest.LoginFlowType, config)
}

func TestLoginFlowUnknownValues(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	full := providertest.FlowConfig(providertest.Password + "|totp " + providertest.Google).
		With(providertest.Values{"script": providertest.Conditional})
	option := func(authenticator, connection any) providertest.Values {
		return providertest.Values{"authenticator": authenticator, "connection": connection}
	}
	steps := func(second any) providertest.Values {
		return full.With(
			providertest.Values{"steps": []any{providertest.FlowConfig(providertest.Password)["steps"].([]any)[0], second}},
		)
	}
	google := func(name any) any { return option("GoogleOIDCAuthenticator", name) }
	totp := providertest.Values{"authenticator": "totp"}
	for name, config := range map[string]providertest.Values{
		"the steps":        full.With(providertest.Values{"steps": providertest.Unknown}),
		"a step":           steps(providertest.Unknown),
		"the options":      steps(providertest.Values{"options": providertest.Unknown}),
		"an option":        steps(providertest.Values{"options": []any{totp, providertest.Unknown}}),
		"an authenticator": steps(providertest.Values{"options": []any{providertest.Values{"authenticator": providertest.Unknown}, google("Google")}}),
		"a connection":     steps(providertest.Values{"options": []any{totp, google(providertest.Unknown)}}),
		"the script":       full.With(providertest.Values{"script": providertest.Unknown}),
		"a step's number":  full.With(providertest.Values{"subject_step": providertest.Unknown, "attribute_step": providertest.Unknown}),
	} {
		f := &providertest.Object{TypeName: providertest.LoginFlowType}
		w.SetFlow(providertest.Password, "")
		saved := w.Plan(f, config)
		providertest.WantText(
			t,
			saved.Diags.Warnings(),
			`Taking over the login flow of "bifrost"`,
			"planned: known after apply",
		)
		known := full.With(providertest.Values{"subject_step": 1, "attribute_step": 1})
		providertest.WantNoError(t, w.Start().Apply(saved, known))
		if got := w.WantAction(f, known, "no-op"); t.Failed() {
			t.Fatalf("%s: %v", name, got.Planned)
		}
		// It may turn out to be what it is.
		again := w.Plan(f, config)
		w.Patches()
		providertest.WantNoError(t, w.Start().Apply(again, known))
		w.WantPatches()
	}
}
