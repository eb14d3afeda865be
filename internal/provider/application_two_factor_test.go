package provider

import (
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Second factors in the login flow of the portal's application.

// scopesWithoutScripts is what an application may that is not authorized for login scripts.
func (w *workspace) scopesWithoutScripts() {
	w.mock.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].Scopes = []string{
			"internal_application_mgt_view", "internal_application_mgt_update",
			"internal_notification_senders_view", "internal_notification_senders_update",
		}
	})
}

func TestApplication15DefaultFlow(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	w.scopesWithoutScripts()
	w.create(twoFactor, values{"totp_enabled": true, "email_otp_enabled": true})
	w.wantPatches(`{"authenticationSequence":{"type":"USER_DEFINED","subjectStepId":1,"attributeStepId":1,"steps":[
		{"id":1,"options":[{"idp":"LOCAL","authenticator":"BasicAuthenticator"}]},
		{"id":2,"options":[{"idp":"LOCAL","authenticator":"totp"},{"idp":"LOCAL","authenticator":"email-otp-authenticator"}]}]}}`)
}

func TestApplication16UndeclaredFactorsStay(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	w.setFlow(password+"|totp "+smsOTP, "")
	config := values{"email_otp_enabled": true}
	f := w.create(twoFactor, config)
	w.wantFlow("USER_DEFINED BasicAuthenticator | totp email-otp-authenticator sms-otp-authenticator")
	w.setFlow(password+"|"+emailOTP+" "+backup, "")
	w.wantAction(f, config, "no-op")
}

func TestApplication17FirstFactorsComeBack(t *testing.T) {
	t.Parallel()
	for before, after := range map[string]string{
		password + " " + google:          "Google/GoogleOIDCAuthenticator BasicAuthenticator | totp",
		"IdentifierExecutor|" + password: "IdentifierExecutor | BasicAuthenticator | totp",
		"IdentifierExecutor|" + passkey:  "IdentifierExecutor | FIDOAuthenticator | totp",
	} {
		w := newApplicationWorkspace(t)
		w.setFlow(before, "")
		w.edit(func(a *mockserver.Application) {
			a.AuthenticationSequence.RequestPathAuthenticators = []string{"BasicAuthRequestPathAuthenticator"}
			a.AuthenticationSequence.SubjectStepID = len(a.AuthenticationSequence.Steps)
		})
		w.mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].UnknownMembers = true })
		w.create(twoFactor, values{"totp_enabled": true})
		w.wantFlow("USER_DEFINED " + after)
		sequence := w.application().AuthenticationSequence
		if sequence.SubjectStepID != strings.Count(before, "|")+1 || len(sequence.RequestPathAuthenticators) != 1 {
			t.Errorf("of %s, the sequence became %+v", before, sequence)
		}
	}
}

func TestApplication18BackupCodes(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	config := values{"totp_enabled": true, "backup_codes_enabled": true}
	alone := w.plan(&object{typeName: twoFactor}, values{"backup_codes_enabled": true})
	wantText(t, alone.diags.errors(), "backup_codes_enabled needs")
	f := w.create(twoFactor, config)
	w.wantFlow("USER_DEFINED BasicAuthenticator | totp backup-code-authenticator")
	last := w.plan(f, values{"totp_enabled": false, "backup_codes_enabled": true})
	wantText(t, last.diags.errors(), "backup_codes_enabled needs")
	w.patches()
	undeclared := w.plan(f, values{"totp_enabled": false})
	wantText(t, undeclared.diags.errors(), "backup_codes_enabled needs")
	w.wantPatches()
}

func TestApplication19AllOff(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	w.setFlow(password+" "+google+"|totp "+emailOTP, "")
	w.create(twoFactor, values{"totp_enabled": false, "email_otp_enabled": false})
	w.wantFlow("USER_DEFINED Google/GoogleOIDCAuthenticator BasicAuthenticator")
}

func TestApplication20FirstFactorIsNoSecondOne(t *testing.T) {
	t.Parallel()
	for flow, flag := range map[string]string{
		emailOTP:                    "email_otp_enabled",
		smsOTP + " " + password:     "sms_otp_enabled",
		"IdentifierExecutor | totp": "totp_enabled",
	} {
		w := newApplicationWorkspace(t)
		w.withSender()
		w.setFlow(flow, "")
		data, diags := w.start().read(twoFactor, values{})
		wantNoDiagnostics(t, diags)
		if data[flag] != false {
			t.Errorf("in the flow %s, %s is %v", flow, flag, data[flag])
		}
		refused := w.plan(&object{typeName: twoFactor}, values{flag: true})
		wantText(t, refused.diags.errors(), "Unable to plan the two-factor settings", "first factor here", "asgardeo_my_account_login_flow")
		w.wantPatches()
	}
}

