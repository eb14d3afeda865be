package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// The whole login flow as a resource. Numbers continue those of the other application tests: each is one promise.

// flowConfig writes a flow down as configuration, in the notation of setFlow.
func flowConfig(steps string) values {
	var declared []any
	for _, step := range stepsOf(steps) {
		options := []any{}
		for _, option := range step.Options {
			written := values{"authenticator": option.Authenticator}
			if option.IDP != "LOCAL" {
				written["connection"] = option.IDP
			}
			options = append(options, written)
		}
		declared = append(declared, values{"options": options})
	}
	return values{"steps": declared}
}

// wholeFlow returns everything of the stored flow: type, steps, ids and script.
func (w *workspace) wholeFlow() string {
	sequence := w.application().AuthenticationSequence
	if sequence == nil || sequence.Type == "DEFAULT" && sequence.Script == "" {
		return "DEFAULT"
	}
	return fmt.Sprint(w.flow(), " ", max(1, sequence.SubjectStepID), " ", max(1, sequence.AttributeStepID), " ",
		sequence.Script)
}

// conditional runs the second step for some users only.
const conditional = `var onLoginRequest = function(context) {
    executeStep(1, {
        onSuccess: function(context) {
            if (context.request.headers["X-Risk"]) {
                executeStep(2);
            }
        }
    });
};
`

func TestApplication33WholeFlow(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	config := flowConfig(password + " " + google + "|totp " + emailOTP + "|" + passkey).with(values{
		"subject_step": 1, "attribute_step": 2, "script": conditional + "// executeStep(3);\n",
	})
	f := w.create(loginFlowType, config)
	w.wantPatches(`{"authenticationSequence":{"type":"USER_DEFINED","subjectStepId":1,"attributeStepId":2,"script":` +
		mustJSON(t, conditional+"// executeStep(3);\n") + `,"steps":[
		{"id":1,"options":[
			{"idp":"LOCAL","authenticator":"BasicAuthenticator"},
			{"idp":"Google","authenticator":"GoogleOIDCAuthenticator"}]},
		{"id":2,"options":[{"idp":"LOCAL","authenticator":"totp"},{"idp":"LOCAL","authenticator":"email-otp-authenticator"}]},
		{"id":3,"options":[{"idp":"LOCAL","authenticator":"FIDOAuthenticator"}]}]}}`)
	w.wantFlow("USER_DEFINED Google/GoogleOIDCAuthenticator BasicAuthenticator | totp email-otp-authenticator | " +
		"FIDOAuthenticator")
	f.wantState(t, config.with(values{"type": "USER_DEFINED", "application_id": w.applicationID()}))
	f.wantIdentity(t)

	// Other options with the same script: no scope for scripts is needed.
	w.scopesWithoutScripts()
	w.mock.ClearRequests()
	changed := config.with(flowConfig(password + " " + google + "|totp|" + passkey))
	w.up(f, changed)
	if got := w.patches(); len(got) != 1 || strings.Contains(mustJSON(t, got), "script") {
		t.Errorf("the changes are %v, want one without a script", got)
	}
	// The same options in another order are no change for the server.
	w.wantAction(f, config.with(flowConfig(google+" "+password+"|totp|"+passkey)), "no-op")
	w.wantPatches()
}

// applicationID is the id that the server has for the application.
func (w *workspace) applicationID() string {
	w.t.Helper()
	data, diags := w.start().read(loginFlowType, values{})
	wantNoDiagnostics(w.t, diags)
	return data["application_id"].(string)
}

