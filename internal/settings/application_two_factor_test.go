package settings_test

import (
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Second factors in the login flow of the portal's application.

func TestApplication15DefaultFlow(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	w.WithdrawScriptScope()
	w.Create(providertest.TwoFactor, values{"totp_enabled": true, "email_otp_enabled": true})
	w.WantPatches(`{"authenticationSequence":{"type":"USER_DEFINED","subjectStepId":1,"attributeStepId":1,"steps":[
		{"id":1,"options":[{"idp":"LOCAL","authenticator":"BasicAuthenticator"}]},
		{"id":2,"options":[{"idp":"LOCAL","authenticator":"totp"},
			{"idp":"LOCAL","authenticator":"email-otp-authenticator"}]}]}}`)
}

func TestApplication16UndeclaredFactorsStay(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	w.SetFlow(providertest.Password+"|totp "+providertest.SMSOTP, "")
	config := values{"email_otp_enabled": true}
	f := w.Create(providertest.TwoFactor, config)
	w.WantFlow("USER_DEFINED BasicAuthenticator | totp email-otp-authenticator sms-otp-authenticator")
	w.SetFlow(providertest.Password+"|"+providertest.EmailOTP+" "+providertest.Backup, "")
	w.WantAction(f, config, "no-op")
}

func TestApplication17FirstFactorsComeBack(t *testing.T) {
	t.Parallel()
	for before, after := range map[string]string{
		providertest.Password + " " + providertest.Google: "Google/GoogleOIDCAuthenticator BasicAuthenticator | totp",
		"IdentifierExecutor|" + providertest.Password:     "IdentifierExecutor | BasicAuthenticator | totp",
		"IdentifierExecutor|" + providertest.Passkey:      "IdentifierExecutor | FIDOAuthenticator | totp",
	} {
		w := providertest.NewApplicationWorkspace(t)
		w.SetFlow(before, "")
		w.Edit(func(a *mockserver.Application) {
			a.AuthenticationSequence.RequestPathAuthenticators = []string{"BasicAuthRequestPathAuthenticator"}
			a.AuthenticationSequence.SubjectStepID = len(a.AuthenticationSequence.Steps)
		})
		w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].UnknownMembers = true })
		w.Create(providertest.TwoFactor, values{"totp_enabled": true})
		w.WantFlow("USER_DEFINED " + after)
		sequence := w.Application().AuthenticationSequence
		if sequence.SubjectStepID != strings.Count(before, "|")+1 || len(sequence.RequestPathAuthenticators) != 1 {
			t.Errorf("of %s, the sequence became %+v", before, sequence)
		}
	}
}

func TestApplication18BackupCodes(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	config := values{"totp_enabled": true, "backup_codes_enabled": true}
	alone := w.Plan(
		&providertest.Object{TypeName: providertest.TwoFactor},
		values{"backup_codes_enabled": true},
	)
	providertest.WantText(t, alone.Diags.Errors(), "backup_codes_enabled needs")
	f := w.Create(providertest.TwoFactor, config)
	w.WantFlow("USER_DEFINED BasicAuthenticator | totp backup-code-authenticator")
	last := w.Plan(f, values{"totp_enabled": false, "backup_codes_enabled": true})
	providertest.WantText(t, last.Diags.Errors(), "backup_codes_enabled needs")
	w.Patches()
	undeclared := w.Plan(f, values{"totp_enabled": false})
	providertest.WantText(t, undeclared.Diags.Errors(), "backup_codes_enabled needs")
	w.WantPatches()
}

func TestApplication19AllOff(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	w.SetFlow(providertest.Password+" "+providertest.Google+"|totp "+providertest.EmailOTP, "")
	w.Create(providertest.TwoFactor, values{"totp_enabled": false, "email_otp_enabled": false})
	w.WantFlow("USER_DEFINED Google/GoogleOIDCAuthenticator BasicAuthenticator")
}

