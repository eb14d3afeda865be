package loginflow_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// The whole login flow as a resource. Numbers continue those of the other application tests: each is one promise.

func TestApplication33WholeFlow(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	config := flowConfig(password + " " + google + "|totp " + emailOTP + "|" + passkey).With(values{
		"subject_step": 1, "attribute_step": 2, "script": conditional + "// executeStep(3);\n",
	})
	f := w.Create(providertest.LoginFlowType, config)
	w.WantPatches(`{"authenticationSequence":{"type":"USER_DEFINED","subjectStepId":1,"attributeStepId":2,"script":` +
		providertest.MustJSON(t, conditional+"// executeStep(3);\n") + `,"steps":[
		{"id":1,"options":[
			{"idp":"LOCAL","authenticator":"BasicAuthenticator"},
			{"idp":"Google","authenticator":"GoogleOIDCAuthenticator"}]},
		{"id":2,"options":[{"idp":"LOCAL","authenticator":"totp"},{"idp":"LOCAL","authenticator":"email-otp-authenticator"}]},
		{"id":3,"options":[{"idp":"LOCAL","authenticator":"FIDOAuthenticator"}]}]}}`)
	w.WantFlow("USER_DEFINED Google/GoogleOIDCAuthenticator BasicAuthenticator | totp email-otp-authenticator | " +
		"FIDOAuthenticator")
	f.WantState(t, config.With(values{"type": "USER_DEFINED", "application_id": w.ApplicationID()}))
	f.WantIdentity(t)

	// Other options with the same script: no scope for scripts is needed.
	w.WithdrawScriptScope()
	w.Mock.ClearRequests()
	changed := config.With(flowConfig(password + " " + google + "|totp|" + passkey))
	w.Up(f, changed)
	if got := w.Patches(); len(got) != 1 || strings.Contains(providertest.MustJSON(t, got), "script") {
		t.Errorf("the changes are %v, want one without a script", got)
	}
	// The same options in another order are no change for the server.
	w.WantAction(f, config.With(flowConfig(google+" "+password+"|totp|"+passkey)), "no-op")
	w.WantPatches()
}

func TestApplication34NoScript(t *testing.T) {
	t.Parallel()
	const flow = password + "|totp"
	t.Run("absent, blank and default are equal", func(t *testing.T) {
		t.Parallel()
		w := newWorkspace(t)
		w.WithdrawScriptScope()
		f := w.Create(providertest.LoginFlowType, flowConfig(flow))
		for _, script := range []string{"", " \n", consoleScript(2), strings.Join(strings.Fields(consoleScript(2)), " ")} {
			w.SetFlow(flow, script)
			w.WantAction(f, flowConfig(flow), "no-op")
		}
		w.Patches()
		w.Up(f, flowConfig(flow).With(values{"on_destroy": "keep"}))
		w.WantPatches()
	})
	t.Run("another script is drift", func(t *testing.T) {
		t.Parallel()
		w := newWorkspace(t)
		f := w.Create(providertest.LoginFlowType, flowConfig(flow))
		for _, script := range []string{conditional, consoleScript(1), consoleScript(3)} {
			w.SetFlow(flow, script)
			wantNoError(t, w.Start().Refresh(f))
			if f.State["script"] != script {
				t.Errorf("the state has the script %v", f.State["script"])
			}
			w.WantAction(f, flowConfig(flow), "update")
			w.Up(f, flowConfig(flow))
			if got := w.Script(); got != providertest.WithoutBlanks(consoleScript(2)) {
				t.Errorf("the script became %s", got)
			}
		}
	})
	t.Run("taken out of the configuration", func(t *testing.T) {
		t.Parallel()
		w := newWorkspace(t)
		f := w.Create(providertest.LoginFlowType, flowConfig(flow).With(values{"script": conditional}))
		w.Patches()
		w.Up(f, flowConfig(flow))
		w.WantPatches(`{"authenticationSequence":{"type":"USER_DEFINED","subjectStepId":1,"attributeStepId":1,"script":` +
			providertest.MustJSON(t, consoleScript(2)) + `,"steps":[
			{"id":1,"options":[{"idp":"LOCAL","authenticator":"BasicAuthenticator"}]},
			{"id":2,"options":[{"idp":"LOCAL","authenticator":"totp"}]}]}}`)
	})
	t.Run("more steps under a default script", func(t *testing.T) {
		t.Parallel()
		w := newWorkspace(t)
		w.SetFlow(flow, consoleScript(2))
		f := w.Create(providertest.LoginFlowType, flowConfig(flow+"|"+passkey))
		if got := w.Script(); got != providertest.WithoutBlanks(consoleScript(3)) {
			t.Errorf("the script became %s", got)
		}
		w.WantAction(f, flowConfig(flow+"|"+passkey), "no-op")
	})
}