func TestApplication34NoScript(t *testing.T) {
	t.Parallel()
	const flow = password + "|totp"
	t.Run("absent, blank and default are equal", func(t *testing.T) {
		t.Parallel()
		w := newApplicationWorkspace(t)
		w.scopesWithoutScripts()
		f := w.create(loginFlowType, flowConfig(flow))
		for _, script := range []string{"", " \n", consoleScript(2), strings.Join(strings.Fields(consoleScript(2)), " ")} {
			w.setFlow(flow, script)
			w.wantAction(f, flowConfig(flow), "no-op")
		}
		w.patches()
		w.up(f, flowConfig(flow).with(values{"on_destroy": "keep"}))
		w.wantPatches()
	})
	t.Run("another script is drift", func(t *testing.T) {
		t.Parallel()
		w := newApplicationWorkspace(t)
		f := w.create(loginFlowType, flowConfig(flow))
		for _, script := range []string{conditional, consoleScript(1), consoleScript(3)} {
			w.setFlow(flow, script)
			wantNoError(t, w.start().refresh(f))
			if f.state["script"] != script {
				t.Errorf("the state has the script %v", f.state["script"])
			}
			w.wantAction(f, flowConfig(flow), "update")
			w.up(f, flowConfig(flow))
			if got := w.script(); got != withoutBlanks(consoleScript(2)) {
				t.Errorf("the script became %s", got)
			}
		}
	})
	t.Run("taken out of the configuration", func(t *testing.T) {
		t.Parallel()
		w := newApplicationWorkspace(t)
		f := w.create(loginFlowType, flowConfig(flow).with(values{"script": conditional}))
		w.patches()
		w.up(f, flowConfig(flow))
		w.wantPatches(`{"authenticationSequence":{"type":"USER_DEFINED","subjectStepId":1,"attributeStepId":1,"script":` +
			mustJSON(t, consoleScript(2)) + `,"steps":[
			{"id":1,"options":[{"idp":"LOCAL","authenticator":"BasicAuthenticator"}]},
			{"id":2,"options":[{"idp":"LOCAL","authenticator":"totp"}]}]}}`)
	})
	t.Run("more steps under a default script", func(t *testing.T) {
		t.Parallel()
		w := newApplicationWorkspace(t)
		w.setFlow(flow, consoleScript(2))
		f := w.create(loginFlowType, flowConfig(flow+"|"+passkey))
		if got := w.script(); got != withoutBlanks(consoleScript(3)) {
			t.Errorf("the script became %s", got)
		}
		w.wantAction(f, flowConfig(flow+"|"+passkey), "no-op")
	})
}

// Line ends and the final newline change on the way from an editor to the server and back.
func TestLoginFlowLineEnds(t *testing.T) {
	t.Parallel()
	windows := strings.ReplaceAll(conditional, "\n", "\r\n")
	w := newApplicationWorkspace(t)
	config := func(script string) values { return flowConfig(password + "|totp").with(values{"script": script}) }
	f := w.create(loginFlowType, config(windows))
	w.mock.ClearRequests()
	for _, script := range []string{conditional, strings.TrimRight(conditional, "\n"), windows + "\r\n"} {
		w.wantAction(f, config(script), "no-op")
		w.setFlow(password+"|totp", script)
		w.wantAction(f, config(windows), "no-op")
	}
	w.wantAction(f, config(strings.ReplaceAll(conditional, "    ", "\t")), "update") // the layout is the author's
	w.wantPatches()
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
			steps(plain, options("totp")).with(values{"subject_step": 3}),
			[]string{"[subject_step]", "the flow has 2 steps"},
		},
		"attribute step": {
			steps(plain).with(values{"attribute_step": 2}),
			[]string{"[attribute_step]", "the flow has 1 step."},
		},
		"step zero":         {steps(plain).with(values{"subject_step": 0}), []string{"[subject_step]", "at least 1"}},
		"a blank script":    {steps(plain).with(values{"script": " \r\n\t"}), []string{"[script]", "only white space"}},
		"an empty script":   {steps(plain).with(values{"script": ""}), []string{"[script]", "Leave script out"}},
		"another way to go": {steps(plain).with(values{"on_destroy": "delete"}), []string{"[on_destroy]", "restore"}},
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
			w := newApplicationWorkspace(t)
			refused := w.plan(&object{typeName: loginFlowType}, test.config)
			wantError(t, refused.diags, test.parts...)
			if requests := w.mock.Requests(); len(requests) > 0 {
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
			wantNoDiagnostics(t, newProcess(t).plan(&object{typeName: loginFlowType}, config).diags)
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
		"a loop":                  {"executeStep(1); executeStep(2); for (;;) {}", "Loop in the script", "for"},
		"a loop over a list":      {"executeStep(1); executeStep(2); list.forEach(f);", "Loop in the script", "forEach"},
		"nothing to doubt":        {conditional + "// for each user, while they wait", "", ""},
		"a step that is computed": {"executeStep(number); log('while')", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diags := newProcess(t).plan(&object{typeName: loginFlowType},
				flowConfig(flow).with(values{"script": test.script})).diags
			if test.summary == "" {
				wantNoDiagnostics(t, diags)
				return
			}
			wantText(t, diags.warnings(), test.summary, "[script]", test.part)
			wantNoError(t, diags)
		})
	}
}

