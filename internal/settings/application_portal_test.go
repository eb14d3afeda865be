package settings_test

import (
	"net/http"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// The portal as an application, and the choice of where the settings are. Numbers are those of the story in
// application_two_factor_test.go, too: each is one promise.

func TestApplication01ChoosingThePlace(t *testing.T) {
	w := providertest.NewApplicationWorkspace(t)
	providertest.WantText(t, providertest.NewProcess(t).Configure(with(w.Provider, "my_account_api", "applications")),
		"my_account_api", `"application"`, `"classic"`)

	t.Setenv("ASGARDEO_MY_ACCOUNT_API", "classic")
	w.Create(providertest.Portal, values{"enabled": true})
	w.WantNoRequestTo("/applications")
	w.Mock.ClearRequests()
	w.Provider["my_account_api"] = "application" // the block wins
	w.Create(providertest.Portal, values{"enabled": true})
	w.WantNoRequestTo("/config-mgt/")

	t.Setenv("ASGARDEO_MY_ACCOUNT_API", "Classic")
	delete(w.Provider, "my_account_api")
	providertest.WantText(t, providertest.NewProcess(t).Configure(w.Provider), "ASGARDEO_MY_ACCOUNT_API", `"application"`,
		`"classic"`)
}

func TestApplication02ClassicLeavesApplicationsAlone(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	w.WithSender()
	p, f := w.Create(
		providertest.Portal,
		values{"enabled": false},
	), w.Create(
		providertest.TwoFactor,
		values{"totp_enabled": true, "sms_otp_enabled": true},
	)
	providertest.WantNoError(t, w.Apply(w.Plan(f, nil)))
	providertest.WantNoError(t, w.Apply(w.Plan(p, nil)))
	w.WantNoRequestTo("/applications", "/identity-governance", "/authenticators")
}

func TestApplication03WorksWithoutTheClassicType(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].TypeMissing = true })
	p := w.Create(providertest.Portal, values{"enabled": false})
	f := w.Create(
		providertest.TwoFactor,
		values{"totp_enabled": true, "totp_enrollment_enabled": false, "email_otp_enabled": true},
	)
	w.Up(f, values{"totp_enabled": false, "email_otp_enabled": true})
	providertest.WantNoError(t, w.Apply(w.Plan(f, nil)))
	providertest.WantNoError(t, w.Apply(w.Plan(p, nil)))
	w.WantNoRequestTo("/config-mgt/", "/identity-governance")
	w.WantFlow("DEFAULT")
}

func TestApplication04TheAPIIsShown(t *testing.T) {
	t.Parallel()
	for _, api := range []string{"application", "classic"} {
		w := providertest.NewApplicationWorkspace(t)
		w.Provider["my_account_api"] = api
		for typeName, config := range map[string]values{
			providertest.Portal: {"enabled": true}, providertest.TwoFactor: {"totp_enabled": false},
		} {
			if got := w.Create(typeName, config).State["api"]; got != api {
				t.Errorf("the state of %s says %v, want %s", typeName, got, api)
			}
			data, diags := w.Start().Read(typeName, values{})
			providertest.WantNoDiagnostics(t, diags)
			if data["api"] != api {
				t.Errorf("the data source %s says %v, want %s", typeName, data["api"], api)
			}
		}
	}
}

// moveWorkspace has a portal and second factors that were applied in the classic place.
func moveWorkspace(
	t *testing.T,
) (w *providertest.Workspace, p, f *providertest.Object, portalConfig, factorConfig values) {
	t.Helper()
	w = providertest.NewApplicationWorkspace(t)
	w.Provider["my_account_api"] = "classic"
	w.Console(stored{providertest.TwoFactorObject: {"email_otp_enabled": "true"}})
	portalConfig, factorConfig = values{
		"enabled": false,
	}, values{
		"totp_enabled":      true,
		"email_otp_enabled": false,
	}
	p, f = w.Create(providertest.Portal, portalConfig), w.Create(providertest.TwoFactor, factorConfig)
	delete(w.Provider, "my_account_api")
	w.Mock.ClearRequests()
	return w, p, f, portalConfig, factorConfig
}