// Line ends and the final newline change on the way from an editor to the server and back.
func TestLoginFlowLineEnds(t *testing.T) {
	t.Parallel()
	windows := strings.ReplaceAll(conditional, "\n", "\r\n")
	w := newWorkspace(t)
	config := func(script string) values {
		return flowConfig(password + "|totp").With(values{"script": script})
	}
	f := w.Create(providertest.LoginFlowType, config(windows))
	w.Mock.ClearRequests()
	for _, script := range []string{conditional, strings.TrimRight(conditional, "\n"), windows + "\r\n"} {
		w.WantAction(f, config(script), "no-op")
		w.SetFlow(password+"|totp", script)
		w.WantAction(f, config(windows), "no-op")
	}
	w.WantAction(f, config(strings.ReplaceAll(conditional, "    ", "\t")), "update") // the layout is the author's
	w.WantPatches()
}

func TestApplication35Rules(t *testing.T) {
	t.Parallel()
	options := func(names ...any) values {
		var all []any
		for _, name := range names {
			option, ok := name.(values)
			if !ok {
				option = values{"authenticator": name}
			}
			all = append(all, option)
		}
		return values{"options": all}
	}
	steps := func(all ...any) values { return values{"steps": append([]any{}, all...)} }
	plain := options(password)
	for name, test := range map[string]struct {
		config values
		parts  []string // of the one error
	}{
		"no step":                {steps(), []string{"[steps]", "at least 1"}},
		"no option":              {steps(plain, options()), []string{"[steps[1].options]", "at least 1"}},
		"a null step":            {steps(plain, nil), []string{"[steps[1]]", "Step 2 has no options"}},
		"a step without options": {steps(plain, values{}), []string{"[steps[1]]", "Step 2 has no options"}},
		"a null option": {
			steps(values{"options": []any{nil, values{"authenticator": password}}}),
			[]string{"[steps[0].options[0]]", "has no authenticator"},
		},
		"a duplicate": {
			steps(options(password, password)),
			[]string{"[steps[0].options[1]]", "Step 1 offers BasicAuthenticator twice"},
		},
		"TOTP first": {
			steps(options("totp", password)),
			[]string{"[steps[0].options[0].authenticator]", "TOTP in the first step", "later step"},
		},
		"backup code first": {
			steps(options(password, backup)),
			[]string{"[steps[0].options[1].authenticator]", "Backup codes in the first step"},
		},
		"backup code alone": {
			steps(plain, options(backup, passkey)),
			[]string{"[steps[1].options[0].authenticator]", "Backup codes stand alone", "totp"},
		},
		"only handlers": {
			steps(options("IdentifierExecutor"), options("SessionExecutor")),
			[]string{"[steps]", "BasicAuthenticator"},
		},
		"TOTP in capitals": {
			steps(plain, options("TOTP")),
			[]string{"[steps[1].options[0].authenticator]", `it is "totp"`},
		},
		"basic":    {steps(options("basic")), []string{`it is "BasicAuthenticator"`}},
		"EmailOTP": {steps(plain, options("EmailOTP")), []string{`it is "email-otp-authenticator"`}},
		"SMS_OTP":  {steps(plain, options("SMS_OTP")), []string{`it is "sms-otp-authenticator"`}},
		"passkey":  {steps(plain, options("Passkey")), []string{`it is "FIDOAuthenticator"`}},
		"without a connection": {
			steps(options("GoogleOIDCAuthenticator")),
			[]string{"Missing connection", "connection = "},
		},
		"the connection LOCAL": {
			steps(options(values{"authenticator": password, "connection": "LOCAL"})),
			[]string{"[steps[0].options[0].connection]", "Leave connection out"},
		},
		"the hidden option": {
			steps(options(password, values{"authenticator": "OrganizationAuthenticator", "connection": "SSO"})),
			[]string{"Leave it out"},
		},
		"subject step": {
			steps(plain, options("totp")).With(values{"subject_step": 3}),
			[]string{"[subject_step]", "the flow has 2 steps"},
		},
		"attribute step": {
			steps(plain).With(values{"attribute_step": 2}),
			[]string{"[attribute_step]", "the flow has 1 step."},
		},
		"step zero":         {steps(plain).With(values{"subject_step": 0}), []string{"[subject_step]", "at least 1"}},
		"a blank script":    {steps(plain).With(values{"script": " \r\n\t"}), []string{"[script]", "only white space"}},
		"an empty script":   {steps(plain).With(values{"script": ""}), []string{"[script]", "Leave script out"}},
		"another way to go": {steps(plain).With(values{"on_destroy": "delete"}), []string{"[on_destroy]", "restore"}},
		"an empty name":     {steps(options("")), []string{"[steps[0].options[0].authenticator]"}},
		"an empty connection": {
			steps(options(values{"authenticator": password, "connection": ""})),
			[]string{"[steps[0].options[0].connection]"},
		},
		"beside unknown things": {
			steps(unknown, values{"options": unknown}, options("totp", unknown, "totp")),
			[]string{"[steps[2].options[2]]", "twice"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			refused := w.Plan(&object{TypeName: providertest.LoginFlowType}, test.config)
			wantError(t, refused.Diags, test.parts...)
			if requests := w.Mock.Requests(); len(requests) > 0 {
				t.Errorf("%d requests were sent", len(requests))
			}
		})
	}
	for name, config := range map[string]values{
		"a passwordless flow":                        flowConfig(emailOTP),
		"identifier first":                           flowConfig("IdentifierExecutor|" + passkey),
		"the same in two steps":                      flowConfig(password + "|" + password),
		"backup codes beside OTP":                    flowConfig(password + "|" + backup + " " + emailOTP),
		"an authenticator of the organization's own": flowConfig("custom-authenticator"),
		"a name in another alphabet":                 flowConfig("プロバイダ/OpenIDConnectAuthenticator"),
		"no value is known": {
			"steps": unknown, "subject_step": unknown, "attribute_step": unknown, "script": unknown,
		},
		"an unknown option":        steps(plain, values{"options": []any{values{"authenticator": backup}, unknown}}),
		"an unknown authenticator": steps(options(values{"authenticator": unknown})),
		"an unknown connection":    steps(options(values{"authenticator": "TOTP", "connection": unknown})),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantNoDiagnostics(t, providertest.NewProcess(t).Plan(&object{TypeName: providertest.LoginFlowType}, config).Diags)
		})
	}
}