func TestLoginFlowNamesThatTheServerLacks(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	w.mock.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].Authenticators = []string{password, "totp"}
	})
	config := flowConfig(password + " Gogle/GoogleOIDCAuthenticator " + google + "|totp " + passkey)
	diags := w.plan(&object{typeName: loginFlowType}, config).diags
	wantNoError(t, diags)
	wantText(t, diags.warnings(), `Organization "bifrost" has no connection "Gogle"`, "[steps[0].options[1].connection]",
		"case-sensitive")
	wantText(t, diags.warnings(), `Organization "bifrost" has no authenticator "FIDOAuthenticator"`,
		"[steps[1].options[1].authenticator]")
	if found := diags.about("has no"); len(found) != 2 {
		t.Errorf("%d warnings, want 2:\n%s", len(found), found)
	}

	w.scopesWithoutScripts() // nor for the list
	if found := w.plan(&object{typeName: loginFlowType}, config).diags.about("has no"); len(found) > 0 {
		t.Errorf("a token that may not look warns:\n%s", found)
	}
	w.mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].Scopes = nil })
	f := w.create(loginFlowType, flowConfig(password))
	w.mock.ClearRequests()
	w.wantAction(f, flowConfig(password), "no-op")
	w.wantNoRequestTo("/v1/authenticators")
	wantText(t, w.plan(f, flowConfig(password+"|"+passkey)).diags.warnings(),
		`Organization "bifrost" has no authenticator "FIDOAuthenticator"`)
}

func TestLoginFlowTakeover(t *testing.T) {
	t.Parallel()
	const title = `Taking over the login flow of "bifrost"`
	w := newApplicationWorkspace(t)
	w.setFlow(google+" "+password+"|totp "+emailOTP+" "+smsOTP+" "+backup+"|"+passkey, conditional)
	w.edit(func(a *mockserver.Application) { a.AuthenticationSequence.SubjectStepID = 3 })
	diags := w.plan(&object{typeName: loginFlowType}, flowConfig(password+"|totp")).diags
	wantText(t, diags.warnings(), title,
		"  now:\n    step 1: GoogleOIDCAuthenticator (Google), BasicAuthenticator\n    step 2: totp,",
		"step 3 tells who the user is", fmt.Sprintf("a script of %d characters", len(conditional)),
		"  planned:\n    step 1: BasicAuthenticator\n    step 2: totp\n", "import the resource")
	want80Columns(t, diags.about(title))

	hundred := strings.TrimSuffix(strings.Repeat(password+"|", 100), "|")
	long := w.plan(&object{typeName: loginFlowType}, flowConfig(hundred)).diags.about(title)
	if !strings.Contains(long.String(), "and 80 more steps") {
		t.Errorf("100 steps read:\n%s", long)
	}
	same := w.plan(&object{typeName: loginFlowType},
		flowConfig(password+" "+google+"|"+backup+" totp "+emailOTP+" "+smsOTP+"|"+passkey).with(
			values{"script": conditional, "subject_step": 3}))
	if found := same.diags.about(title); len(found) > 0 {
		t.Errorf("what stays is announced:\n%s", found)
	}
	incomplete := w.plan(&object{typeName: loginFlowType}, values{"steps": unknown})
	wantText(t, incomplete.diags.warnings(), title, "planned: known after apply")
}

