package provider

import (
	"net/http"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// The portal as an application, and the choice of where the settings are. Numbers are those of application_flow_test.go's
// story, too: each is one promise.

func TestApplication01ChoosingThePlace(t *testing.T) {
	w := newApplicationWorkspace(t)
	wantText(t, newProcess(t).configure(with(w.provider, "my_account_api", "applications")), "my_account_api",
		`"application"`, `"classic"`)

	t.Setenv("ASGARDEO_MY_ACCOUNT_API", "classic")
	w.create(portal, values{"enabled": true})
	w.wantNoRequestTo("/applications")
	w.mock.ClearRequests()
	w.provider["my_account_api"] = "application" // the block wins
	w.create(portal, values{"enabled": true})
	w.wantNoRequestTo("/config-mgt/")

	t.Setenv("ASGARDEO_MY_ACCOUNT_API", "Classic")
	delete(w.provider, "my_account_api")
	wantText(t, newProcess(t).configure(w.provider), "ASGARDEO_MY_ACCOUNT_API", `"application"`, `"classic"`)
}

func TestApplication02ClassicLeavesApplicationsAlone(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.withSender()
	p, f := w.create(portal, values{"enabled": false}), w.create(twoFactor, values{"totp_enabled": true, "sms_otp_enabled": true})
	wantNoError(t, w.apply(w.plan(f, nil)))
	wantNoError(t, w.apply(w.plan(p, nil)))
	w.wantNoRequestTo("/applications", "/identity-governance", "/authenticators")
}

func TestApplication03WorksWithoutTheClassicType(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	w.mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].TypeMissing = true })
	p := w.create(portal, values{"enabled": false})
	f := w.create(twoFactor, values{"totp_enabled": true, "totp_enrollment_enabled": false, "email_otp_enabled": true})
	w.up(f, values{"totp_enabled": false, "email_otp_enabled": true})
	wantNoError(t, w.apply(w.plan(f, nil)))
	wantNoError(t, w.apply(w.plan(p, nil)))
	w.wantNoRequestTo("/config-mgt/", "/identity-governance")
	w.wantFlow("DEFAULT")
}

func TestApplication04TheAPIIsShown(t *testing.T) {
	t.Parallel()
	for _, api := range []string{"application", "classic"} {
		w := newApplicationWorkspace(t)
		w.provider["my_account_api"] = api
		for typeName, config := range map[string]values{portal: {"enabled": true}, twoFactor: {"totp_enabled": false}} {
			if got := w.create(typeName, config).state["api"]; got != api {
				t.Errorf("the state of %s says %v, want %s", typeName, got, api)
			}
			data, diags := w.start().read(typeName, values{})
			wantNoDiagnostics(t, diags)
			if data["api"] != api {
				t.Errorf("the data source %s says %v, want %s", typeName, data["api"], api)
			}
		}
	}
}

// moveWorkspace has a portal and second factors that were applied in the classic place.
func moveWorkspace(t *testing.T) (w *workspace, p, f *object, portalConfig, factorConfig values) {
	t.Helper()
	w = newApplicationWorkspace(t)
	w.provider["my_account_api"] = "classic"
	w.console(stored{twoFactorObject: {"email_otp_enabled": "true"}})
	portalConfig, factorConfig = values{"enabled": false}, values{"totp_enabled": true, "email_otp_enabled": false}
	p, f = w.create(portal, portalConfig), w.create(twoFactor, factorConfig)
	delete(w.provider, "my_account_api")
	w.mock.ClearRequests()
	return w, p, f, portalConfig, factorConfig
}