func TestLoginFlowScriptDoubts(t *testing.T) {
	t.Parallel()
	const flow = password + "|totp"
	for name, test := range map[string]struct{ script, summary, part string }{
		"a step that is never run": {
			"var onLoginRequest = function(context) { executeStep(1); };",
			"Step that the script never runs",
			"step 2",
		},
		"only in a comment": {"executeStep(1); /* executeStep(2) */", "Step that the script never runs", "step 2"},
		"only in a text":    {`executeStep(1); log("executeStep(2)")`, "Step that the script never runs", "step 2"},
		"a step that does not exist": {
			"executeStep(1); executeStep(2); executeStep (3, {});",
			"Step that does not exist",
			"executeStep(3)",
		},
		"a step zero":             {"executeStep(0); executeStep(1); executeStep(2);", "Step that does not exist", "(0)"},
		"a loop":                  {"executeStep(1); executeStep(2); for (;;) {}", "Loop in the script", "for"},
		"a loop over a list":      {"executeStep(1); executeStep(2); list.forEach(f);", "Loop in the script", "forEach"},
		"nothing to doubt":        {conditional + "// for each user, while they wait", "", ""},
		"a step that is computed": {"executeStep(number); log('while')", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diags := providertest.NewProcess(t).Plan(&object{TypeName: providertest.LoginFlowType},
				flowConfig(flow).With(values{"script": test.script})).Diags
			if test.summary == "" {
				wantNoDiagnostics(t, diags)
				return
			}
			wantText(t, diags.Warnings(), test.summary, "[script]", test.part)
			wantNoError(t, diags)
		})
	}
}

