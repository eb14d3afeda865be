package settings_test

import (
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// What plans say and ask beside other resources of the same run, and what they leave unasked and unsaid.

// TestPlansThatNeedNoLook ask the server nothing without a refresh: neither for settings that stay as they are, nor for
// a sender that the refresh has not shown to be needed.
func TestPlansThatNeedNoLook(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		kept := w.Create(providertest.TwoFactor, providertest.SMSOff.With(values{"on_destroy": "keep"}))
		restored := w.Create(providertest.Portal, values{"enabled": false})
		tainted := *restored
		tainted.Private = nil
		w.Calls()
		p := w.Start()
		providertest.WantNoDiagnostics(t, p.Plan(kept, nil).Diags)
		providertest.WantWarning(t, p.Plan(&tainted, nil).Diags, "no record")
		providertest.WantNoDiagnostics(t, p.Plan(kept, providertest.SMSOn).Diags)
		w.WantCalls()
		providertest.WantWarning(t, w.Start().Plan(restored, nil).Diags, "enabled: false -> true")
		w.WantCalls(append(at.Look("enabled"), "POST token")...) // positive control
	})
}

// TestDestroyPlansOfFactorsPortalAndSender let the sender go with SMS OTP, whatever else is planned in between.
func TestDestroyPlansOfFactorsPortalAndSender(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		w.Sets(values{"enabled": true, "sms_otp_enabled": false})
		sender := w.Create(providertest.SenderType, providertest.Twilio)
		factors := w.Create(providertest.TwoFactor, providertest.SMSOn)
		site := w.Create(providertest.Portal, values{"enabled": false})
		p := w.Start()
		providertest.WantWarning(t, p.Plan(factors, nil).Diags, "sms_otp_enabled: true -> false")
		providertest.WantWarning(t, p.Plan(site, nil).Diags, "enabled: false -> true")
		providertest.WantNoDiagnostics(t, p.Plan(sender, nil).Diags)
		providertest.WantWarning(t, w.Start().Plan(sender, nil).Diags, "stays") // positive control
	})
}

// TestSettingsBesideAWholeFlow: the second factors are a part of the login flow, and the portal's switch is not. What
// else is wrong with a plan is said at once.
func TestSettingsBesideAWholeFlow(t *testing.T) {
	t.Parallel()
	const title = `Two kinds of resources for the login flow of "bifrost"`
	w := providertest.NewApplicationWorkspace(t)
	factors := w.Create(providertest.TwoFactor, values{"totp_enabled": true, "totp_enrollment_enabled": true})
	p := w.Start()
	providertest.WantNoError(t, p.Refresh(factors))
	flow := providertest.FlowConfig(providertest.Password + "|totp")
	providertest.WantNoError(t, p.Plan(&providertest.Object{TypeName: providertest.LoginFlowType}, flow).Diags)
	site := &providertest.Object{TypeName: providertest.Portal}
	providertest.WantNoError(t, p.Plan(site, values{"enabled": false}).Diags)
	diags := p.Plan(factors, values{"totp_enabled": false}).Diags.Errors()
	providertest.WantText(t, diags, title)
	providertest.WantText(t, diags, "totp_enrollment_enabled needs totp_enabled")

	provider := w.Provider
	for _, argument := range []values{
		{"my_account_api": "classic"},           // whose factors are no part of it
		{"client_secret": providertest.Unknown}, // nobody can tell yet
	} {
		w.Provider = provider.With(argument)
		p = w.Start()
		providertest.WantNoError(t, p.Plan(&providertest.Object{TypeName: providertest.LoginFlowType}, flow).Diags)
		beside := p.Plan(&providertest.Object{TypeName: providertest.TwoFactor}, values{"totp_enabled": true})
		providertest.WantNoError(t, beside.Diags)
	}
}

// TestPlanWithoutAnOrganization says that, and nothing else that might be wrong.
func TestPlanWithoutAnOrganization(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewFleetIn(t, at)
		w.WithSender()
		o := w.Create(providertest.TwoFactor, providertest.SMSOn)
		w.SetSender(nil)
		providertest.WantWarning(t, w.Plan(o, providertest.SMSOn).Diags, providertest.NeedSender) // positive control
		for _, argument := range []string{"organization", "client_id", "client_secret"} {
			delete(w.Provider, argument)
		}
		p := w.Start()
		providertest.WantNoDiagnostics(t, p.Refresh(o))
		diags := p.Plan(o, providertest.SMSOn).Diags
		providertest.WantError(t, diags, "Missing organization")
		providertest.WantNoDiagnostics(t, diags.Warnings())
	})
}

