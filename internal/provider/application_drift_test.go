package provider

import (
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// "terraform destroy" first plans as if nothing were to be destroyed. What others have done to an organization must not
// make that plan fail: the resource could never be destroyed. Applying it is what fails.

// destroyed does what "terraform destroy" does: a refresh, a plan, and the plan of the destruction.
func (w *workspace) destroyed(o *object, config values) {
	w.t.Helper()
	wantNoError(w.t, w.plan(o, config).diags)
	wantNoError(w.t, w.apply(w.plan(o, nil)))
	if o.state != nil {
		w.t.Errorf("%s is still in the state", o.typeName)
	}
}

func TestApplicationDestroyOfWhatBecameCustom(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	config := values{"totp_enabled": true}
	f := w.create(twoFactor, config)
	w.setFlow(password+"|"+emailOTP+"|"+passkey, "")
	w.mock.ClearRequests()
	planned := w.plan(f, config)
	wantText(t, planned.diags.warnings(), "Unable to plan the two-factor settings", "step 3 follows", "step 1")
	wantNoError(t, planned.diags)
	wantText(t, w.start().apply(planned).errors(), "Unable to update the two-factor settings", "step 3 follows")
	changed := w.plan(f, values{"totp_enabled": true, "email_otp_enabled": false})
	wantText(t, changed.diags.errors(), "Unable to plan the two-factor settings", "step 3 follows")
	w.destroyed(f, config)
	w.wantPatches()
}

func TestApplicationDestroyOfWhatBecameReadOnly(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	config := values{"enabled": false, "on_destroy": "keep"}
	p := w.create(portal, config)
	w.edit(func(a *mockserver.Application) { a.ApplicationEnabled, a.Access = new(true), "READ" })
	planned := w.plan(p, config)
	wantText(t, planned.diags.warnings().about("Unable to plan"), "Unable to plan the My Account portal", "read-only")
	wantText(t, w.start().apply(planned).errors(), "Unable to update the My Account portal", "read-only", "state rm")
	w.destroyed(p, config)
}

func TestApplicationDestroyBeforeAMoveThatCannotBe(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]func(*mockserver.Organization){
		"no application": func(o *mockserver.Organization) { o.Applications = []mockserver.Application{} },
		"no scope": func(o *mockserver.Organization) {
			o.Scopes = []string{"internal_config_mgt_view", "internal_config_mgt_update"}
		},
		"custom flow": func(o *mockserver.Organization) {
			o.MyAccountApplication().AuthenticationSequence = &mockserver.AuthenticationSequence{Steps: stepsOf(password + "|" + emailOTP + "|" + passkey)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _, f, _, config := moveWorkspace(t)
			w.mock.Update(func(state *mockserver.State) { broken(state.Organizations["bifrost"]) })
			moving := w.plan(f, config)
			wantText(t, moving.diags.warnings().about("Unable to plan"), "Unable to plan the two-factor settings")
			before := f.state
			wantText(t, w.start().apply(moving).errors(), "Unable to move the two-factor settings to the My Account application")
			if !same(before, f.state) {
				t.Errorf("the state became %v", f.state)
			}
			w.destroyed(f, config)
			w.wantStored(stored{
				statusObject: {"enable": "false"}, twoFactorObject: {"email_otp_enabled": "true", "totp_enabled": "false"},
			})
		})
	}
}

// The place is gone that the state has the settings in: moving them is the way out that the message names.
func TestApplicationMoveFromAPlaceThatIsGone(t *testing.T) {
	t.Parallel()
	w, p, _, config, _ := moveWorkspace(t)
	w.mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].TypeMissing = true })
	wantText(t, w.start().refresh(p).warnings(), `The My Account portal of "bifrost": not refreshed`, `my_account_api = "application"`)
	w.up(p, config)
	if p.state["api"] != "application" || *w.application().ApplicationEnabled {
		t.Errorf("the state is %v", p.state)
	}
}

// A script that is stored with an application shows only with a flow of its own.
func TestApplicationScriptThatComesToLight(t *testing.T) {
	t.Parallel()
	hidden := func(script string) *workspace {
		w := newApplicationWorkspace(t)
		w.edit(func(a *mockserver.Application) {
			a.AuthenticationSequence = &mockserver.AuthenticationSequence{Type: "DEFAULT", Script: script}
		})
		return w
	}
	w := hidden(consoleScript(1))
	w.create(twoFactor, values{"totp_enabled": true})
	if got := w.script(); got != withoutBlanks(consoleScript(2)) || len(w.patches()) != 2 {
		t.Errorf("the script is %s", got)
	}
	w = hidden("var onLoginRequest = function(context) { if (a) { executeStep(1); } };")
	o := &object{typeName: twoFactor}
	diags := w.start().apply(w.plan(o, values{"totp_enabled": true}))
	wantText(t, diags.errors(), "Unable to create the two-factor settings", "login script came to light", "step 2")
	wantText(t, w.plan(o, values{"totp_enabled": true}).diags.warnings(), `The login flow of "bifrost" decides by itself`)
}

// Where TOTP is off, enrollment is off with it, and has no value of its own that anybody should copy.
func TestApplicationEnrollmentWithoutTOTPIsNotShown(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	imported := w.adopt(twoFactor)
	wantNoError(t, w.start().refresh(imported))
	if value, shown := imported.state["totp_enrollment_enabled"]; shown {
		t.Errorf("the import shows %v", value)
	}
	data, diags := w.start().read(twoFactor, values{})
	wantNoDiagnostics(t, diags)
	if data["totp_enabled"] != false || data["totp_enrollment_enabled"] != nil {
		t.Errorf("the data source shows %v", data)
	}
	off := values{"totp_enabled": false, "totp_enrollment_enabled": false}
	w.create(twoFactor, off) // the same as leaving both out
	w.wantFlow("DEFAULT")
	both := w.plan(&object{typeName: twoFactor}, values{"totp_enabled": true, "totp_enrollment_enabled": false})
	wantText(t, both.diags.warnings().about("Taking over"), "Taking over", "totp_enabled: false -> true",
		"totp_enrollment_enabled: not set -> false")
}

func TestApplicationDeniedOnce(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	w.wrap = besidesFaults(t)
	w.mock.AddFault(mockserver.Fault{
		Match: mockserver.Match{Method: "PATCH"}, Action: mockserver.ActionStatus, Status: 404,
		Body: `{"code":"APP-60006","message":"Application not found.","description":"Gone."}`,
	})
	p := w.create(portal, values{"enabled": false})
	if *w.application().ApplicationEnabled || p.state["enabled"] != false {
		t.Errorf("the state is %v", p.state)
	}
}