// want80Columns insists that a flow in a message is readable in a narrow terminal, behind Terraform's own margin.
func want80Columns(t tester, diags diagnostics) {
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
			w := newApplicationWorkspace(t)
			w.setFlow(google+" "+password+"|totp "+backup, script)
			w.edit(func(a *mockserver.Application) {
				a.AuthenticationSequence.SubjectStepID, a.AuthenticationSequence.AttributeStepID = 2, 2
			})
			before := w.wholeFlow()
			f := w.create(loginFlowType, flowConfig(password+"|"+passkey))
			w.up(f, flowConfig(password+"|"+passkey+"|totp").with(values{"script": conditional + "executeStep(3)"}))
			destroying := w.plan(f, nil)
			wantText(t, destroying.diags.warnings(), title, "  now:\n", "FIDOAuthenticator", "  then:\n",
				"step 1: GoogleOIDCAuthenticator (Google), BasicAuthenticator\n"+
					"    step 2: totp, backup-code-authenticator\n    step 2 tells")
			want80Columns(t, destroying.diags)
			wantNoDiagnostics(t, w.start().apply(destroying).errors())
			want := before
			if script == "" { // it cannot be taken out without giving the flow up; one that runs every step is as good
				want += consoleScript(2)
			}
			if got := w.wholeFlow(); got != want {
				t.Errorf("after destroy:\n%s, want\n%s", got, want)
			}
		}
	})
	t.Run("restore the server's flow", func(t *testing.T) {
		t.Parallel()
		w := newApplicationWorkspace(t)
		f := w.create(loginFlowType, flowConfig(password+"|totp").with(values{"script": conditional}))
		wantText(t, w.plan(f, nil).diags.warnings(), title,
			"then (the server's default flow):\n    step 1: BasicAuthenticator")
		wantNoError(t, w.apply(w.plan(f, nil)))
		if got := w.wholeFlow(); got != "DEFAULT" {
			t.Errorf("after destroy: %s", got)
		}
	})
	t.Run("changed by somebody else", func(t *testing.T) {
		t.Parallel()
		for _, change := range []string{password + "|totp|" + passkey, password} {
			w := newApplicationWorkspace(t)
			w.setFlow(google, "")
			f := w.create(loginFlowType, flowConfig(password+"|totp"))
			w.setFlow(change, "")
			wantNoError(t, w.start().refresh(f))
			destroying := w.plan(f, nil)
			wantText(t, destroying.diags.warnings(), title, "stays as it is", "Somebody has changed it",
				"step 1: BasicAuthenticator")
			w.patches()
			wantText(t, w.start().apply(destroying).warnings(), `The login flow of "bifrost" is not restored`,
				"Somebody has changed it")
			w.wantPatches()
			if f.state != nil {
				t.Error("the resource is still in the state")
			}
		}
	})
	t.Run("reset", func(t *testing.T) {
		t.Parallel()
		w := newApplicationWorkspace(t)
		w.setFlow(google+"|totp", conditional)
		f := w.create(loginFlowType, flowConfig(password+"|totp").with(values{"on_destroy": "reset"}))
		wantText(t, w.plan(f, nil).diags.warnings(), title, "default flow comes back", "step 2: totp")
		w.patches()
		wantNoError(t, w.apply(w.plan(f, nil)))
		w.wantPatches(`{"authenticationSequence":{"type":"DEFAULT"}}`)
	})
	t.Run("keep", func(t *testing.T) {
		t.Parallel()
		w := newApplicationWorkspace(t)
		f := w.create(loginFlowType, flowConfig(password+"|totp").with(values{"on_destroy": "keep"}))
		w.patches()
		destroying := w.plan(f, nil)
		wantNoDiagnostics(t, destroying.diags)
		wantNoDiagnostics(t, w.start().apply(destroying))
		w.wantPatches()
		w.wantFlow("USER_DEFINED BasicAuthenticator | totp")
	})
	t.Run("no record", func(t *testing.T) {
		t.Parallel()
		w := newApplicationWorkspace(t)
		f := w.create(loginFlowType, flowConfig(password+"|totp"))
		f.private = nil
		wantText(t, w.plan(f, nil).diags.warnings(), title, "no record")
		wantText(t, w.start().apply(w.plan(f, nil)).warnings(), `Nothing to restore for the login flow of "bifrost"`)
		w.wantFlow("USER_DEFINED BasicAuthenticator | totp")
	})
	t.Run("SMS OTP without a sender", func(t *testing.T) {
		t.Parallel()
		w := newApplicationWorkspace(t)
		w.setFlow(password+"|"+smsOTP, "")
		f := w.create(loginFlowType, flowConfig(password+"|totp"))
		wantText(t, w.plan(f, nil).diags.warnings(), title, "no SMS sender")
		wantText(t, w.start().apply(w.plan(f, nil)).warnings(), `The login flow of "bifrost" is not restored`,
			"no SMS sender")
		w.wantFlow("USER_DEFINED BasicAuthenticator | totp")
	})
}