func TestApplication21DefaultScriptFollowsTheSteps(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	w.setFlow(password, consoleScript(1))
	f := w.create(twoFactor, values{"totp_enabled": true})
	if got := w.patches(); len(got) != 1 || w.script() != withoutBlanks(consoleScript(2)) {
		t.Errorf("after %v the script is %s", got, w.script())
	}
	w.up(f, values{"totp_enabled": true, "email_otp_enabled": true})
	if got := w.patches(); len(got) != 1 || strings.Contains(mustJSON(t, got), "script") {
		t.Errorf("the number of steps stays, and yet the script is sent: %v", got)
	}
	w.up(f, values{"totp_enabled": false, "email_otp_enabled": false})
	if got := w.patches(); len(got) != 1 || w.script() != withoutBlanks(consoleScript(1)) {
		t.Errorf("after %v the script is %s", got, w.script())
	}
}

func TestApplication22MissingScopeForScripts(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	w.scopesWithoutScripts()
	w.setFlow(password, consoleScript(1))
	before := w.application()
	o := &object{typeName: twoFactor}
	diags := w.start().apply(w.plan(o, values{"totp_enabled": true}))
	wantText(t, diags.errors(), "Unable to create the two-factor settings", "internal_application_script_update",
		"Application Authentication Script Management API")
	if !same(before, w.application()) || o.state != nil {
		t.Errorf("state %v, application %+v", o.state, w.application())
	}
}

func TestApplication23CustomFlows(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		flow, script, reason string
		subject              int
	}{
		"script":          {password + "|totp", "var onLoginRequest = function(context) { executeStep(1); if (x) { executeStep(2); } };", "script", 1},
		"two steps":       {password + "|totp|" + emailOTP, "", "two steps with second factors", 1},
		"a step after":    {password + "|totp|" + passkey, "", "step 3 follows", 1},
		"passkey beside":  {password + "|totp " + passkey, "", "FIDOAuthenticator", 1},
		"push beside":     {password + "|totp push-notification-authenticator", "", "push-notification-authenticator", 1},
		"subject":         {password + "|totp", "", "step 2", 2},
		"too few steps":   {password + "|totp " + backup, consoleScript(3), "script", 1},
		"twice the same":  {password + " " + emailOTP + "|totp " + emailOTP, "", "email OTP", 1},
		"backup code alo": {password + "|totp|" + backup, "", "backup", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newApplicationWorkspace(t)
			w.withSender()
			w.setFlow(test.flow, test.script)
			w.edit(func(a *mockserver.Application) { a.AuthenticationSequence.SubjectStepID = test.subject })
			other := w.plan(&object{typeName: twoFactor}, values{"sms_otp_enabled": true})
			wantText(t, other.diags.errors(), "Unable to plan the two-factor settings", test.reason, "asgardeo_my_account_login_flow",
				"step 1", "BasicAuthenticator", "step 2", "Login Flow")
			equal := &object{typeName: twoFactor}
			saved := w.plan(equal, values{"totp_enabled": true})
			wantText(t, saved.diags.warnings(), `The login flow of "bifrost" decides by itself`, test.reason, "step 2")
			wantNoError(t, w.apply(saved))
			w.wantPatches()
			again := w.wantAction(equal, values{"totp_enabled": true}, "no-op")
			wantNoDiagnostics(t, again.diags)
		})
	}
}

func TestApplication24Enrollment(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	script := func(value string) string {
		return "varonLoginRequest=function(context){executeStep(1);executeStep(2,{authenticatorParams:{common:{" +
			"'enrolUserInAuthenticationFlow':'" + value + "'}}},{});};"
	}
	f := w.create(twoFactor, values{"totp_enabled": true, "totp_enrollment_enabled": false})
	if w.script() != script("false") {
		t.Errorf("the script is %s", w.script())
	}
	w.up(f, values{"totp_enabled": true, "totp_enrollment_enabled": true})
	if w.script() != script("true") {
		t.Errorf("the script is %s", w.script())
	}
	w.up(f, values{"totp_enabled": true, "totp_enrollment_enabled": true, "email_otp_enabled": true})
	w.wantNoRequestTo("/identity-governance")
	without := w.plan(f, values{"totp_enabled": false, "totp_enrollment_enabled": true})
	wantText(t, without.diags.errors(), "totp_enrollment_enabled needs")
	w.up(f, values{"totp_enabled": false, "totp_enrollment_enabled": false, "email_otp_enabled": true})
	if w.script() != withoutBlanks(consoleScript(2)) {
		t.Errorf("without TOTP the script is %s", w.script())
	}
}