func TestApplication05MovingFromTheClassicPlace(t *testing.T) {
	t.Parallel()
	w, p, f, portalConfig, factorConfig := moveWorkspace(t)
	w.setFlow(password+"|"+emailOTP, "")
	before := w.mock.State().Organizations["bifrost"].MyAccount

	moving := w.wantAction(p, portalConfig, "update")
	wantText(t, moving.diags, `Moving the My Account portal of "bifrost" to the My Account application`, "enabled: true -> false")
	if moving.planned["api"] != "application" {
		t.Errorf("planned is %v", moving.planned)
	}
	wantNoError(t, w.apply(moving))
	moving = w.wantAction(f, factorConfig, "update")
	wantText(t, moving.diags, `Moving the two-factor settings of "bifrost" to the My Account application`,
		"totp_enabled: false -> true", "email_otp_enabled: true -> false")
	wantNoError(t, w.apply(moving))

	for _, request := range w.mock.Requests() {
		if request.Method == http.MethodPut {
			t.Errorf("%s %s changed the classic place", request.Method, request.Path)
		}
	}
	w.wantStored(before)
	w.wantAction(p, portalConfig, "no-op")
	w.wantAction(f, factorConfig, "no-op")
	w.wantFlow("USER_DEFINED BasicAuthenticator | totp")
}

func TestApplication06DestroyGoesWhereTerraformWrote(t *testing.T) {
	t.Parallel()
	t.Run("before the move", func(t *testing.T) {
		t.Parallel()
		w, p, f, _, _ := moveWorkspace(t)
		wantNoError(t, w.apply(w.plan(f, nil)))
		wantNoError(t, w.apply(w.plan(p, nil)))
		w.wantPatches()
		w.wantStored(stored{
			statusObject:    {"enable": "true"},
			twoFactorObject: {"email_otp_enabled": "true", "totp_enabled": "false"},
		})
	})
	t.Run("after the move", func(t *testing.T) {
		t.Parallel()
		w, p, f, portalConfig, factorConfig := moveWorkspace(t)
		w.up(p, portalConfig)
		w.up(f, factorConfig)
		classic := w.mock.State().Organizations["bifrost"].MyAccount
		wantNoError(t, w.apply(w.plan(f, nil)))
		wantNoError(t, w.apply(w.plan(p, nil)))
		w.wantStored(classic)
		w.wantFlow("DEFAULT")
		if !*w.application().ApplicationEnabled {
			t.Error("the portal stays off")
		}
	})
	t.Run("and back again", func(t *testing.T) {
		t.Parallel()
		w, p, _, portalConfig, _ := moveWorkspace(t)
		w.up(p, portalConfig)
		w.provider["my_account_api"] = "classic"
		moving := w.wantAction(p, portalConfig, "update")
		wantText(t, moving.diags, `Moving the My Account portal of "bifrost" to the classic settings`, "nothing is changed there")
		wantNoError(t, w.apply(moving))
		w.wantAction(p, portalConfig, "no-op")
		if *w.application().ApplicationEnabled {
			t.Error("leaving the application changed it")
		}
	})
}

func TestApplication07SwitchingOffSendsOneMember(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	p := w.create(portal, values{"enabled": false})
	w.wantPatches(`{"applicationEnabled":false}`)
	if *w.application().ApplicationEnabled {
		t.Error("the portal is on")
	}
	w.up(p, values{"enabled": true})
	w.wantPatches(`{"applicationEnabled":true}`)
	w.wantFlow("DEFAULT")
}

func TestApplication08SwitchingOffSignsOut(t *testing.T) {
	t.Parallel()
	const summary = `Switching off the My Account portal of "bifrost" signs everybody out`
	w := newApplicationWorkspace(t)
	creating := w.plan(&object{typeName: portal}, values{"enabled": false})
	wantText(t, creating.diags.warnings(), summary, "revokes")
	p := w.create(portal, values{"enabled": true})
	wantText(t, w.plan(p, values{"enabled": false}).diags.warnings(), summary, "revokes")
	w.up(p, values{"enabled": false})
	if found := w.plan(p, values{"enabled": true}).diags.about(summary); len(found) > 0 {
		t.Errorf("switching on warns:\n%s", found)
	}
	if found := w.plan(p, values{"enabled": false}).diags.about(summary); len(found) > 0 {
		t.Errorf("a plan without a change warns:\n%s", found)
	}

	w = newApplicationWorkspace(t)
	w.switchPortal(false)
	p = w.create(portal, values{"enabled": true})
	wantText(t, w.plan(p, nil).diags.warnings(), summary, "revokes")
	classic := newWorkspace(t)
	if found := classic.plan(&object{typeName: portal}, values{"enabled": false}).diags.about(summary); len(found) > 0 {
		t.Errorf("the classic place warns of what it does not do:\n%s", found)
	}
}