// TestPlansOfAProviderThatNobodyConfigured ask nothing and say nothing.
func TestPlansOfAProviderThatNobodyConfigured(t *testing.T) {
	t.Parallel()
	w := providertest.NewApplicationWorkspace(t)
	for typeName, configs := range providertest.ConfigsOf {
		if typeName != providertest.Portal && typeName != providertest.TwoFactor {
			continue
		}
		o := w.Create(typeName, configs[0])
		w.Calls()
		for _, planned := range []*providertest.Object{{TypeName: typeName}, o} {
			providertest.WantNoDiagnostics(t, providertest.NewProcess(t).Plan(planned, configs[1]).Diags)
		}
		providertest.WantNoDiagnostics(t, providertest.NewProcess(t).Plan(o, nil).Diags)
		w.WantCalls()
	}
}

// TestOneOfTwoMovesToAnotherOrganization, and leaves the settings here to the other one.
func TestOneOfTwoMovesToAnotherOrganization(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for _, another := range []bool{true, false} { // false: positive control
			w, config := providertest.NewFleetIn(t, at), values{"totp_enabled": true}
			w.Sets(values{"totp_enabled": false})
			moves, p := w.Create(providertest.TwoFactor, config), w.Start()
			if another {
				providertest.WantNoError(t, p.Refresh(w.Create(providertest.TwoFactor, config)))
			}
			providertest.WantNoError(t, p.Refresh(moves))
			saved := p.Plan(moves, config.With(values{"organization": "alfheim"}))
			providertest.WantNoError(t, saved.Diags)
			providertest.WantNoError(t, w.Apply(saved))
			w.Wants(values{"totp_enabled": another})
			w.WantsIn("alfheim", config)
		}
	})
}

// TestRuleAndSenderAtApply: SMS OTP, which somebody has switched off meanwhile, goes on again only with a sender, and
// nobody is asked for one where a rule stops the write anyway.
func TestRuleAndSenderAtApply(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		w.WithSender()
		w.Sets(values{"totp_enabled": true})
		config := providertest.SMSOn.With(values{"totp_enabled": true})
		o := w.Create(providertest.TwoFactor, config)
		saved := w.WantAction(o, config.With(values{"totp_enabled": false}), "update")
		w.SetSender(nil)
		for _, planned := range []values{config, config.With(values{"totp_enabled": false})} {
			providertest.WantWarning(t, w.Plan(o, planned).Diags, providertest.NeedSender) // it is on, so that is no error
		}
		w.Sets(values{"sms_otp_enabled": false, "totp_enabled": true})
		providertest.WantError(t, w.Apply(saved), providertest.NeedSender)
		if at.String() == "application" { // the classic place has enrollment elsewhere, and reads it after that look
			w.Sets(values{"sms_otp_enabled": false, "totp_enabled": true, "totp_enrollment_enabled": true})
			providertest.WantError(t, w.Apply(saved), "totp_enrollment_enabled needs totp_enabled")
		}
		w.WithSender() // positive control
		w.Sets(values{"sms_otp_enabled": false, "totp_enabled": true, "totp_enrollment_enabled": false})
		providertest.WantNoError(t, w.Apply(saved))
		w.WantShown(values{"sms_otp_enabled": true, "totp_enabled": false})
	})
}

// TestSwitchingOffThatFailsHalfWay names both values of what was written.
func TestSwitchingOffThatFailsHalfWay(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	o := w.Create(providertest.TwoFactor, values{"totp_enabled": true, "totp_enrollment_enabled": true})
	saved := w.Plan(o, values{"totp_enabled": false, "totp_enrollment_enabled": false})
	w.RefuseWrites(1)
	providertest.WantError(t, w.Apply(saved), "Already written:\n\n  totp_enrollment_enabled: true -> false\n\n")
}