func TestApplication25ScriptTakenOut(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	declared := values{"totp_enabled": true, "totp_enrollment_enabled": false}
	f := w.create(twoFactor, declared)
	w.setFlow(password+"|totp", consoleScript(2))
	data, diags := w.start().read(twoFactor, values{})
	wantNoDiagnostics(t, diags)
	if data["totp_enabled"] != true || data["totp_enrollment_enabled"] != nil {
		t.Errorf("the data source says %v", data)
	}
	w.wantAction(f, declared, "update")
	w.up(f, declared)

	other := newApplicationWorkspace(t)
	undeclared := values{"totp_enabled": true}
	f = other.create(twoFactor, undeclared)
	other.setFlow(password+"|totp", consoleScript(2))
	other.wantAction(f, undeclared, "no-op")
}

// A declared setting that somebody has taken out is null in the state. That is no import.
func TestApplicationEnrollmentAloneTakenOut(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	w.setFlow(password+"|totp", consoleScript(2))
	declared := values{"totp_enrollment_enabled": true}
	f := w.create(twoFactor, declared)
	w.setFlow(password+"|totp", consoleScript(2))
	for range 2 {
		wantNoError(t, w.start().refresh(f))
		f.wantState(t, values{})
	}
	w.up(f, declared)
	wantNoError(t, w.apply(w.plan(f, nil)))
	w.wantFlow("USER_DEFINED BasicAuthenticator | totp")
	if w.script() != withoutBlanks(consoleScript(2)) {
		t.Errorf("the script is %s", w.script())
	}
}

func TestApplication26UsersWithoutTOTP(t *testing.T) {
	t.Parallel()
	const summary = `Users without TOTP in "bifrost"`
	w := newApplicationWorkspace(t)
	only := values{"totp_enabled": true, "totp_enrollment_enabled": false}
	f := w.create(twoFactor, values{"totp_enabled": true})
	wantText(t, w.plan(f, only).diags.warnings(), summary, "sign in")
	wantText(t, w.plan(&object{typeName: twoFactor}, only).diags.warnings(), summary)
	for _, config := range []values{
		{"totp_enabled": true, "totp_enrollment_enabled": true},
		{"totp_enabled": true, "totp_enrollment_enabled": false, "email_otp_enabled": true},
	} {
		if found := w.plan(f, config).diags.about(summary); len(found) > 0 {
			t.Errorf("%v warns:\n%s", config, found)
		}
	}
}

func TestApplication27SMSSender(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	config := values{"sms_otp_enabled": true}
	wantText(t, w.plan(&object{typeName: twoFactor}, config).diags.errors(), "sms_otp_enabled needs an SMS sender")
	senderConfig := values{"provider_name": "Twilio", "key": "AC00", "secret": "auth-token", "sender": "+15550100"}
	sender, f := &object{typeName: smsSenderType}, &object{typeName: twoFactor}
	p := w.start()
	first, second := p.plan(sender, senderConfig), p.plan(f, config)
	wantNoError(t, second.diags)
	p = w.start()
	wantNoError(t, p.apply(first))
	wantNoError(t, p.apply(second))
	w.wantFlow("USER_DEFINED BasicAuthenticator | sms-otp-authenticator")
	stays := func() {
		t.Helper()
		destruction, before := w.plan(sender, nil), *sender
		wantWarning(t, destruction.diags, `The SMS sender of "bifrost" stays`)
		wantWarning(t, w.apply(destruction), "was not deleted", "SMS OTP is on")
		if w.kept().SMSSenders["SMSPublisher"] == nil {
			t.Error("the sender is gone")
		}
		*sender = before
	}
	for _, senderFirst := range []bool{false, true} { // the configuration contradicts itself
		p = w.start()
		wantNoError(t, p.refresh(f))
		var found diagnostics
		for _, plansSender := range []bool{senderFirst, !senderFirst} {
			if plansSender {
				found = append(found, p.plan(sender, nil).diags...)
			} else {
				found = append(found, p.plan(f, config).diags...)
			}
		}
		wantError(t, found, `SMS OTP of "bifrost" needs the SMS sender`, "This plan destroys", "removed block", "sms_otp_enabled = false")
	}
	stays()
	w.setFlow(smsOTP, "") // as first factor
	stays()
	w.setFlow(password, "")
	wantNoDiagnostics(t, w.apply(w.plan(sender, nil)))
	w.wantSender(nil)
}