func TestApplication05MovingFromTheClassicPlace(t *testing.T) {
	t.Parallel()
	w, p, f, portalConfig, factorConfig := moveWorkspace(t)
	w.SetFlow(providertest.Password+"|"+providertest.EmailOTP, "")
	before := w.Mock.State().Organizations["bifrost"].MyAccount

	moving := w.WantAction(p, portalConfig, "update")
	providertest.WantText(t, moving.Diags, `Moving the My Account portal of "bifrost" to the My Account application`,
		"until now Terraform managed the classic settings", "enabled: true -> false")
	if moving.Planned["api"] != "application" {
		t.Errorf("planned is %v", moving.Planned)
	}
	providertest.WantNoError(t, w.Apply(moving))
	moving = w.WantAction(f, factorConfig, "update")
	providertest.WantText(t, moving.Diags, `Moving the two-factor settings of "bifrost" to the My Account application`,
		"totp_enabled: false -> true", "email_otp_enabled: true -> false")
	providertest.WantNoError(t, w.Apply(moving))

	for _, request := range w.Mock.Requests() {
		if request.Method == http.MethodPut {
			t.Errorf("%s %s changed the classic place", request.Method, request.Path)
		}
	}
	w.WantStored(before)
	w.WantAction(p, portalConfig, "no-op")
	w.WantAction(f, factorConfig, "no-op")
	w.WantFlow("USER_DEFINED BasicAuthenticator | totp")
}

func TestApplication06DestroyGoesWhereTerraformWrote(t *testing.T) {
	t.Parallel()
	t.Run("before the move", func(t *testing.T) {
		t.Parallel()
		w, p, f, _, _ := moveWorkspace(t)
		providertest.WantNoError(t, w.Apply(w.Plan(f, nil)))
		providertest.WantNoError(t, w.Apply(w.Plan(p, nil)))
		w.WantPatches()
		w.WantStored(stored{
			providertest.StatusObject:    {"enable": "true"},
			providertest.TwoFactorObject: {"email_otp_enabled": "true", "totp_enabled": "false"},
		})
	})
	t.Run("after the move", func(t *testing.T) {
		t.Parallel()
		w, p, f, portalConfig, factorConfig := moveWorkspace(t)
		w.Up(p, portalConfig)
		w.Up(f, factorConfig)
		classic := w.Mock.State().Organizations["bifrost"].MyAccount
		providertest.WantNoError(t, w.Apply(w.Plan(f, nil)))
		providertest.WantNoError(t, w.Apply(w.Plan(p, nil)))
		w.WantStored(classic)
		w.WantFlow("DEFAULT")
		if !*w.Application().ApplicationEnabled {
			t.Error("the portal stays off")
		}
	})
	t.Run("and back again", func(t *testing.T) {
		t.Parallel()
		w, p, _, portalConfig, _ := moveWorkspace(t)
		w.Up(p, portalConfig)
		w.Provider["my_account_api"] = "classic"
		moving := w.WantAction(p, portalConfig, "update")
		providertest.WantText(t, moving.Diags, `Moving the My Account portal of "bifrost" to the classic settings`,
			"until now Terraform managed the My Account application", "nothing is changed there")
		providertest.WantNoError(t, w.Apply(moving))
		w.WantAction(p, portalConfig, "no-op")
		if *w.Application().ApplicationEnabled {
			t.Error("leaving the application changed it")
		}
	})
}

func TestApplication07SwitchingOffSendsOneMember(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	p := w.Create(providertest.Portal, values{"enabled": false})
	w.WantPatches(`{"applicationEnabled":false}`)
	if *w.Application().ApplicationEnabled {
		t.Error("the portal is on")
	}
	w.Up(p, values{"enabled": true})
	w.WantPatches(`{"applicationEnabled":true}`)
	w.WantFlow("DEFAULT")
}

func TestApplication08SwitchingOffSignsOut(t *testing.T) {
	t.Parallel()
	const summary = `Switching off the My Account portal of "bifrost" signs everybody out`
	w := providertest.NewApplicationWorkspace(t)
	creating := w.Plan(&providertest.Object{TypeName: providertest.Portal}, values{"enabled": false})
	providertest.WantText(t, creating.Diags.Warnings(), summary, "revokes")
	p := w.Create(providertest.Portal, values{"enabled": true})
	providertest.WantText(t, w.Plan(p, values{"enabled": false}).Diags.Warnings(), summary, "revokes")
	w.Up(p, values{"enabled": false})
	if found := w.Plan(p, values{"enabled": true}).Diags.About(summary); len(found) > 0 {
		t.Errorf("switching on warns:\n%s", found)
	}
	if found := w.Plan(p, values{"enabled": false}).Diags.About(summary); len(found) > 0 {
		t.Errorf("a plan without a change warns:\n%s", found)
	}

	w = providertest.NewApplicationWorkspace(t)
	w.SwitchPortal(false)
	p = w.Create(providertest.Portal, values{"enabled": true})
	providertest.WantText(t, w.Plan(p, nil).Diags.Warnings(), summary, "revokes")
	w.Provider["client_secret"] = providertest.Unknown
	unread := w.Start().Plan(p, nil)
	providertest.WantWarning(t, unread.Diags, "Destroying the My Account portal", "enabled: true -> false")
	classic := providertest.NewWorkspace(t)
	switchingOff := classic.Plan(&providertest.Object{TypeName: providertest.Portal}, values{"enabled": false})
	if found := switchingOff.Diags.About(summary); len(found) > 0 {
		t.Errorf("the classic place warns of what it does not do:\n%s", found)
	}
}

