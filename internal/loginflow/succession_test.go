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
	w := providertest.NewApplicationWorkspace(t)
	w.SetFlow(providertest.Password+"|"+providertest.EmailOTP, "")
	config := providertest.FlowConfig(providertest.Password + "|totp")
	old, fresh := w.Create(providertest.LoginFlowType, config), &providertest.Object{TypeName: providertest.LoginFlowType}
	p := w.Start()
	providertest.WantNoError(t, p.Refresh(old))
	creation, destruction := p.Plan(fresh, config), p.Plan(old, nil)
	providertest.WantNoError(t, creation.Diags)
	providertest.WantWarning(
		t,
		destruction.Diags,
		`The login flow of "bifrost" stays with another resource`,
		"moved block",
	)
	w.Calls()
	p = w.Start()
	providertest.WantNoDiagnostics(t, p.Apply(destruction))
	providertest.WantNoError(t, p.Apply(creation))
	if writes := w.Writes(); len(writes) > 0 {
		t.Errorf("written: %v", writes)
	}
	providertest.WantNoError(t, w.Apply(w.Plan(fresh, nil)))
	w.WantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
}

// TestLoginFlowThatCannotFollow puts back what was there before the resource that left the flow to it.
func TestLoginFlowThatCannotFollow(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	w.Wrap = providertest.BesidesFaults(t)
	w.SetFlow(providertest.Password+"|"+providertest.EmailOTP, "")
	old, fresh := w.Create(
		providertest.LoginFlowType,
		providertest.FlowConfig(providertest.Password+"|totp"),
	), &providertest.Object{
		TypeName: providertest.LoginFlowType,
	}
	p := w.Start()
	creation, destruction := p.Plan(
		fresh,
		providertest.FlowConfig(providertest.Password+"|"+providertest.Passkey),
	), p.Plan(
		old,
		nil,
	)
	p = w.Start()
	providertest.WantNoDiagnostics(t, p.Apply(destruction))
	w.Mock.AddFault(mockserver.Fault{
		Match: providertest.ApplicationPlace{}.Writes(
			"bifrost",
		), Action: mockserver.ActionStatus, Status: http.StatusBadRequest,
		Body: `{"code":"APP-60001","message":"no"}`,
	})
	diags := p.Apply(creation)
	providertest.WantError(t, diags, "Unable to create the login flow")
	providertest.WantText(t, diags.Warnings(), `The login flow of "bifrost" is what it was`)
	w.WantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
}

// TestLoginFlowWhoseCreateIsUncertain puts the earlier flow back where the server has made the change after all.
func TestLoginFlowWhoseCreateIsUncertain(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	w.Wrap = providertest.BesidesFaults(t)
	w.Provider["max_retries"] = 0
	w.SetFlow(providertest.Password+"|"+providertest.EmailOTP, "")
	o := &providertest.Object{TypeName: providertest.LoginFlowType}
	saved := w.Plan(o, providertest.FlowConfig(providertest.Password+"|totp"))
	reads := providertest.ApplicationPlace{}.Reads("bifrost")
	// The look before the change passes, the one that confirms it does not.
	w.Mock.AddFault(mockserver.Fault{Match: reads, Times: 2, Action: mockserver.ActionLatency, LatencyMS: 1})
	w.Mock.AddFault(mockserver.Fault{
		Match: reads, Action: mockserver.ActionStatus, Status: 500, Body: `{"code":"APP-65001"}`,
	})
	diags := w.Apply(saved)
	providertest.WantError(t, diags, "Unable to create the login flow")
	providertest.WantText(t, diags.Warnings(), `The login flow of "bifrost" is what it was`)
	w.WantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
	w.Mock.ClearFaults()
	w.Up(o, providertest.FlowConfig(providertest.Password+"|totp"))
	providertest.WantNoError(t, w.Apply(w.Plan(o, nil)))
	w.WantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
}

// TestTwoEqualLoginFlows are refused, and the destruction of one of them leaves the flow to the other one.
func TestTwoEqualLoginFlows(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	config := providertest.FlowConfig(providertest.Password + "|totp")
	first := w.Create(providertest.LoginFlowType, config)
	p := w.Start()
	providertest.WantNoError(t, p.Refresh(first))
	providertest.WantNoError(t, p.Plan(first, config).Diags)
	providertest.WantError(
		t,
		p.Plan(&providertest.Object{TypeName: providertest.LoginFlowType}, config).Diags,
		`Two resources for the login flow of "bifrost"`,
	)

	second := w.Create(providertest.LoginFlowType, config) // -target keeps them from knowing of each other
	p = w.Start()                                          // Where the plan cannot know of the other one in time, it stops.
	providertest.WantNoError(t, p.Refresh(first))
	providertest.WantWarning(t, p.Plan(first, nil).Diags, `Destroying the login flow of "bifrost"`)
	providertest.WantNoError(t, p.Refresh(second))
	providertest.WantError(
		t,
		p.Plan(second, config).Diags,
		"Destroying another resource would undo the login flow",
		"removed block",
	)

	p = w.Start()
	providertest.WantNoError(t, p.Refresh(first))
	providertest.WantNoError(t, p.Refresh(second))
	removal := p.Plan(first, nil)
	providertest.WantWarning(t, removal.Diags, `The login flow of "bifrost" stays with another resource`)
	providertest.WantNoError(t, p.Plan(second, config).Diags)
	w.Calls()
	providertest.WantNoDiagnostics(t, w.Apply(removal))
	w.WantCalls()
	w.WantAction(second, config, "no-op")
}

// TestTaintedLoginFlow stays as it is while it is replaced, and its earlier flow is still known.
func TestTaintedLoginFlow(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	w.SetFlow(providertest.Password+"|"+providertest.EmailOTP, "")
	config := providertest.FlowConfig(providertest.Password + "|totp")
	o := w.Create(providertest.LoginFlowType, config)
	p := w.Start()
	providertest.WantNoError(t, p.Refresh(o))
	replacement := p.Plan(
		&providertest.Object{TypeName: providertest.LoginFlowType},
		config,
	) // Terraform plans it without the state of the old one
	providertest.WantNoError(t, replacement.Diags)
	replacement.Action, replacement.Object = "replace", o
	w.Calls()
	providertest.WantNoError(t, w.Apply(replacement))
	if writes := w.Writes(); len(writes) > 0 {
		t.Errorf("written: %v", writes)
	}
	providertest.WantNoError(t, w.Apply(w.Plan(o, nil)))
	w.WantFlow("USER_DEFINED BasicAuthenticator | email-otp-authenticator")
}

// TestLoginFlowThatTheServerRefusesToTakeBack does not keep the destroy from ending.
func TestLoginFlowThatTheServerRefusesToTakeBack(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	w.Wrap = providertest.BesidesFaults(t)
	w.SetFlow(providertest.Password+"|"+providertest.EmailOTP, "")
	o := w.Create(providertest.LoginFlowType, providertest.FlowConfig(providertest.Password+"|totp"))
	destruction := w.Plan(o, nil)
	w.Mock.AddFault(mockserver.Fault{
		Match: providertest.ApplicationPlace{}.Writes("bifrost"), Times: -1, Action: mockserver.ActionStatus,
		Status: http.StatusBadRequest, Body: `{"code":"APP-60001","message":"no"}`,
	})
	providertest.WantWarning(
		t,
		w.Apply(destruction),
		`The login flow of "bifrost" is not restored`,
		"The server refuses the flow",
	)
	if o.State != nil {
		t.Errorf("still in the state: %v", o.State)
	}
}