func TestApplication20FirstFactorIsNoSecondOne(t *testing.T) {
	t.Parallel()
	for flow, flag := range map[string]string{
		providertest.EmailOTP:                             "email_otp_enabled",
		providertest.SMSOTP + " " + providertest.Password: "sms_otp_enabled",
		"IdentifierExecutor | totp":                       "totp_enabled",
	} {
		w := providertest.NewApplicationWorkspace(t)
		w.WithSender()
		w.SetFlow(flow, "")
		data, diags := w.Start().Read(providertest.TwoFactor, values{})
		providertest.WantNoDiagnostics(t, diags)
		if data[flag] != false {
			t.Errorf("in the flow %s, %s is %v", flow, flag, data[flag])
		}
		refused := w.Plan(&providertest.Object{TypeName: providertest.TwoFactor}, values{flag: true})
		providertest.WantText(t, refused.Diags.Errors(), "Unable to plan the two-factor settings", "first factor here",
			"asgardeo_my_account_login_flow")
		w.WantPatches()
	}
}

func TestApplication21DefaultScriptFollowsTheSteps(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	w.SetFlow(providertest.Password, providertest.ConsoleScript(1))
	f := w.Create(providertest.TwoFactor, values{"totp_enabled": true})
	if got := w.Patches(); len(got) != 1 || w.Script() != providertest.WithoutBlanks(providertest.ConsoleScript(2)) {
		t.Errorf("after %v the script is %s", got, w.Script())
	}
	w.Up(f, values{"totp_enabled": true, "email_otp_enabled": true})
	if got := w.Patches(); len(got) != 1 || strings.Contains(providertest.MustJSON(t, got), "script") {
		t.Errorf("the number of steps stays, and yet the script is sent: %v", got)
	}
	w.Up(f, values{"totp_enabled": false, "email_otp_enabled": false})
	if got := w.Patches(); len(got) != 1 || w.Script() != providertest.WithoutBlanks(providertest.ConsoleScript(1)) {
		t.Errorf("after %v the script is %s", got, w.Script())
	}
}

func TestApplication22MissingScopeForScripts(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	w.WithdrawScriptScope()
	w.SetFlow(providertest.Password, providertest.ConsoleScript(1))
	before := w.Application()
	o := &providertest.Object{TypeName: providertest.TwoFactor}
	diags := w.Start().Apply(w.Plan(o, values{"totp_enabled": true}))
	providertest.WantText(t, diags.Errors(), "Unable to create the two-factor settings",
		"internal_application_script_update", "Application Authentication Script Management API")
	if !providertest.Same(before, w.Application()) || o.State != nil {
		t.Errorf("state %v, application %+v", o.State, w.Application())
	}
}

func TestApplication23CustomFlows(t *testing.T) {
	t.Parallel()
	const (
		totp        = providertest.Password + "|totp"
		conditional = "var onLoginRequest = function(context) { executeStep(1); if (x) { executeStep(2); } };"
		emailTwice  = providertest.Password + " " + providertest.EmailOTP + "|totp " + providertest.EmailOTP
	)
	for name, test := range map[string]struct {
		flow, script, reason string
		subject              int
	}{
		"script":          {totp, conditional, "script", 1},
		"two steps":       {totp + "|" + providertest.EmailOTP, "", "two steps with second factors", 1},
		"a step after":    {totp + "|" + providertest.Passkey, "", "step 3 follows", 1},
		"passkey beside":  {totp + " " + providertest.Passkey, "", "FIDOAuthenticator", 1},
		"link beside":     {totp + " MagicLinkAuthenticator", "", "MagicLinkAuthenticator", 1},
		"subject":         {totp, "", "step 2", 2},
		"too few steps":   {totp + " " + providertest.Backup, providertest.ConsoleScript(3), "script", 1},
		"twice the same":  {emailTwice, "", "email OTP", 1},
		"backup code alo": {totp + "|" + providertest.Backup, "", "backup", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := providertest.NewApplicationWorkspace(t)
			w.WithSender()
			w.SetFlow(test.flow, test.script)
			w.Edit(func(a *mockserver.Application) { a.AuthenticationSequence.SubjectStepID = test.subject })
			other := w.Plan(&providertest.Object{TypeName: providertest.TwoFactor}, values{"sms_otp_enabled": true})
			providertest.WantText(t, other.Diags.Errors(), "Unable to plan the two-factor settings", test.reason,
				"asgardeo_my_account_login_flow", "step 1", "BasicAuthenticator", "step 2", "Login Flow")
			equal := &providertest.Object{TypeName: providertest.TwoFactor}
			saved := w.Plan(equal, values{"totp_enabled": true})
			providertest.WantText(t, saved.Diags.Warnings(), `The login flow of "bifrost" decides by itself`, test.reason,
				"step 2")
			providertest.WantNoError(t, w.Apply(saved))
			w.WantPatches()
			again := w.WantAction(equal, values{"totp_enabled": true}, "no-op")
			providertest.WantNoDiagnostics(t, again.Diags)
			site := w.Plan(&providertest.Object{TypeName: providertest.Portal}, values{"enabled": false})
			providertest.WantNoDiagnostics(t, site.Diags.About("The login flow of")) // which the portal's switch is no part of
		})
	}
}

