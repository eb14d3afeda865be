package loginflow_test

import (
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// What a destroy makes of the flow, and what becomes of one in another organization.

// TestLoginFlowThatIsBackAlready needs no destroy, and nothing is said of it.
func TestLoginFlowThatIsBackAlready(t *testing.T) {
	t.Parallel()
	for mode, back := range map[string]func(w *providertest.Workspace){
		"restore": func(w *providertest.Workspace) { w.SetFlow(password+"|"+emailOTP, "") },
		"reset": func(w *providertest.Workspace) {
			w.Edit(func(a *mockserver.Application) { a.AuthenticationSequence = nil })
		},
	} {
		w := newWorkspace(t)
		w.SetFlow(password+"|"+emailOTP, "")
		o := w.Create(providertest.LoginFlowType, flowConfig(password+"|totp").With(values{"on_destroy": mode}))
		wantWarning(t, w.Plan(o, nil).Diags, "Destroying the login flow") // positive control
		back(w)
		before := w.WholeFlow()
		destruction := w.Plan(o, nil)
		wantNoDiagnostics(t, destruction.Diags)
		wantNoDiagnostics(t, w.Apply(destruction))
		if got := w.WholeFlow(); got != before {
			t.Errorf("%s: after destroy: %s, want %s", mode, got, before)
		}
	}
}

// TestRestoreOfALoginFlowWithSMSOTP needs a sender.
func TestRestoreOfALoginFlowWithSMSOTP(t *testing.T) {
	t.Parallel()
	for _, there := range []bool{false, true} {
		w := newWorkspace(t)
		w.WithSender()
		w.SetFlow(password+"|"+smsOTP, "")
		o := w.Create(providertest.LoginFlowType, flowConfig(password+"|totp"))
		want, text := "USER_DEFINED BasicAuthenticator | sms-otp-authenticator", "  then:\n"
		if !there {
			w.SetSender(nil)
			want, text = "USER_DEFINED BasicAuthenticator | totp", "no SMS sender anymore"
		}
		destruction := w.Plan(o, nil)
		wantText(t, destruction.Diags.Warnings(), `Destroying the login flow of "bifrost"`, text)
		wantNoError(t, w.Apply(destruction))
		w.WantFlow(want)
	}
}

func TestDestroyOfAnUnreachableLoginFlowIsAnnouncedFromTheState(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	o := w.Create(providertest.LoginFlowType, flowConfig(password+"|totp"))
	w.Provider["max_retries"] = 0
	providertest.Breaks("GET", providertest.APIPath, mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 503,
		Body: `{"code":503,"message":"Service Unavailable","description":"Try again later."}`,
	})(w)
	destruction := w.Start().Plan(o, nil)
	wantWarning(t, destruction.Diags, `Destroying the login flow of "bifrost"`, "step 2: totp")
	wantError(t, w.Apply(destruction), "Unable to hand back the login flow", "HTTP status: 503")
}

func TestRecordOfTheLoginFlowOfAnotherInstallationIsNotUsed(t *testing.T) {
	t.Parallel()
	w, elsewhere := newWorkspace(t), newWorkspace(t)
	w.SetFlow(password+"|"+emailOTP, "")
	o := w.Create(providertest.LoginFlowType, flowConfig(password+"|totp"))
	elsewhere.SetFlow(password+"|totp", "")
	destruction := elsewhere.Plan(o, nil)
	wantWarning(t, destruction.Diags.About("The record is not about the login flow"), w.Mock.URL())
	wantNoError(t, elsewhere.Apply(destruction))
	elsewhere.WantFlow("USER_DEFINED BasicAuthenticator | totp")
}

// TestLoginFlowThatMovesToAnotherOrganization is handed back in one, and taken over in the other.
func TestLoginFlowThatMovesToAnotherOrganization(t *testing.T) {
	t.Parallel()
	w := providertest.NewFleetIn(t, providertest.ApplicationPlace{})
	w.SetFlow(password+"|"+emailOTP, "")
	config := flowConfig(password + "|totp")
	moves := w.WantAction(
		w.Create(providertest.LoginFlowType, config), config.With(values{"organization": "alfheim"}), "replace")
	wantText(t, moves.Diags.Warnings(), `Destroying the login flow of "bifrost"`)
	wantText(t, moves.Diags.Warnings(), `Taking over the login flow of "alfheim"`)
	wantNoError(t, w.Apply(moves))
	w.WantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
	w.WantsIn("alfheim", values{"totp_enabled": true})
}

