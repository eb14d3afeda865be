package settings_test

import (
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// "terraform destroy" first plans as if nothing were to be destroyed. What others have done to an organization must not
// make that plan fail: the resource could never be destroyed. Applying it is what fails.

func TestApplicationDestroyOfWhatBecameCustom(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	config := values{"totp_enabled": true}
	f := w.Create(providertest.TwoFactor, config)
	w.SetFlow(providertest.Password+"|"+providertest.EmailOTP+"|"+providertest.Passkey, "")
	w.Mock.ClearRequests()
	planned := w.Plan(f, config)
	providertest.WantText(t, planned.Diags.Warnings(), "Unable to plan the two-factor settings", "step 3 follows",
		"step 1")
	providertest.WantNoError(t, planned.Diags)
	providertest.WantText(t, w.Start().Apply(planned).Errors(), "Unable to update the two-factor settings",
		"step 3 follows")
	changed := w.Plan(f, values{"totp_enabled": true, "email_otp_enabled": false})
	providertest.WantText(t, changed.Diags.Errors(), "Unable to plan the two-factor settings", "step 3 follows")
	w.Destroy(f, config)
	w.WantPatches()
}

func TestApplicationDestroyOfWhatBecameReadOnly(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	config := values{"enabled": false, "on_destroy": "keep"}
	p := w.Create(providertest.Portal, config)
	w.Edit(func(a *mockserver.Application) { a.ApplicationEnabled, a.Access = new(true), "READ" })
	planned := w.Plan(p, config)
	providertest.WantText(t, planned.Diags.Warnings().About("Unable to plan"), "Unable to plan the My Account portal",
		"read-only")
	providertest.WantText(t, w.Start().Apply(planned).Errors(), "Unable to update the My Account portal", "read-only",
		"state rm")
	w.Destroy(p, config)
}

func TestApplicationDestroyBeforeAMoveThatCannotBe(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]func(*mockserver.Organization){
		"no application": func(o *mockserver.Organization) { o.Applications = []mockserver.Application{} },
		"no scope": func(o *mockserver.Organization) {
			o.Scopes = []string{"internal_config_mgt_view", "internal_config_mgt_update"}
		},
		"custom flow": func(o *mockserver.Organization) {
			o.MyAccountApplication().AuthenticationSequence = &mockserver.AuthenticationSequence{
				Steps: providertest.StepsOf(providertest.Password + "|" + providertest.EmailOTP + "|" + providertest.Passkey),
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _, f, _, config := moveWorkspace(t)
			w.Mock.Update(func(state *mockserver.State) { broken(state.Organizations["bifrost"]) })
			moving := w.Plan(f, config)
			providertest.WantText(t, moving.Diags.Warnings().About("Unable to plan"), "Unable to plan the two-factor settings")
			before := f.State
			providertest.WantText(t, w.Start().Apply(moving).Errors(),
				"Unable to move the two-factor settings to the My Account application")
			if !providertest.Same(before, f.State) {
				t.Errorf("the state became %v", f.State)
			}
			w.Destroy(f, config)
			w.WantStored(stored{
				providertest.StatusObject: {
					"enable": "false",
				}, providertest.TwoFactorObject: {"email_otp_enabled": "true", "totp_enabled": "false"},
			})
		})
	}
}