func TestApplication24Enrollment(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	script := func(value string) string {
		return "varonLoginRequest=function(context){executeStep(1);executeStep(2,{authenticatorParams:{common:{" +
			"'enrolUserInAuthenticationFlow':'" + value + "'}}},{});};"
	}
	f := w.Create(providertest.TwoFactor, values{"totp_enabled": true, "totp_enrollment_enabled": false})
	if w.Script() != script("false") {
		t.Errorf("the script is %s", w.Script())
	}
	w.Up(f, values{"totp_enabled": true, "totp_enrollment_enabled": true})
	if w.Script() != script("true") {
		t.Errorf("the script is %s", w.Script())
	}
	w.Up(f, values{"totp_enabled": true, "totp_enrollment_enabled": true, "email_otp_enabled": true})
	w.WantNoRequestTo("/identity-governance")
	without := w.Plan(f, values{"totp_enabled": false, "totp_enrollment_enabled": true})
	providertest.WantText(t, without.Diags.Errors(), "totp_enrollment_enabled needs")
	w.Up(f, values{"totp_enabled": false, "totp_enrollment_enabled": false, "email_otp_enabled": true})
	if w.Script() != providertest.WithoutBlanks(providertest.ConsoleScript(2)) {
		t.Errorf("without TOTP the script is %s", w.Script())
	}
}

func TestApplication25ScriptTakenOut(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	declared := values{"totp_enabled": true, "totp_enrollment_enabled": false}
	f := w.Create(providertest.TwoFactor, declared)
	w.SetFlow(providertest.Password+"|totp", providertest.ConsoleScript(2))
	data, diags := w.Start().Read(providertest.TwoFactor, values{})
	providertest.WantNoDiagnostics(t, diags)
	if data["totp_enabled"] != true || data["totp_enrollment_enabled"] != nil {
		t.Errorf("the data source says %v", data)
	}
	w.WantAction(f, declared, "update")
	w.Up(f, declared)

	other := providertest.NewApplicationWorkspace(t)
	undeclared := values{"totp_enabled": true}
	f = other.Create(providertest.TwoFactor, undeclared)
	other.SetFlow(providertest.Password+"|totp", providertest.ConsoleScript(2))
	other.WantAction(f, undeclared, "no-op")
}

// A declared setting that somebody has taken out is null in the state. That is no import.
func TestApplicationEnrollmentAloneTakenOut(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	w.SetFlow(providertest.Password+"|totp", providertest.ConsoleScript(2))
	declared := values{"totp_enrollment_enabled": true}
	f := w.Create(providertest.TwoFactor, declared)
	w.SetFlow(providertest.Password+"|totp", providertest.ConsoleScript(2))
	for range 2 {
		providertest.WantNoError(t, w.Start().Refresh(f))
		f.WantState(t, values{})
	}
	w.Up(f, declared)
	providertest.WantNoError(t, w.Apply(w.Plan(f, nil)))
	w.WantFlow("USER_DEFINED BasicAuthenticator | totp")
	if w.Script() != providertest.WithoutBlanks(providertest.ConsoleScript(2)) {
		t.Errorf("the script is %s", w.Script())
	}
}