func TestApplication09WhatIsRightIsNotWritten(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	w.create(portal, values{"enabled": true})
	w.wantPatches()
}

func TestApplication10ExactName(t *testing.T) {
	t.Parallel()
	namesake := mockserver.Application{Name: "My Account Beta"}
	w := newApplicationWorkspace(t)
	w.mock.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].Applications = []mockserver.Application{namesake, {Name: "My Account", ClientID: "MY_ACCOUNT"}}
	})
	p := w.create(portal, values{"enabled": false})
	for _, application := range w.mock.State().Organizations["bifrost"].Applications {
		if on := application.ApplicationEnabled == nil || *application.ApplicationEnabled; on != (application.Name == namesake.Name) {
			t.Errorf("%s is %t", application.Name, on)
		}
	}

	w.mock.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].Applications = []mockserver.Application{namesake}
	})
	state := p.state
	wantText(t, w.start().refresh(p).errors(), "Unable to read the My Account portal", `no application "My Account"`, "bifrost")
	if p.state == nil || !same(p.state, state) {
		t.Errorf("the state became %v", p.state)
	}
	if len(w.patches()) > 1 {
		t.Error("the namesake was changed")
	}
}

func TestApplication11ReadOnly(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	p := w.create(portal, values{"enabled": true})
	f := w.create(twoFactor, values{"totp_enabled": true})
	w.mock.ClearRequests()
	saved := w.plan(p, values{"enabled": false})
	w.edit(func(a *mockserver.Application) { a.Access = "READ" })
	wantText(t, w.start().apply(saved).errors(), "Unable to", "read-only", "read_only_apps")
	for _, planned := range []*plan{
		w.plan(p, values{"enabled": false}), w.plan(f, values{"totp_enabled": true, "email_otp_enabled": true}), w.plan(f, nil),
	} {
		wantText(t, planned.diags.errors(), "Unable to plan", "read-only", "read_only_apps")
	}
	w.wantPatches()
	w.wantAction(p, values{"enabled": true}, "no-op")
	w.wantAction(f, values{"totp_enabled": true}, "no-op")
}

func TestApplication12ServerWithoutTheSwitch(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	w.mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].ApplicationSwitchMissing = true })
	wantText(t, w.plan(&object{typeName: portal}, values{"enabled": false}).diags.errors(), "Unable to plan the My Account portal",
		"too old", "May 2024", "7.1")
	_, diags := w.start().read(portal, values{})
	wantText(t, diags.errors(), "Unable to read the My Account portal", "too old")
	w.create(twoFactor, values{"totp_enabled": true})
	w.wantFlow("USER_DEFINED BasicAuthenticator | totp")
}

func TestApplication13CopyOfASubOrganization(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	w.edit(func(a *mockserver.Application) { a.Fragment = true })
	o := &object{typeName: portal}
	diags := w.start().apply(w.plan(o, values{"enabled": false}))
	wantText(t, diags.errors(), "Unable to create the My Account portal", "did not take effect", "sub-organization")
	if o.state != nil {
		t.Errorf("the state claims %v", o.state)
	}

	p := w.create(portal, values{"enabled": true})
	diags = w.start().apply(w.plan(p, values{"enabled": false}))
	wantText(t, diags.errors(), "Unable to update the My Account portal", "did not take effect")
	if p.state["enabled"] != true {
		t.Errorf("the state claims %v", p.state)
	}
}

func TestApplication14DriftOfThePortal(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	p := w.create(portal, values{"enabled": true})
	w.switchPortal(false)
	w.mock.ClearRequests()
	repairing := w.wantAction(p, values{"enabled": true}, "update")
	if p.state["enabled"] != false {
		t.Error("the refresh does not see the switch")
	}
	wantNoError(t, w.apply(repairing))
	w.wantPatches(`{"applicationEnabled":true}`)
}

// with is a copy of values with one more.
func with(all values, name string, value any) values {
	more := values{name: value}
	for name, value := range all {
		if _, set := more[name]; !set {
			more[name] = value
		}
	}
	return more
}