// TestLoginFlowWithoutCredentials is in an organization that the provider block has none for anymore: the state stays.
func TestLoginFlowWithoutCredentials(t *testing.T) {
	t.Parallel()
	w := providertest.NewFleetIn(t, providertest.ApplicationPlace{})
	config := flowConfig(password + "|totp").With(values{"organization": "alfheim"})
	o, fresh := w.Create(providertest.LoginFlowType, config), &object{TypeName: providertest.LoginFlowType}
	before, creation, destruction := o.State, w.Plan(fresh, config), w.Plan(o, nil)
	delete(w.Provider["credentials"].(values), "alfheim")
	wantError(t, w.Start().Plan(fresh, config).Diags, "alfheim")
	wantError(t, w.Apply(creation), "alfheim")
	wantError(t, w.Apply(destruction), "alfheim")
	if !providertest.Same(before, o.State) {
		t.Errorf("the state became %v", o.State)
	}
	w.Provider["client_secret"] = unknown
	wantError(t, w.Apply(w.Plan(fresh, config)), "client_secret")
}

// TestTwoLoginFlowsBeforeTheProviderIsKnown may be for one organization: that is said when it is known.
func TestTwoLoginFlowsBeforeTheProviderIsKnown(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	for _, known := range []bool{true, false} { // true: positive control
		if !known {
			w.Provider["client_secret"] = unknown
		}
		p := w.Start()
		wantNoError(t, p.Plan(&object{TypeName: providertest.LoginFlowType}, flowConfig(password)).Diags)
		diags := p.Plan(&object{TypeName: providertest.LoginFlowType}, flowConfig(password)).Diags
		if refused := len(diags.Errors()) > 0; refused != known {
			t.Errorf("known %t, refused %t", known, refused)
		}
	}
}

// TestLoginFlowThatIsKept: its destroy is announced by nothing, and writes nothing.
func TestLoginFlowThatIsKept(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.SetFlow(password+"|"+emailOTP, "")
	config := flowConfig(password + "|totp")
	o := w.Create(providertest.LoginFlowType, config.With(values{"on_destroy": "keep"}))
	another := w.Create(providertest.LoginFlowType, config)
	p := w.Start()
	wantNoError(t, p.Refresh(o))
	destruction := p.Plan(o, nil)
	wantNoDiagnostics(t, destruction.Diags)
	wantNoError(t, p.Refresh(another))
	wantNoError(t, p.Plan(another, config).Diags) // which has nothing to fear
	w.Calls()
	wantNoDiagnostics(t, w.Apply(destruction))
	w.WantCalls()
	w.WantFlow("USER_DEFINED BasicAuthenticator | totp")
}

// TestDestroyOfALoginFlowWithoutTime changes nothing, and keeps the state.
func TestDestroyOfALoginFlowWithoutTime(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.SetFlow(password+"|"+emailOTP, "")
	config := flowConfig(password + "|totp").With(values{"timeouts": values{"delete": "1m"}})
	o := w.Create(providertest.LoginFlowType, config)
	o.State["timeouts"].(values)["delete"] = "1ns"
	destruction := w.Plan(o, nil)
	w.Calls()
	wantError(t, w.Apply(destruction), "Unable to hand back the login flow", "interrupted, or its time ran out")
	w.WantCalls()
	if o.State == nil {
		t.Error("the state is gone")
	}
}

// TestServerFlowComesBack also where Terraform has made the very same flow the application's own.
func TestServerFlowComesBack(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	before := w.WholeFlow()
	o := w.Create(providertest.LoginFlowType, flowConfig(password))
	w.WantFlow("USER_DEFINED BasicAuthenticator")
	wantNoError(t, w.Apply(w.Plan(o, nil)))
	if got := w.WholeFlow(); got != before {
		t.Errorf("after destroy: %s, want %s", got, before)
	}
}