func TestApplication26UsersWithoutTOTP(t *testing.T) {
	t.Parallel()
	const summary = `Users without TOTP in "bifrost"`
	w := providertest.NewApplicationWorkspace(t)
	only := values{"totp_enabled": true, "totp_enrollment_enabled": false}
	f := w.Create(providertest.TwoFactor, values{"totp_enabled": true})
	providertest.WantText(t, w.Plan(f, only).Diags.Warnings(), summary, "sign in")
	providertest.WantText(t, w.Plan(&providertest.Object{TypeName: providertest.TwoFactor}, only).Diags.Warnings(),
		summary)
	for _, config := range []values{
		{"totp_enabled": true, "totp_enrollment_enabled": true},
		{"totp_enabled": true, "totp_enrollment_enabled": false, "email_otp_enabled": true},
	} {
		if found := w.Plan(f, config).Diags.About(summary); len(found) > 0 {
			t.Errorf("%v warns:\n%s", config, found)
		}
	}
	w.Up(f, only)
	providertest.WantNoDiagnostics(t, w.WantAction(f, only, "no-op").Diags)
}

func TestApplication27SMSSender(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	config := values{"sms_otp_enabled": true}
	providertest.WantText(t, w.Plan(&providertest.Object{TypeName: providertest.TwoFactor}, config).Diags.Errors(),
		"sms_otp_enabled needs an SMS sender")
	senderConfig := values{
		"provider_name": "Twilio",
		"key":           "AC00",
		"secret":        "auth-token",
		"sender":        "+15550100",
	}
	sender, f := &providertest.Object{
		TypeName: providertest.SenderType,
	}, &providertest.Object{
		TypeName: providertest.TwoFactor,
	}
	p := w.Start()
	first, second := p.Plan(sender, senderConfig), p.Plan(f, config)
	providertest.WantNoError(t, second.Diags)
	p = w.Start()
	providertest.WantNoError(t, p.Apply(first))
	providertest.WantNoError(t, p.Apply(second))
	w.WantFlow("USER_DEFINED BasicAuthenticator | sms-otp-authenticator")
	stays := func() {
		t.Helper()
		destruction, before := w.Plan(sender, nil), *sender
		providertest.WantWarning(t, destruction.Diags, `The SMS sender of "bifrost" stays`)
		providertest.WantWarning(t, w.Apply(destruction), "was not deleted", "SMS OTP is on")
		if w.Organization().SMSSenders["SMSPublisher"] == nil {
			t.Error("the sender is gone")
		}
		*sender = before
	}
	for _, senderFirst := range []bool{false, true} { // the configuration contradicts itself
		p = w.Start()
		providertest.WantNoError(t, p.Refresh(f))
		var found providertest.Diagnostics
		for _, plansSender := range []bool{senderFirst, !senderFirst} {
			if plansSender {
				found = append(found, p.Plan(sender, nil).Diags...)
			} else {
				found = append(found, p.Plan(f, config).Diags...)
			}
		}
		providertest.WantError(t, found, `SMS OTP of "bifrost" needs the SMS sender`, "This plan destroys", "removed block",
			"sms_otp_enabled = false")
	}
	stays()
	w.SetFlow(providertest.SMSOTP, "") // as first factor
	stays()
	w.SetFlow(providertest.Password, "")
	providertest.WantNoDiagnostics(t, w.Apply(w.Plan(sender, nil)))
	w.WantSender(nil)
}