func TestApplication09WhatIsRightIsNotWritten(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	w.Create(providertest.Portal, values{"enabled": true})
	w.WantPatches()
}

func TestApplication10ExactName(t *testing.T) {
	t.Parallel()
	namesake := mockserver.Application{Name: "My Account Beta"}
	w := providertest.NewApplicationWorkspace(t)
	w.Mock.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].Applications = []mockserver.Application{
			namesake,
			{Name: "My Account", ClientID: "MY_ACCOUNT"},
		}
	})
	p := w.Create(providertest.Portal, values{"enabled": false})
	for _, application := range w.Mock.State().Organizations["bifrost"].Applications {
		on := application.ApplicationEnabled == nil || *application.ApplicationEnabled
		if on != (application.Name == namesake.Name) {
			t.Errorf("%s is %t", application.Name, on)
		}
	}

	w.Mock.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].Applications = []mockserver.Application{namesake}
	})
	state := p.State
	providertest.WantText(t, w.Start().Refresh(p).Errors(), "Unable to read the My Account portal",
		`no application "My Account"`, "bifrost")
	if p.State == nil || !providertest.Same(p.State, state) {
		t.Errorf("the state became %v", p.State)
	}
	if len(w.Patches()) > 1 {
		t.Error("the namesake was changed")
	}
}

func TestApplication11ReadOnly(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	p := w.Create(providertest.Portal, values{"enabled": true})
	f := w.Create(providertest.TwoFactor, values{"totp_enabled": true})
	w.Mock.ClearRequests()
	saved := w.Plan(p, values{"enabled": false})
	w.Edit(func(a *mockserver.Application) { a.Access = "READ" })
	providertest.WantText(t, w.Start().Apply(saved).Errors(), "Unable to", "read-only", "read_only_apps")
	for _, planned := range []*providertest.Plan{
		w.Plan(p, values{"enabled": false}),
		w.Plan(f, values{"totp_enabled": true, "email_otp_enabled": true}),
		w.Plan(f, nil),
	} {
		providertest.WantText(t, planned.Diags.Errors(), "Unable to plan", "read-only", "read_only_apps")
	}
	w.WantPatches()
	w.WantAction(p, values{"enabled": true}, "no-op")
	w.WantAction(f, values{"totp_enabled": true}, "no-op")
}

func TestApplication12ServerWithoutTheSwitch(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].ApplicationSwitchMissing = true })
	providertest.WantText(t,
		w.Plan(&providertest.Object{TypeName: providertest.Portal}, values{"enabled": false}).Diags.Errors(),
		"Unable to plan the My Account portal", "too old", "May 2024", "7.1")
	_, diags := w.Start().Read(providertest.Portal, values{})
	providertest.WantText(t, diags.Errors(), "Unable to read the My Account portal", "too old")
	w.Create(providertest.TwoFactor, values{"totp_enabled": true})
	w.WantFlow("USER_DEFINED BasicAuthenticator | totp")
}

func TestApplication13CopyOfASubOrganization(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	w.Edit(func(a *mockserver.Application) { a.Fragment = true })
	o := &providertest.Object{TypeName: providertest.Portal}
	diags := w.Start().Apply(w.Plan(o, values{"enabled": false}))
	providertest.WantText(t, diags.Errors(), "Unable to create the My Account portal", "did not take effect",
		"sub-organization")
	if o.State != nil {
		t.Errorf("the state claims %v", o.State)
	}

	p := w.Create(providertest.Portal, values{"enabled": true})
	diags = w.Start().Apply(w.Plan(p, values{"enabled": false}))
	providertest.WantText(t, diags.Errors(), "Unable to update the My Account portal", "did not take effect")
	if p.State["enabled"] != true {
		t.Errorf("the state claims %v", p.State)
	}
}

func TestApplication14DriftOfThePortal(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	p := w.Create(providertest.Portal, values{"enabled": true})
	w.SwitchPortal(false)
	w.Mock.ClearRequests()
	repairing := w.WantAction(p, values{"enabled": true}, "update")
	if p.State["enabled"] != false {
		t.Error("the refresh does not see the switch")
	}
	providertest.WantNoError(t, w.Apply(repairing))
	w.WantPatches(`{"applicationEnabled":true}`)
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