func TestApplication37NotTogetherWithTwoFactor(t *testing.T) {
	t.Parallel()
	const title = `Two kinds of resources for the login flow of "bifrost"`
	factors, flow := values{"totp_enabled": true}, flowConfig(password+"|totp")
	configs := map[string]values{twoFactor: factors, loginFlowType: flow}
	for _, order := range [][]string{{twoFactor, loginFlowType}, {loginFlowType, twoFactor}} {
		w := newApplicationWorkspace(t)
		process := w.start()
		first := &object{typeName: order[0]}
		wantNoError(t, process.plan(first, configs[order[0]]).diags)
		second := process.plan(&object{typeName: order[1]}, configs[order[1]])
		wantText(t, second.diags.errors(), title, "asgardeo_my_account_two_factor", "asgardeo_my_account_login_flow",
			`"bifrost"`, "state rm")

		// One of them is there already.
		w.up(first, configs[order[0]])
		process = w.start()
		wantNoError(t, process.plan(first, configs[order[0]]).diags)
		wantText(t, process.plan(&object{typeName: order[1]}, configs[order[1]]).diags.errors(), title)

		// One of them goes.
		process = w.start()
		wantNoError(t, process.plan(first, nil).diags)
		wantNoError(t, process.plan(&object{typeName: order[1]}, configs[order[1]]).diags)

		// The settings are in another place.
		w.provider["my_account_api"] = "classic"
		process = w.start()
		wantNoError(t, process.plan(&object{typeName: order[0]}, configs[order[0]]).diags)
		wantNoError(t, process.plan(&object{typeName: order[1]}, configs[order[1]]).diags)
	}

	w := newApplicationWorkspace(t, mockserver.WithOrganization("bifrost", "asgard"))
	w.provider["credentials"] = values{"asgard": values{
		"client_id": mockserver.DefaultClientID, "client_secret": mockserver.DefaultClientSecret,
	}}
	process := w.start()
	wantNoError(t, process.plan(&object{typeName: twoFactor}, factors).diags)
	wantNoError(t, process.plan(&object{typeName: loginFlowType}, flow.with(values{"organization": "asgard"})).diags)
	twice := process.plan(&object{typeName: loginFlowType}, flow.with(values{"organization": "asgard"}))
	wantText(t, twice.diags.errors(), `Two resources for the login flow of "asgard"`, "asgardeo_my_account_login_flow")
}

func TestApplication38Import(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(w *workspace){
		"the server's flow": func(*workspace) {},
		"a flow of its own": func(w *workspace) { w.setFlow(google+" "+password+"|totp", consoleScript(2)) },
		"a custom flow": func(w *workspace) {
			w.setFlow(password+"|totp|"+passkey, conditional+"executeStep(3)")
			w.edit(func(a *mockserver.Application) {
				a.AuthenticationSequence.SubjectStepID, a.AuthenticationSequence.AttributeStepID = 3, 1
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newApplicationWorkspace(t)
			set(w)
			before := w.wholeFlow()
			results, diags := w.start().list(loginFlowType, values{}, true, 0)
			wantNoDiagnostics(t, diags)
			byID := w.adopt(loginFlowType)
			config := w.start().generate(loginFlowType, byID.state)
			if other := w.start().generate(loginFlowType, results[0].resource); !same(config, other) {
				t.Errorf("the list says %v, the import %v", other, config)
			}
			byIdentity, diags := w.start().importByIdentity(loginFlowType, results[0].identity)
			wantNoDiagnostics(t, diags)
			for _, o := range []*object{byID, byIdentity} {
				planned := w.wantAction(o, config, "no-op")
				wantNoDiagnostics(t, planned.diags)
			}
			w.wantPatches()

			w.up(byID, flowConfig(password+"|"+emailOTP))
			wantNoError(t, w.apply(w.plan(byID, nil)))
			if got := w.wholeFlow(); got != before {
				t.Errorf("after destroy:\n%s, want\n%s", got, before)
			}
			wantNoDiagnostics(t, w.start().apply(w.plan(byIdentity, nil)).errors())
			if got := w.wholeFlow(); got != before {
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
		w := newApplicationWorkspace(t)
		w.setFlow(test.flow, test.script)
		w.edit(func(a *mockserver.Application) {
			a.Shared = test.shared
			a.AuthenticationSequence.RequestPathAuthenticators = []string{"BasicAuthRequestPathAuthenticator"}
		})
		data, diags := w.start().read(loginFlowType, values{})
		wantNoDiagnostics(t, diags)
		want := flowConfig(test.flow).with(values{
			"organization": "bifrost", "application_id": data["application_id"], "type": "USER_DEFINED", "shape": test.shape,
			"shared": test.shared, "subject_step": 1, "attribute_step": 1,
			"request_path_authenticators": []any{"BasicAuthRequestPathAuthenticator"},
		})
		if test.script == conditional {
			want["script"] = conditional
		}
		if !same(data, want) || !slices.Contains([]int{36}, len(data["application_id"].(string))) {
			t.Errorf("the data source says %v, want %v", data, want)
		}
	}
}