func TestApplication28TakeoverIsVisible(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	w.SetFlow(providertest.Password+"|totp "+providertest.EmailOTP, "")
	planned := w.Plan(&providertest.Object{TypeName: providertest.TwoFactor}, values{
		"totp_enabled": false, "email_otp_enabled": true, "backup_codes_enabled": true, "totp_enrollment_enabled": false,
	})
	providertest.WantText(t, planned.Diags.Warnings(), `Taking over the two-factor settings of "bifrost"`,
		"totp_enabled: true -> false", "backup_codes_enabled: false -> true", "totp_enrollment_enabled: not set -> false")
	if strings.Contains(planned.Diags.String(), "email_otp_enabled:") {
		t.Error("what stays is listed")
	}
	w.SetFlow(providertest.Password, "")
	off := values{"totp_enabled": false, "totp_enrollment_enabled": false}
	providertest.WantNoDiagnostics(t, w.Plan(&providertest.Object{TypeName: providertest.TwoFactor}, off).Diags)
}

func TestApplication29Restore(t *testing.T) {
	t.Parallel()
	all := values{
		"totp_enabled": true, "email_otp_enabled": true, "backup_codes_enabled": true, "totp_enrollment_enabled": true,
	}
	t.Run("a default flow", func(t *testing.T) {
		t.Parallel()
		w := providertest.NewApplicationWorkspace(t)
		f := w.Create(providertest.TwoFactor, all)
		destroying := w.Plan(f, nil)
		providertest.WantText(t, destroying.Diags.Warnings(), `Destroying the two-factor settings of "bifrost"`,
			"totp_enabled: true -> false", "totp_enrollment_enabled: true -> false", "default")
		providertest.WantNoError(t, w.Apply(destroying))
		w.WantFlow("DEFAULT")
		if w.Script() != "" {
			t.Errorf("the script %s is left", w.Script())
		}
	})
	t.Run("a default flow whose factors went off first", func(t *testing.T) {
		t.Parallel()
		w := providertest.NewApplicationWorkspace(t)
		f := w.Create(providertest.TwoFactor, values{"totp_enabled": true})
		w.Up(f, values{"totp_enabled": false})
		w.WantFlow("USER_DEFINED BasicAuthenticator")
		providertest.WantText(t, w.Plan(f, nil).Diags.Warnings(), `Destroying the two-factor settings of "bifrost"`,
			"default")
		providertest.WantNoError(t, w.Apply(w.Plan(f, nil)))
		w.WantFlow("DEFAULT")
	})
	t.Run("a flow of its own", func(t *testing.T) {
		t.Parallel()
		for _, script := range []string{"", providertest.ConsoleScript(2)} {
			w := providertest.NewApplicationWorkspace(t)
			w.SetFlow(providertest.Google+" "+providertest.Password+"|"+providertest.SMSOTP+" "+providertest.Backup, script)
			w.WithSender()
			f := w.Create(providertest.TwoFactor, with(all, "sms_otp_enabled", false))
			providertest.WantNoError(t, w.Apply(w.Plan(f, nil)))
			w.WantFlow(
				"USER_DEFINED Google/GoogleOIDCAuthenticator BasicAuthenticator | sms-otp-authenticator backup-code-authenticator",
			)
			if got := w.Script(); got != providertest.WithoutBlanks(providertest.ConsoleScript(2)) {
				t.Errorf("the script is %q, want an equal one", got)
			}
		}
	})
	t.Run("somebody else's factor", func(t *testing.T) {
		t.Parallel()
		w := providertest.NewApplicationWorkspace(t)
		f := w.Create(providertest.TwoFactor, values{"totp_enabled": true, "email_otp_enabled": false})
		w.SetFlow(providertest.Password+"|totp "+providertest.EmailOTP, "")
		providertest.WantNoError(t, w.Start().Refresh(f))
		destroying := w.Plan(f, nil)
		providertest.WantText(t, destroying.Diags.Warnings(), `Destroying the two-factor settings of "bifrost"`,
			"Changed outside Terraform, and therefore left as they are: email_otp_enabled")
		providertest.WantNoError(t, w.Apply(destroying))
		w.WantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
	})
	t.Run("a server default that changed", func(t *testing.T) {
		t.Parallel()
		w := providertest.NewApplicationWorkspace(t)
		f := w.Create(providertest.TwoFactor, values{"totp_enabled": true})
		w.SetFlow(providertest.Password+" "+providertest.Google+"|totp", "")
		providertest.WantNoError(t, w.Apply(w.Plan(f, nil)))
		w.WantFlow("USER_DEFINED Google/GoogleOIDCAuthenticator BasicAuthenticator")
	})
}