func TestLoginFlowNamesThatTheServerLacks(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.Mock.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].Authenticators = []string{password, "totp"}
	})
	config := flowConfig(password + " Gogle/GoogleOIDCAuthenticator " + google + "|totp " + passkey)
	diags := w.Plan(&object{TypeName: providertest.LoginFlowType}, config).Diags
	wantNoError(t, diags)
	wantText(t, diags.Warnings(), `Organization "bifrost" has no connection "Gogle"`, "[steps[0].options[1].connection]",
		"case-sensitive")
	wantText(t, diags.Warnings(), `Organization "bifrost" has no authenticator "FIDOAuthenticator"`,
		"[steps[1].options[1].authenticator]")
	if found := diags.About("has no"); len(found) != 2 {
		t.Errorf("%d warnings, want 2:\n%s", len(found), found)
	}

	w.WithdrawScriptScope() // nor for the list
	if found := w.Plan(&object{TypeName: providertest.LoginFlowType}, config).Diags.About("has no"); len(found) > 0 {
		t.Errorf("a token that may not look warns:\n%s", found)
	}
	w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].Scopes = nil })
	f := w.Create(providertest.LoginFlowType, flowConfig(password))
	w.Mock.ClearRequests()
	w.WantAction(f, flowConfig(password), "no-op")
	w.WantNoRequestTo("/v1/authenticators")
	wantText(t, w.Plan(f, flowConfig(password+"|"+passkey)).Diags.Warnings(),
		`Organization "bifrost" has no authenticator "FIDOAuthenticator"`)
}

func TestLoginFlowTakeover(t *testing.T) {
	t.Parallel()
	const title = `Taking over the login flow of "bifrost"`
	w := newWorkspace(t)
	w.SetFlow(google+" "+password+"|totp "+emailOTP+" "+smsOTP+" "+backup+"|"+passkey, conditional)
	w.Edit(func(a *mockserver.Application) { a.AuthenticationSequence.SubjectStepID = 3 })
	diags := w.Plan(&object{TypeName: providertest.LoginFlowType}, flowConfig(password+"|totp")).Diags
	wantText(t, diags.Warnings(), title,
		"  now:\n    step 1: GoogleOIDCAuthenticator (Google), BasicAuthenticator\n    step 2: totp,",
		"step 3 tells who the user is", fmt.Sprintf("a script of %d characters", len(conditional)),
		"  planned:\n    step 1: BasicAuthenticator\n    step 2: totp\n", "import the resource")
	want80Columns(t, diags.About(title))

	hundred := strings.TrimSuffix(strings.Repeat(password+"|", 100), "|")
	long := w.Plan(&object{TypeName: providertest.LoginFlowType}, flowConfig(hundred)).Diags.About(title)
	if !strings.Contains(long.String(), "and 80 more steps") {
		t.Errorf("100 steps read:\n%s", long)
	}
	reordered := flowConfig(password + " " + google + "|" + backup + " totp " + emailOTP + " " + smsOTP + "|" + passkey)
	same := w.Plan(&object{TypeName: providertest.LoginFlowType},
		reordered.With(values{"script": conditional, "subject_step": 3}))
	if found := same.Diags.About(title); len(found) > 0 {
		t.Errorf("what stays is announced:\n%s", found)
	}
	incomplete := w.Plan(&object{TypeName: providertest.LoginFlowType}, values{"steps": unknown})
	wantText(t, incomplete.Diags.Warnings(), title, "planned: known after apply")
}

// want80Columns insists that a flow in a message is readable in a narrow terminal, behind Terraform's own margin.
func want80Columns(t providertest.Tester, diags providertest.Diagnostics) {
	t.Helper()
	const margin = 2
	for line := range strings.SplitSeq(diags.String(), "\n") {
		if strings.HasPrefix(line, "  ") && len([]rune(line)) > 80-margin {
			t.Errorf("a line of %d columns: %s", len([]rune(line)), line)
		}
	}
}

