package loginflow_test

import (
	"net/http"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// TestLoginFlowUnderAnotherAddress destroys a resource and creates it again in one run. Nothing is written, and
// destroying the new one brings the flow back that was there before the old one.
func TestLoginFlowUnderAnotherAddress(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.SetFlow(password+"|"+emailOTP, "")
	config := flowConfig(password + "|totp")
	old, fresh := w.Create(providertest.LoginFlowType, config), &object{TypeName: providertest.LoginFlowType}
	p := w.Start()
	wantNoError(t, p.Refresh(old))
	creation, destruction := p.Plan(fresh, config), p.Plan(old, nil)
	wantNoError(t, creation.Diags)
	wantWarning(t, destruction.Diags, `The login flow of "bifrost" stays with another resource`, "moved block")
	w.Calls()
	p = w.Start()
	wantNoDiagnostics(t, p.Apply(destruction))
	wantNoError(t, p.Apply(creation))
	if writes := w.Writes(); len(writes) > 0 {
		t.Errorf("written: %v", writes)
	}
	wantNoError(t, w.Apply(w.Plan(fresh, nil)))
	w.WantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
}

// TestLoginFlowThatCannotFollow puts back what was there before the resource that left the flow to it.
func TestLoginFlowThatCannotFollow(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.Wrap = providertest.BesidesFaults(t)
	w.SetFlow(password+"|"+emailOTP, "")
	old := w.Create(providertest.LoginFlowType, flowConfig(password+"|totp"))
	fresh := &object{TypeName: providertest.LoginFlowType}
	p := w.Start()
	creation, destruction := p.Plan(fresh, flowConfig(password+"|"+passkey)), p.Plan(old, nil)
	p = w.Start()
	wantNoDiagnostics(t, p.Apply(destruction))
	w.Mock.AddFault(mockserver.Fault{
		Match:  providertest.ApplicationPlace{}.Writes("bifrost"),
		Action: mockserver.ActionStatus, Status: http.StatusBadRequest, Body: `{"code":"APP-60001","message":"no"}`,
	})
	diags := p.Apply(creation)
	wantError(t, diags, "Unable to create the login flow")
	wantText(t, diags.Warnings(), `The login flow of "bifrost" is what it was`)
	w.WantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
}

// TestLoginFlowThatCannotFollowForWantOfASender is refused before anything is sent, with the same outcome.
func TestLoginFlowThatCannotFollowForWantOfASender(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.SetFlow(password+"|"+emailOTP, "")
	old := w.Create(providertest.LoginFlowType, flowConfig(password+"|totp"))
	config := flowConfig(password + "|" + smsOTP).With(values{"sms_sender": "SMSPublisher"})
	p := w.Start()
	creation, destruction := p.Plan(&object{TypeName: providertest.LoginFlowType}, config), p.Plan(old, nil)
	wantNoError(t, creation.Diags)
	p = w.Start()
	wantNoDiagnostics(t, p.Apply(destruction))
	diags := p.Apply(creation)
	wantError(t, diags, "sms-otp-authenticator needs an SMS sender")
	wantText(t, diags.Warnings(), `The login flow of "bifrost" is what it was`)
	w.WantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
}

// TestLoginFlowThatCannotFollowAnUnchangedOne has nothing to put back, and says nothing of that.
func TestLoginFlowThatCannotFollowAnUnchangedOne(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.Wrap = providertest.BesidesFaults(t)
	w.SetFlow(password+"|totp", "")
	old := w.Create(providertest.LoginFlowType, flowConfig(password+"|totp"))
	p := w.Start()
	creation := p.Plan(&object{TypeName: providertest.LoginFlowType}, flowConfig(password+"|"+passkey))
	destruction := p.Plan(old, nil)
	p = w.Start()
	wantNoDiagnostics(t, p.Apply(destruction))
	w.Mock.AddFault(mockserver.Fault{
		Match:  providertest.ApplicationPlace{}.Writes("bifrost"),
		Action: mockserver.ActionStatus, Status: http.StatusBadRequest, Body: `{"code":"APP-60001","message":"no"}`,
	})
	diags := p.Apply(creation)
	wantError(t, diags, "Unable to create the login flow")
	wantNoDiagnostics(t, diags.About("is what it was"))
	w.WantFlow("USER_DEFINED BasicAuthenticator | totp")
}

// TestLoginFlowWhoseCreateIsUncertain puts the earlier flow back where the server has made the change after all.
func TestLoginFlowWhoseCreateIsUncertain(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.Wrap = providertest.BesidesFaults(t)
	w.Provider["max_retries"] = 0
	w.SetFlow(password+"|"+emailOTP, "")
	o := &object{TypeName: providertest.LoginFlowType}
	saved := w.Plan(o, flowConfig(password+"|totp"))
	reads := providertest.ApplicationPlace{}.Reads("bifrost")
	// The look before the change passes, the one that confirms it does not.
	w.Mock.AddFault(mockserver.Fault{Match: reads, Times: 2, Action: mockserver.ActionLatency, LatencyMS: 1})
	w.Mock.AddFault(mockserver.Fault{
		Match: reads, Action: mockserver.ActionStatus, Status: 500, Body: `{"code":"APP-65001"}`,
	})
	diags := w.Apply(saved)
	wantError(t, diags, "Unable to create the login flow")
	wantText(t, diags.Warnings(), `The login flow of "bifrost" is what it was`)
	w.WantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
	w.Mock.ClearFaults()
	w.Up(o, flowConfig(password+"|totp"))
	wantNoError(t, w.Apply(w.Plan(o, nil)))
	w.WantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
}

// TestLoginFlowWhoseCreateCannotBePutBack says that the flow may have been changed.
func TestLoginFlowWhoseCreateCannotBePutBack(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.Wrap = providertest.BesidesFaults(t)
	w.Provider["max_retries"] = 0
	saved := w.Plan(&object{TypeName: providertest.LoginFlowType}, flowConfig(password+"|totp"))
	reads := providertest.ApplicationPlace{}.Reads("bifrost")
	w.Mock.AddFault(mockserver.Fault{Match: reads, Times: 2, Action: mockserver.ActionLatency, LatencyMS: 1})
	w.Mock.AddFault(mockserver.Fault{
		Match: reads, Times: -1, Action: mockserver.ActionStatus, Status: 500, Body: `{"code":"APP-65001"}`,
	})
	diags := w.Apply(saved)
	wantError(t, diags, "Unable to create the login flow")
	wantText(t, diags.Warnings(), `The login flow of "bifrost" may have been changed`)
}

// TestTwoEqualLoginFlows are refused, and the destruction of one of them leaves the flow to the other one.
func TestTwoEqualLoginFlows(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	config := flowConfig(password + "|totp")
	first := w.Create(providertest.LoginFlowType, config)
	p := w.Start()
	wantNoError(t, p.Refresh(first))
	wantNoError(t, p.Plan(first, config).Diags)
	wantError(t, p.Plan(&object{TypeName: providertest.LoginFlowType}, config).Diags,
		`Two resources for the login flow of "bifrost"`)

	second := w.Create(providertest.LoginFlowType, config) // -target keeps them from knowing of each other
	// Where the plan cannot know of the other one in time, it stops.
	p = w.Start()
	wantNoError(t, p.Refresh(first))
	wantWarning(t, p.Plan(first, nil).Diags, `Destroying the login flow of "bifrost"`)
	wantNoError(t, p.Refresh(second))
	wantError(t, p.Plan(second, config).Diags, "Destroying another resource would undo the login flow", "removed block")

	p = w.Start()
	wantNoError(t, p.Refresh(first))
	wantNoError(t, p.Refresh(second))
	removal := p.Plan(first, nil)
	wantWarning(t, removal.Diags, `The login flow of "bifrost" stays with another resource`)
	wantNoError(t, p.Plan(second, config).Diags)
	w.Calls()
	wantNoDiagnostics(t, w.Apply(removal))
	w.WantCalls()
	w.WantAction(second, config, "no-op")
}

// TestRemovalOfTwoLoginFlows brings back what was there before both, also where the one that goes first is to keep it.
func TestRemovalOfTwoLoginFlows(t *testing.T) {
	t.Parallel()
	for name, onDestroy := range map[string]string{"restore": "restore", "keep": "keep"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			w.SetFlow(password+"|"+emailOTP, "")
			config := flowConfig(password + "|totp")
			first := w.Create(providertest.LoginFlowType, config.With(values{"on_destroy": onDestroy}))
			second := w.Create(providertest.LoginFlowType, config)
			p := w.Start()
			wantNoError(t, p.Refresh(first))
			wantNoError(t, p.Refresh(second))
			plans := []*providertest.Plan{p.Plan(first, nil), p.Plan(second, nil)}
			wantWarning(t, plans[0].Diags, `The login flow of "bifrost" stays with another resource`)
			wantWarning(t, plans[1].Diags, `Destroying the login flow of "bifrost"`, "email-otp-authenticator")
			p = w.Start()
			for _, plan := range plans {
				wantNoDiagnostics(t, p.Apply(plan))
			}
			w.WantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
		})
	}
}