func TestApplication30SharedPortal(t *testing.T) {
	t.Parallel()
	const hidden = "SSO/OrganizationAuthenticator"
	w := providertest.NewApplicationWorkspace(t)
	w.Edit(func(a *mockserver.Application) { a.Shared = true })
	p, f := w.Create(
		providertest.Portal,
		values{"enabled": false},
	), w.Create(
		providertest.TwoFactor,
		values{"totp_enabled": true},
	)
	if step, _, _ := strings.Cut(w.Flow(), "|"); !strings.Contains(step, hidden) {
		t.Errorf("the hidden option is lost: %s", w.Flow())
	}
	providertest.WantNoError(t, w.Apply(w.Plan(f, nil)))
	providertest.WantNoError(t, w.Apply(w.Plan(p, nil)))
	if flow := w.Flow(); strings.Contains(flow, "|") || !strings.Contains(flow, hidden) {
		t.Errorf("handed back is %s", flow)
	}
	w.Create(providertest.TwoFactor, values{"totp_enabled": false})
}

func TestApplication31OtherWaysToDestroy(t *testing.T) {
	t.Parallel()
	t.Run("custom meanwhile", func(t *testing.T) {
		t.Parallel()
		w := providertest.NewApplicationWorkspace(t)
		f := w.Create(providertest.TwoFactor, values{"totp_enabled": true})
		w.SetFlow(providertest.Password+"|totp "+providertest.Passkey, "")
		providertest.WantNoError(t, w.Start().Refresh(f))
		destroying := w.Plan(f, nil)
		providertest.WantText(t, destroying.Diags.Warnings(), "Destroying the two-factor settings", "stays as it is",
			"FIDOAuthenticator")
		w.Patches()
		diags := w.Apply(destroying)
		providertest.WantText(t, diags.Warnings(), `The login flow of "bifrost" is not restored`, "FIDOAuthenticator")
		providertest.WantNoError(t, diags)
		w.WantPatches()
		if f.State != nil {
			t.Error("the resource is still in the state")
		}
	})
	t.Run("keep", func(t *testing.T) {
		t.Parallel()
		w := providertest.NewApplicationWorkspace(t)
		f := w.Create(providertest.TwoFactor, values{"totp_enabled": true, "on_destroy": "keep"})
		w.Patches()
		providertest.WantNoError(t, w.Apply(w.Plan(f, nil)))
		w.WantPatches()
		w.WantFlow("USER_DEFINED BasicAuthenticator | totp")
	})
	t.Run("reset", func(t *testing.T) {
		t.Parallel()
		w := providertest.NewApplicationWorkspace(t)
		w.SwitchPortal(false)
		w.SetFlow(providertest.Password+"|totp "+providertest.EmailOTP, "")
		p := w.Create(providertest.Portal, values{"enabled": false, "on_destroy": "reset"})
		f := w.Create(
			providertest.TwoFactor,
			values{"totp_enabled": true, "totp_enrollment_enabled": false, "on_destroy": "reset"},
		)
		providertest.WantText(t, w.Plan(f, nil).Diags.Warnings(), "Destroying the two-factor settings",
			"totp_enabled: true -> false", "totp_enrollment_enabled: false -> not set")
		providertest.WantNoError(t, w.Apply(w.Plan(f, nil)))
		providertest.WantNoError(t, w.Apply(w.Plan(p, nil)))
		w.WantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
		if !*w.Application().ApplicationEnabled {
			t.Error("the portal is off")
		}
	})
	t.Run("reset of what was the server's own flow", func(t *testing.T) {
		t.Parallel()
		for mode, flow := range map[string]string{
			"reset":   "USER_DEFINED BasicAuthenticator", // the settings have defaults, the flow has not
			"restore": "DEFAULT",                         // positive control
		} {
			w := providertest.NewApplicationWorkspace(t)
			f := w.Create(providertest.TwoFactor, values{"totp_enabled": true, "on_destroy": mode})
			destroying := w.Plan(f, nil)
			if says := strings.Contains(destroying.Diags.String(), "default one again"); says != (mode == "restore") {
				t.Errorf("the plan of %s says:\n%s", mode, destroying.Diags)
			}
			providertest.WantNoError(t, w.Apply(destroying))
			w.WantFlow(flow)
		}
	})
}