func TestApplication36HandingBack(t *testing.T) {
	t.Parallel()
	const title = `Destroying the login flow of "bifrost"`
	t.Run("restore", func(t *testing.T) {
		t.Parallel()
		for _, script := range []string{"", consoleScript(2), conditional} {
			w := newWorkspace(t)
			w.SetFlow(google+" "+password+"|totp "+backup, script)
			w.Edit(func(a *mockserver.Application) {
				a.AuthenticationSequence.SubjectStepID, a.AuthenticationSequence.AttributeStepID = 2, 2
			})
			before := w.WholeFlow()
			f := w.Create(providertest.LoginFlowType, flowConfig(password+"|"+passkey))
			w.Up(f, flowConfig(password+"|"+passkey+"|totp").With(values{"script": conditional + "executeStep(3)"}))
			destroying := w.Plan(f, nil)
			wantText(t, destroying.Diags.Warnings(), title, "  now:\n", "FIDOAuthenticator", "  then:\n",
				"step 1: GoogleOIDCAuthenticator (Google), BasicAuthenticator\n"+
					"    step 2: totp, backup-code-authenticator\n    step 2 tells")
			want80Columns(t, destroying.Diags)
			wantNoDiagnostics(t, w.Start().Apply(destroying).Errors())
			want := before
			if script == "" { // it cannot be taken out without giving the flow up; one that runs every step is as good
				want += consoleScript(2)
			}
			if got := w.WholeFlow(); got != want {
				t.Errorf("after destroy:\n%s, want\n%s", got, want)
			}
		}
	})
	t.Run("restore the server's flow", func(t *testing.T) {
		t.Parallel()
		w := newWorkspace(t)
		f := w.Create(providertest.LoginFlowType, flowConfig(password+"|totp").With(values{"script": conditional}))
		wantText(t, w.Plan(f, nil).Diags.Warnings(), title,
			"then (the server's default flow):\n    step 1: BasicAuthenticator")
		wantNoError(t, w.Apply(w.Plan(f, nil)))
		if got := w.WholeFlow(); got != "DEFAULT" {
			t.Errorf("after destroy: %s", got)
		}
	})
	t.Run("changed by somebody else", func(t *testing.T) {
		t.Parallel()
		for _, change := range []string{password + "|totp|" + passkey, password} {
			w := newWorkspace(t)
			w.SetFlow(google, "")
			f := w.Create(providertest.LoginFlowType, flowConfig(password+"|totp"))
			w.SetFlow(change, "")
			wantNoError(t, w.Start().Refresh(f))
			destroying := w.Plan(f, nil)
			wantText(t, destroying.Diags.Warnings(), title, "stays as it is", "Somebody has changed it",
				"step 1: BasicAuthenticator")
			w.Patches()
			wantText(t, w.Start().Apply(destroying).Warnings(), `The login flow of "bifrost" is not restored`,
				"Somebody has changed it")
			w.WantPatches()
			if f.State != nil {
				t.Error("the resource is still in the state")
			}
		}
	})
	t.Run("reset", func(t *testing.T) {
		t.Parallel()
		w := newWorkspace(t)
		w.SetFlow(google+"|totp", conditional)
		f := w.Create(providertest.LoginFlowType, flowConfig(password+"|totp").With(values{"on_destroy": "reset"}))
		wantText(t, w.Plan(f, nil).Diags.Warnings(), title, "default flow comes back", "step 2: totp")
		w.Patches()
		wantNoError(t, w.Apply(w.Plan(f, nil)))
		w.WantPatches(`{"authenticationSequence":{"type":"DEFAULT"}}`)
	})
	t.Run("keep", func(t *testing.T) {
		t.Parallel()
		w := newWorkspace(t)
		f := w.Create(providertest.LoginFlowType, flowConfig(password+"|totp").With(values{"on_destroy": "keep"}))
		w.Patches()
		destroying := w.Plan(f, nil)
		wantNoDiagnostics(t, destroying.Diags)
		wantNoDiagnostics(t, w.Start().Apply(destroying))
		w.WantPatches()
		w.WantFlow("USER_DEFINED BasicAuthenticator | totp")
	})
	t.Run("no record", func(t *testing.T) {
		t.Parallel()
		w := newWorkspace(t)
		f := w.Create(providertest.LoginFlowType, flowConfig(password+"|totp"))
		f.Private = nil
		w.Up(f, flowConfig(password+"|"+passkey)) // a change makes no record of what nobody knows
		wantWarning(t, w.Plan(f, nil).Diags, title, "no record")
		wantWarning(t, w.Start().Apply(w.Plan(f, nil)), `Nothing to restore for the login flow of "bifrost"`)
		w.WantFlow("USER_DEFINED BasicAuthenticator | FIDOAuthenticator")
	})
	t.Run("no record, and reset, which needs none", func(t *testing.T) {
		t.Parallel()
		w := newWorkspace(t)
		f := w.Create(providertest.LoginFlowType, flowConfig(password+"|totp").With(values{"on_destroy": "reset"}))
		f.Private = nil
		wantNoDiagnostics(t, w.Apply(w.Plan(f, nil)))
		w.WantFlow("DEFAULT")
	})
	t.Run("a sender that goes with SMS OTP", func(t *testing.T) {
		t.Parallel()
		w := newWorkspace(t)
		sender := w.Create(providertest.SenderType, providertest.Twilio)
		f := w.Create(providertest.LoginFlowType, flowConfig(password+"|"+smsOTP))
		p := w.Start()
		wantWarning(t, p.Plan(f, nil).Diags, title)
		wantNoDiagnostics(t, p.Plan(sender, nil).Diags)
		wantWarning(t, w.Start().Plan(sender, nil).Diags, "stays") // positive control
	})
	t.Run("a record that cannot be read", func(t *testing.T) {
		t.Parallel()
		w := newWorkspace(t)
		f := w.Create(providertest.LoginFlowType, flowConfig(password+"|totp"))
		for _, record := range []string{`{"version":1,"before":0}`, `{"version":2}`} {
			f.Private = []byte(`{"before_terraform":"` + base64.StdEncoding.EncodeToString([]byte(record)) + `"}`)
			destroying := w.Start().Plan(f, nil).Diags.Warnings()
			wantText(t, destroying, `Unreadable record of the earlier login flow of "bifrost"`)
			wantText(t, destroying, title, "no record")
		}
	})
	t.Run("changed by somebody else, with SMS OTP", func(t *testing.T) {
		t.Parallel()
		w := newWorkspace(t)
		sender := w.Create(providertest.SenderType, providertest.Twilio)
		f := w.Create(providertest.LoginFlowType, flowConfig(password+"|"+smsOTP))
		w.SetFlow(password+"|"+smsOTP+" totp", "")
		p := w.Start()
		wantText(t, p.Plan(sender, nil).Diags.Warnings(), `The SMS sender of "bifrost" stays`)
		destroying := p.Plan(f, nil).Diags
		wantWarning(t, destroying, title, "stays as it is") // which the sender's plan has said of the sender
	})
	t.Run("SMS OTP without a sender", func(t *testing.T) {
		t.Parallel()
		w := newWorkspace(t)
		w.SetFlow(password+"|"+smsOTP, "")
		f := w.Create(providertest.LoginFlowType, flowConfig(password+"|totp"))
		wantText(t, w.Plan(f, nil).Diags.Warnings(), title, "no SMS sender")
		wantText(t, w.Start().Apply(w.Plan(f, nil)).Warnings(), `The login flow of "bifrost" is not restored`,
			"no SMS sender")
		w.WantFlow("USER_DEFINED BasicAuthenticator | totp")
	})
}