// TestReplacementOfALoginFlow plans the new resource without the state of the old one: its private state tells of that
// one, or, where it is tainted, the refresh.
func TestReplacementOfALoginFlow(t *testing.T) {
	t.Parallel()
	for _, tainted := range []bool{false, true} {
		w := newWorkspace(t)
		w.SetFlow(password+"|"+emailOTP, "")
		config := flowConfig(password + "|totp")
		o, fresh := w.Create(providertest.LoginFlowType, config), &object{TypeName: providertest.LoginFlowType}
		p := w.Start()
		if tainted {
			wantNoError(t, p.Refresh(o))
		} else {
			fresh.Private = o.Private
		}
		replacement := p.Plan(fresh, config)
		wantNoError(t, replacement.Diags)
		replacement.Action, replacement.Object = "replace", o
		w.Calls()
		wantNoError(t, w.Apply(replacement))
		if writes := w.Writes(); len(writes) > 0 {
			t.Errorf("tainted %t: written: %v", tainted, writes)
		}
		wantNoError(t, w.Apply(w.Plan(o, nil)))
		w.WantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
	}
}

// TestLoginFlowThatTheServerRefusesToTakeBack does not keep the destroy from ending.
func TestLoginFlowThatTheServerRefusesToTakeBack(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.Wrap = providertest.BesidesFaults(t)
	w.SetFlow(password+"|"+emailOTP, "")
	o := w.Create(providertest.LoginFlowType, flowConfig(password+"|totp"))
	destruction := w.Plan(o, nil)
	w.Mock.AddFault(mockserver.Fault{
		Match: providertest.ApplicationPlace{}.Writes("bifrost"), Times: -1, Action: mockserver.ActionStatus,
		Status: http.StatusBadRequest, Body: `{"code":"APP-60001","message":"no"}`,
	})
	wantWarning(t, w.Apply(destruction), `The login flow of "bifrost" is not restored`, "The server refuses the flow")
	if o.State != nil {
		t.Errorf("still in the state: %v", o.State)
	}
}