func TestApplication32FailedCreate(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	o, config := &providertest.Object{TypeName: providertest.TwoFactor}, values{"totp_enabled": true}
	w.Mock.AddFault(mockserver.Fault{
		Match: mockserver.Match{Method: "PATCH"}, Action: mockserver.ActionStatus, Status: 400,
		Body: `{"code":"APP-60001","message":"Invalid configuration.","description":"Invalid application configuration."}`,
	})
	diags := w.Start().Apply(w.Plan(o, config))
	providertest.WantText(t, diags.Errors(), "Unable to create the two-factor settings", "misspelt",
		"connection that was deleted", "loop", "APP-60001")
	if o.State != nil {
		t.Errorf("the state is %v", o.State)
	}
	w.Up(o, config)
}

// The Console leaves the script alone when somebody takes TOTP out of a step that other factors stay in.
func TestApplicationTOTPTakenOutOfTheStep(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	config := values{"totp_enabled": true, "email_otp_enabled": true, "totp_enrollment_enabled": false}
	f := w.Create(providertest.TwoFactor, config)
	enrolling := w.Script()
	w.Edit(func(a *mockserver.Application) {
		a.AuthenticationSequence.Steps = providertest.StepsOf(providertest.Password + "|" + providertest.EmailOTP)
	})
	w.WantAction(f, config, "update")
	w.Patches()
	w.Up(f, config)
	w.WantFlow("USER_DEFINED BasicAuthenticator | totp email-otp-authenticator")
	if w.Script() != enrolling {
		t.Errorf("the script became %s", w.Script())
	}
	w.Edit(func(a *mockserver.Application) {
		a.AuthenticationSequence.Steps = providertest.StepsOf(providertest.Password + "|" + providertest.EmailOTP)
	})
	providertest.WantNoError(t, w.Start().Refresh(f))
	providertest.WantNoError(t, w.Apply(w.Plan(f, nil)))
	w.WantFlow("DEFAULT")
}

// A factor that is declared from now on is switched for everybody: the plan says so.
func TestApplicationFactorAddedToAResource(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	w.SetFlow(providertest.Password+"|"+providertest.EmailOTP, "")
	f := w.Create(providertest.TwoFactor, values{"totp_enabled": true})
	more := w.Plan(f, values{"totp_enabled": true, "email_otp_enabled": false})
	providertest.WantText(t, more.Diags.Warnings(), `Taking over more of the two-factor settings of "bifrost"`,
		"email_otp_enabled: true -> false")
	equal := w.Plan(f, values{"totp_enabled": true, "email_otp_enabled": true})
	providertest.WantNoDiagnostics(t, equal.Diags)
	less := w.Plan(f, values{"totp_enabled": false})
	providertest.WantNoDiagnostics(t, less.Diags)
	unread := w.PlanWithoutRefresh(f, values{"totp_enabled": true, "email_otp_enabled": false})
	providertest.WantNoDiagnostics(t, unread.Diags)    // what it is now, nobody knows
	providertest.WantNoDiagnostics(t, w.Apply(unread)) // nobody has changed it since
}