func TestApplication37NotTogetherWithTwoFactor(t *testing.T) {
	t.Parallel()
	const title = `Two kinds of resources for the login flow of "bifrost"`
	factors, flow := values{"totp_enabled": true}, flowConfig(password+"|totp")
	configs := map[string]values{providertest.TwoFactor: factors, providertest.LoginFlowType: flow}
	for _, order := range [][]string{
		{providertest.TwoFactor, providertest.LoginFlowType}, {providertest.LoginFlowType, providertest.TwoFactor},
	} {
		w := newWorkspace(t)
		process := w.Start()
		first := &object{TypeName: order[0]}
		wantNoError(t, process.Plan(first, configs[order[0]]).Diags)
		second := process.Plan(&object{TypeName: order[1]}, configs[order[1]])
		wantText(t, second.Diags.Errors(), title, "asgardeo_my_account_two_factor", "asgardeo_my_account_login_flow",
			`"bifrost"`, "state rm")

		// One of them is there already.
		w.Up(first, configs[order[0]])
		process = w.Start()
		wantNoError(t, process.Plan(first, configs[order[0]]).Diags)
		wantText(t, process.Plan(&object{TypeName: order[1]}, configs[order[1]]).Diags.Errors(), title)

		// One of them goes.
		process = w.Start()
		wantNoError(t, process.Plan(first, nil).Diags)
		wantNoError(t, process.Plan(&object{TypeName: order[1]}, configs[order[1]]).Diags)

		// The settings are in another place.
		w.Provider["my_account_api"] = "classic"
		process = w.Start()
		wantNoError(t, process.Plan(&object{TypeName: order[0]}, configs[order[0]]).Diags)
		wantNoError(t, process.Plan(&object{TypeName: order[1]}, configs[order[1]]).Diags)
	}

	w := newWorkspace(t, mockserver.WithOrganization("bifrost", "asgard"))
	w.Provider["credentials"] = values{"asgard": values{
		"client_id": mockserver.DefaultClientID, "client_secret": mockserver.DefaultClientSecret,
	}}
	process := w.Start()
	wantNoError(t, process.Plan(&object{TypeName: providertest.TwoFactor}, factors).Diags)
	wantNoError(t,
		process.Plan(&object{TypeName: providertest.LoginFlowType}, flow.With(values{"organization": "asgard"})).Diags)
	twice := process.Plan(&object{TypeName: providertest.LoginFlowType}, flow.With(values{"organization": "asgard"}))
	wantText(t, twice.Diags.Errors(), `Two resources for the login flow of "asgard"`, "asgardeo_my_account_login_flow")
}

