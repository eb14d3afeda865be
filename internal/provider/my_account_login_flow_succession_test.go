package provider

import (
	"net/http"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// TestLoginFlowUnderAnotherAddress destroys a resource and creates it again in one run. Nothing is written, and
// destroying the new one brings the flow back that was there before the old one.
func TestLoginFlowUnderAnotherAddress(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	w.setFlow(password+"|"+emailOTP, "")
	config := flowConfig(password + "|totp")
	old, fresh := w.create(loginFlowType, config), &object{typeName: loginFlowType}
	p := w.start()
	wantNoError(t, p.refresh(old))
	creation, destruction := p.plan(fresh, config), p.plan(old, nil)
	wantNoError(t, creation.diags)
	wantWarning(t, destruction.diags, `The login flow of "bifrost" stays with another resource`, "moved block")
	w.calls()
	p = w.start()
	wantNoDiagnostics(t, p.apply(destruction))
	wantNoError(t, p.apply(creation))
	if writes := w.writes(); len(writes) > 0 {
		t.Errorf("written: %v", writes)
	}
	wantNoError(t, w.apply(w.plan(fresh, nil)))
	w.wantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
}

// TestLoginFlowThatCannotFollow puts back what was there before the resource that left the flow to it.
func TestLoginFlowThatCannotFollow(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	w.wrap = besidesFaults(t)
	w.setFlow(password+"|"+emailOTP, "")
	old, fresh := w.create(loginFlowType, flowConfig(password+"|totp")), &object{typeName: loginFlowType}
	p := w.start()
	creation, destruction := p.plan(fresh, flowConfig(password+"|"+passkey)), p.plan(old, nil)
	p = w.start()
	wantNoDiagnostics(t, p.apply(destruction))
	w.mock.AddFault(mockserver.Fault{
		Match: applicationPlace{}.writes("bifrost"), Action: mockserver.ActionStatus, Status: http.StatusBadRequest,
		Body: `{"code":"APP-60001","message":"no"}`,
	})
	diags := p.apply(creation)
	wantError(t, diags, "Unable to create the login flow")
	wantText(t, diags.warnings(), `The login flow of "bifrost" is what it was`)
	w.wantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
}

// TestLoginFlowWhoseCreateIsUncertain puts the earlier flow back where the server has made the change after all.
func TestLoginFlowWhoseCreateIsUncertain(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	w.wrap = besidesFaults(t)
	w.provider["max_retries"] = 0
	w.setFlow(password+"|"+emailOTP, "")
	o := &object{typeName: loginFlowType}
	saved := w.plan(o, flowConfig(password+"|totp"))
	reads := applicationPlace{}.reads("bifrost")
	// The look before the change passes, the one that confirms it does not.
	w.mock.AddFault(mockserver.Fault{Match: reads, Times: 2, Action: mockserver.ActionLatency, LatencyMS: 1})
	w.mock.AddFault(mockserver.Fault{
		Match: reads, Action: mockserver.ActionStatus, Status: 500, Body: `{"code":"APP-65001"}`,
	})
	diags := w.apply(saved)
	wantError(t, diags, "Unable to create the login flow")
	wantText(t, diags.warnings(), `The login flow of "bifrost" is what it was`)
	w.wantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
	w.mock.ClearFaults()
	w.up(o, flowConfig(password+"|totp"))
	wantNoError(t, w.apply(w.plan(o, nil)))
	w.wantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
}

// TestTwoEqualLoginFlows are refused, and the destruction of one of them leaves the flow to the other one.
func TestTwoEqualLoginFlows(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	config := flowConfig(password + "|totp")
	first := w.create(loginFlowType, config)
	p := w.start()
	wantNoError(t, p.refresh(first))
	wantNoError(t, p.plan(first, config).diags)
	wantError(t, p.plan(&object{typeName: loginFlowType}, config).diags, `Two resources for the login flow of "bifrost"`)

	second := w.create(loginFlowType, config) // -target keeps them from knowing of each other
	p = w.start()                             // Where the plan cannot know of the other one in time, it stops.
	wantNoError(t, p.refresh(first))
	wantWarning(t, p.plan(first, nil).diags, `Destroying the login flow of "bifrost"`)
	wantNoError(t, p.refresh(second))
	wantError(t, p.plan(second, config).diags, "Destroying another resource would undo the login flow", "removed block")

	p = w.start()
	wantNoError(t, p.refresh(first))
	wantNoError(t, p.refresh(second))
	removal := p.plan(first, nil)
	wantWarning(t, removal.diags, `The login flow of "bifrost" stays with another resource`)
	wantNoError(t, p.plan(second, config).diags)
	w.calls()
	wantNoDiagnostics(t, w.apply(removal))
	w.wantCalls()
	w.wantAction(second, config, "no-op")
}

// TestTaintedLoginFlow stays as it is while it is replaced, and its earlier flow is still known.
func TestTaintedLoginFlow(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	w.setFlow(password+"|"+emailOTP, "")
	config := flowConfig(password + "|totp")
	o := w.create(loginFlowType, config)
	p := w.start()
	wantNoError(t, p.refresh(o))
	replacement := p.plan(&object{typeName: loginFlowType}, config) // Terraform plans it without the state of the old one
	wantNoError(t, replacement.diags)
	replacement.action, replacement.object = "replace", o
	w.calls()
	wantNoError(t, w.apply(replacement))
	if writes := w.writes(); len(writes) > 0 {
		t.Errorf("written: %v", writes)
	}
	wantNoError(t, w.apply(w.plan(o, nil)))
	w.wantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
}

// TestLoginFlowThatTheServerRefusesToTakeBack does not keep the destroy from ending.
func TestLoginFlowThatTheServerRefusesToTakeBack(t *testing.T) {
	t.Parallel()
	w := newApplicationWorkspace(t)
	w.wrap = besidesFaults(t)
	w.setFlow(password+"|"+emailOTP, "")
	o := w.create(loginFlowType, flowConfig(password+"|totp"))
	destruction := w.plan(o, nil)
	w.mock.AddFault(mockserver.Fault{
		Match: applicationPlace{}.writes("bifrost"), Times: -1, Action: mockserver.ActionStatus,
		Status: http.StatusBadRequest, Body: `{"code":"APP-60001","message":"no"}`,
	})
	wantWarning(t, w.apply(destruction), `The login flow of "bifrost" is not restored`, "The server refuses the flow")
	if o.state != nil {
		t.Errorf("still in the state: %v", o.state)
	}
}