func TestApplication28TakeoverIsVisible(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	w.setFlow(password+"|totp "+emailOTP, "")
	planned := w.plan(&object{typeName: twoFactor}, values{
		"totp_enabled": false, "email_otp_enabled": true, "backup_codes_enabled": true, "totp_enrollment_enabled": false,
	})
	wantText(t, planned.diags.warnings(), `Taking over the two-factor settings of "bifrost"`, "totp_enabled: true -> false",
		"backup_codes_enabled: false -> true", "totp_enrollment_enabled: not set -> false")
	if strings.Contains(planned.diags.String(), "email_otp_enabled:") {
		t.Error("what stays is listed")
	}
}

func TestApplication29Restore(t *testing.T) {
	t.Parallel()
	all := values{
		"totp_enabled": true, "email_otp_enabled": true, "backup_codes_enabled": true, "totp_enrollment_enabled": true,
	}
	t.Run("a default flow", func(t *testing.T) {
		t.Parallel()
		w := newApplicationWorkspace(t)
		f := w.create(twoFactor, all)
		destroying := w.plan(f, nil)
		wantText(t, destroying.diags.warnings(), `Destroying the two-factor settings of "bifrost"`, "totp_enabled: true -> false",
			"totp_enrollment_enabled: true -> false", "default")
		wantNoError(t, w.apply(destroying))
		w.wantFlow("DEFAULT")
		if w.script() != "" {
			t.Errorf("the script %s is left", w.script())
		}
	})
	t.Run("a default flow whose factors went off first", func(t *testing.T) {
		t.Parallel()
		w := newApplicationWorkspace(t)
		f := w.create(twoFactor, values{"totp_enabled": true})
		w.up(f, values{"totp_enabled": false})
		w.wantFlow("USER_DEFINED BasicAuthenticator")
		wantText(t, w.plan(f, nil).diags.warnings(), `Destroying the two-factor settings of "bifrost"`, "default")
		wantNoError(t, w.apply(w.plan(f, nil)))
		w.wantFlow("DEFAULT")
	})
	t.Run("a flow of its own", func(t *testing.T) {
		t.Parallel()
		for _, script := range []string{"", consoleScript(2)} {
			w := newApplicationWorkspace(t)
			w.setFlow(google+" "+password+"|"+smsOTP+" "+backup, script)
			w.withSender()
			f := w.create(twoFactor, with(all, "sms_otp_enabled", false))
			wantNoError(t, w.apply(w.plan(f, nil)))
			w.wantFlow("USER_DEFINED Google/GoogleOIDCAuthenticator BasicAuthenticator | sms-otp-authenticator backup-code-authenticator")
			if got := w.script(); got != withoutBlanks(consoleScript(2)) {
				t.Errorf("the script is %q, want an equal one", got)
			}
		}
	})
	t.Run("somebody else's factor", func(t *testing.T) {
		t.Parallel()
		w := newApplicationWorkspace(t)
		f := w.create(twoFactor, values{"totp_enabled": true, "email_otp_enabled": false})
		w.setFlow(password+"|totp "+emailOTP, "")
		wantNoError(t, w.start().refresh(f))
		destroying := w.plan(f, nil)
		wantText(t, destroying.diags.warnings(), `Destroying the two-factor settings of "bifrost"`,
			"Changed outside Terraform, and therefore left as they are: email_otp_enabled")
		wantNoError(t, w.apply(destroying))
		w.wantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
	})
	t.Run("a server default that changed", func(t *testing.T) {
		t.Parallel()
		w := newApplicationWorkspace(t)
		f := w.create(twoFactor, values{"totp_enabled": true})
		w.setFlow(password+" "+google+"|totp", "")
		wantNoError(t, w.apply(w.plan(f, nil)))
		w.wantFlow("USER_DEFINED Google/GoogleOIDCAuthenticator BasicAuthenticator")
	})
}

func TestApplication30SharedPortal(t *testing.T) {
	t.Parallel()
	const hidden = "SSO/OrganizationAuthenticator"
	w := newApplicationWorkspace(t)
	w.edit(func(a *mockserver.Application) { a.Shared = true })
	p, f := w.create(portal, values{"enabled": false}), w.create(twoFactor, values{"totp_enabled": true})
	if step, _, _ := strings.Cut(w.flow(), "|"); !strings.Contains(step, hidden) {
		t.Errorf("the hidden option is lost: %s", w.flow())
	}
	wantNoError(t, w.apply(w.plan(f, nil)))
	wantNoError(t, w.apply(w.plan(p, nil)))
	if flow := w.flow(); strings.Contains(flow, "|") || !strings.Contains(flow, hidden) {
		t.Errorf("handed back is %s", flow)
	}
	w.create(twoFactor, values{"totp_enabled": false})
}