// The place is gone that the state has the settings in: moving them is the way out that the message names.
func TestApplicationMoveFromAPlaceThatIsGone(t *testing.T) {
	t.Parallel()
	w, p, _, config, _ := moveWorkspace(t)
	w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].TypeMissing = true })
	providertest.WantText(t, w.Start().Refresh(p).Warnings(), `The My Account portal of "bifrost": not refreshed`,
		`my_account_api = "application"`)
	w.Up(p, config)
	if p.State["api"] != "application" || *w.Application().ApplicationEnabled {
		t.Errorf("the state is %v", p.State)
	}

	w = providertest.NewApplicationWorkspace(t)
	p = w.Create(providertest.Portal, config)
	w.Mock.Update(func(state *mockserver.State) {
		providertest.ApplicationPlace{}.RemoveSettings(state.Organizations["bifrost"])
	})
	providertest.WantError(t, w.Start().Refresh(p), "Unable to read the My Account portal") // positive control
	w.Provider["my_account_api"] = "classic"
	providertest.WantText(t, w.Start().Refresh(p).Warnings(), `The My Account portal of "bifrost": not refreshed`,
		`my_account_api = "classic"`)
	w.Up(p, config)
	w.WantStored(stored{providertest.StatusObject: {"enable": "false"}})

	w = providertest.NewApplicationWorkspace(t)
	p = w.Create(providertest.Portal, config)
	w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].ApplicationSwitchMissing = true })
	providertest.WantError(t, w.Start().Refresh(p), "Unable to read the My Account portal") // positive control
	w.Provider["my_account_api"] = "classic"
	providertest.WantText(t, w.Start().Refresh(p).Warnings(), `The My Account portal of "bifrost": not refreshed`)
	w.Up(p, config)
}

// A script that is stored with an application shows only with a flow of its own.
func TestApplicationScriptThatComesToLight(t *testing.T) {
	t.Parallel()
	hidden := func(script string) *providertest.Workspace {
		w := providertest.NewApplicationWorkspace(t)
		w.Edit(func(a *mockserver.Application) {
			a.AuthenticationSequence = &mockserver.AuthenticationSequence{Type: "DEFAULT", Script: script}
		})
		return w
	}
	w := hidden(providertest.ConsoleScript(1))
	w.Create(providertest.TwoFactor, values{"totp_enabled": true})
	if got := w.Script(); got != providertest.WithoutBlanks(providertest.ConsoleScript(2)) || len(w.Patches()) != 2 {
		t.Errorf("the script is %s", got)
	}
	w = hidden("var onLoginRequest = function(context) { if (a) { executeStep(1); } };")
	o := &providertest.Object{TypeName: providertest.TwoFactor}
	diags := w.Start().Apply(w.Plan(o, values{"totp_enabled": true}))
	providertest.WantText(t, diags.Errors(), "Unable to create the two-factor settings", "login script came to light",
		"step 2")
	providertest.WantText(t, w.Plan(o, values{"totp_enabled": true}).Diags.Warnings(),
		`The login flow of "bifrost" decides by itself`)
}

// Where TOTP is off, enrollment is off with it, and has no value of its own that anybody should copy.
func TestApplicationEnrollmentWithoutTOTPIsNotShown(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	imported := w.Adopt(providertest.TwoFactor)
	providertest.WantNoError(t, w.Start().Refresh(imported))
	if value, shown := imported.State["totp_enrollment_enabled"]; shown {
		t.Errorf("the import shows %v", value)
	}
	data, diags := w.Start().Read(providertest.TwoFactor, values{})
	providertest.WantNoDiagnostics(t, diags)
	if data["totp_enabled"] != false || data["totp_enrollment_enabled"] != nil {
		t.Errorf("the data source shows %v", data)
	}
	off := values{"totp_enabled": false, "totp_enrollment_enabled": false}
	w.Create(providertest.TwoFactor, off) // the same as leaving both out
	w.WantFlow("DEFAULT")
	both := w.Plan(
		&providertest.Object{TypeName: providertest.TwoFactor},
		values{"totp_enabled": true, "totp_enrollment_enabled": false},
	)
	providertest.WantText(t, both.Diags.Warnings().About("Taking over"), "Taking over", "totp_enabled: false -> true",
		"totp_enrollment_enabled: not set -> false")
}

func TestApplicationDeniedOnce(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	w.Wrap = providertest.BesidesFaults(t)
	w.Mock.AddFault(mockserver.Fault{
		Match: mockserver.Match{Method: "PATCH"}, Action: mockserver.ActionStatus, Status: 404,
		Body: `{"code":"APP-60006","message":"Application not found.","description":"Gone."}`,
	})
	p := w.Create(providertest.Portal, values{"enabled": false})
	if *w.Application().ApplicationEnabled || p.State["enabled"] != false {
		t.Errorf("the state is %v", p.State)
	}
}