func TestApplication38Import(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(w *providertest.Workspace){
		"the server's flow": func(*providertest.Workspace) {},
		"a flow of its own": func(w *providertest.Workspace) {
			w.SetFlow(google+" "+password+"|totp", consoleScript(2))
		},
		"a custom flow": func(w *providertest.Workspace) {
			w.SetFlow(password+"|totp|"+passkey, conditional+"executeStep(3)")
			w.Edit(func(a *mockserver.Application) {
				a.AuthenticationSequence.SubjectStepID, a.AuthenticationSequence.AttributeStepID = 3, 1
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			set(w)
			before := w.WholeFlow()
			results, diags := w.Start().List(providertest.LoginFlowType, values{}, true, 0)
			wantNoDiagnostics(t, diags)
			byID := w.Adopt(providertest.LoginFlowType)
			config := w.Start().GenerateConfig(providertest.LoginFlowType, byID.State)
			if other := w.Start().GenerateConfig(providertest.LoginFlowType, results[0].Resource); !providertest.Same(
				config,
				other,
			) {
				t.Errorf("the list says %v, the import %v", other, config)
			}
			byIdentity, diags := w.Start().ImportByIdentity(providertest.LoginFlowType, results[0].Identity)
			wantNoDiagnostics(t, diags)
			for _, o := range []*object{byID, byIdentity} {
				planned := w.WantAction(o, config, "no-op")
				wantNoDiagnostics(t, planned.Diags)
			}
			w.WantPatches()

			w.Up(byID, flowConfig(password+"|"+emailOTP))
			wantNoError(t, w.Apply(w.Plan(byID, nil)))
			if got := w.WholeFlow(); got != before {
				t.Errorf("after destroy:\n%s, want\n%s", got, before)
			}
			wantNoDiagnostics(t, w.Start().Apply(w.Plan(byIdentity, nil)).Errors())
			if got := w.WholeFlow(); got != before {
				t.Errorf("after the destroy of what was not changed:\n%s, want\n%s", got, before)
			}
		})
	}
}

func TestLoginFlowDataSource(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		flow, script, shape string
		shared              bool
	}{
		{password, "", "none", false},
		{password + "|totp", consoleScript(2), "simple", true},
		{password + "|totp|" + passkey, "", "custom", false},
		{password, conditional, "custom", false},
	} {
		w := newWorkspace(t)
		w.SetFlow(test.flow, test.script)
		w.Edit(func(a *mockserver.Application) {
			a.Shared = test.shared
			a.AuthenticationSequence.RequestPathAuthenticators = []string{"BasicAuthRequestPathAuthenticator"}
		})
		data, diags := w.Start().Read(providertest.LoginFlowType, values{})
		wantNoDiagnostics(t, diags)
		want := flowConfig(test.flow).With(values{
			"organization": "bifrost", "application_id": data["application_id"], "type": "USER_DEFINED", "shape": test.shape,
			"shared": test.shared, "subject_step": 1, "attribute_step": 1,
			"request_path_authenticators": []any{"BasicAuthRequestPathAuthenticator"},
		})
		if test.script == conditional {
			want["script"] = conditional
		}
		if !providertest.Same(data, want) || !slices.Contains([]int{36}, len(data["application_id"].(string))) {
			t.Errorf("the data source says %v, want %v", data, want)
		}
	}
}