func TestApplication31OtherWaysToDestroy(t *testing.T) {
	t.Parallel()
	t.Run("custom meanwhile", func(t *testing.T) {
		t.Parallel()
		w := newApplicationWorkspace(t)
		f := w.create(twoFactor, values{"totp_enabled": true})
		w.setFlow(password+"|totp "+passkey, "")
		wantNoError(t, w.start().refresh(f))
		destroying := w.plan(f, nil)
		wantText(t, destroying.diags.warnings(), "Destroying the two-factor settings", "stays as it is", "FIDOAuthenticator")
		w.patches()
		diags := w.apply(destroying)
		wantText(t, diags.warnings(), `The login flow of "bifrost" is not restored`, "FIDOAuthenticator")
		wantNoError(t, diags)
		w.wantPatches()
		if f.state != nil {
			t.Error("the resource is still in the state")
		}
	})
	t.Run("keep", func(t *testing.T) {
		t.Parallel()
		w := newApplicationWorkspace(t)
		f := w.create(twoFactor, values{"totp_enabled": true, "on_destroy": "keep"})
		w.patches()
		wantNoError(t, w.apply(w.plan(f, nil)))
		w.wantPatches()
		w.wantFlow("USER_DEFINED BasicAuthenticator | totp")
	})
	t.Run("reset", func(t *testing.T) {
		t.Parallel()
		w := newApplicationWorkspace(t)
		w.switchPortal(false)
		w.setFlow(password+"|totp "+emailOTP, "")
		p := w.create(portal, values{"enabled": false, "on_destroy": "reset"})
		f := w.create(twoFactor, values{"totp_enabled": true, "totp_enrollment_enabled": false, "on_destroy": "reset"})
		wantText(t, w.plan(f, nil).diags.warnings(), "Destroying the two-factor settings", "totp_enabled: true -> false",
			"totp_enrollment_enabled: false -> not set")
		wantNoError(t, w.apply(w.plan(f, nil)))
		wantNoError(t, w.apply(w.plan(p, nil)))
		w.wantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
		if !*w.application().ApplicationEnabled {
			t.Error("the portal is off")
		}
	})
}

func TestApplication32FailedCreate(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	o, config := &object{typeName: twoFactor}, values{"totp_enabled": true}
	w.mock.AddFault(mockserver.Fault{
		Match: mockserver.Match{Method: "PATCH"}, Action: mockserver.ActionStatus, Status: 400,
		Body: `{"code":"APP-60001","message":"Invalid configuration.","description":"Invalid application configuration."}`,
	})
	diags := w.start().apply(w.plan(o, config))
	wantText(t, diags.errors(), "Unable to create the two-factor settings", "misspelt", "connection that was deleted", "loop", "APP-60001")
	if o.state != nil {
		t.Errorf("the state is %v", o.state)
	}
	w.up(o, config)
}

// The Console leaves the script alone when somebody takes TOTP out of a step that other factors stay in.
func TestApplicationTOTPTakenOutOfTheStep(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	config := values{"totp_enabled": true, "email_otp_enabled": true, "totp_enrollment_enabled": false}
	f := w.create(twoFactor, config)
	enrolling := w.script()
	w.edit(func(a *mockserver.Application) { a.AuthenticationSequence.Steps = stepsOf(password + "|" + emailOTP) })
	w.wantAction(f, config, "update")
	w.patches()
	w.up(f, config)
	w.wantFlow("USER_DEFINED BasicAuthenticator | totp email-otp-authenticator")
	if w.script() != enrolling {
		t.Errorf("the script became %s", w.script())
	}
	w.edit(func(a *mockserver.Application) { a.AuthenticationSequence.Steps = stepsOf(password + "|" + emailOTP) })
	wantNoError(t, w.start().refresh(f))
	wantNoError(t, w.apply(w.plan(f, nil)))
	w.wantFlow("DEFAULT")
}

// A factor that is declared from now on is switched for everybody: the plan says so.
func TestApplicationFactorAddedToAResource(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	w.setFlow(password+"|"+emailOTP, "")
	f := w.create(twoFactor, values{"totp_enabled": true})
	more := w.plan(f, values{"totp_enabled": true, "email_otp_enabled": false})
	wantText(t, more.diags.warnings(), `Taking over more of the two-factor settings of "bifrost"`, "email_otp_enabled: true -> false")
	equal := w.plan(f, values{"totp_enabled": true, "email_otp_enabled": true})
	wantNoDiagnostics(t, equal.diags)
	less := w.plan(f, values{"totp_enabled": false})
	wantNoDiagnostics(t, less.diags)
}
