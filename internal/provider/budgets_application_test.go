package provider_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// How many calls a command makes where the settings are an application. It is looked up once in a process.

const (
	applicationLookup = "GET applications"
	applicationRead   = "GET " + providertest.ApplicationDocument
	applicationChange = "PATCH " + providertest.ApplicationDocument
)

// TestCallsOfOneApplication goes through the life of all three resources of an organization.
func TestCallsOfOneApplication(t *testing.T) {
	t.Parallel()

	w := providertest.NewWorkspaceIn(t, providertest.ApplicationPlace{})
	sender := w.Create(senderType, providertest.Twilio)
	thePortal, theFactors := &providertest.Object{TypeName: portalType}, &providertest.Object{TypeName: twoFactorType}
	portalConfig := values{"enabled": false}
	factorConfig := values{
		"email_otp_enabled": true, "sms_otp_enabled": false, "totp_enabled": true, "totp_enrollment_enabled": true,
		"backup_codes_enabled": true,
	}
	w.Calls()

	// Validating and configuring is free.
	p := w.Start()
	w.WantCalls()

	// Plan of both, new: they share one look.
	plans := []*providertest.Plan{p.Plan(thePortal, portalConfig), p.Plan(theFactors, factorConfig)}
	w.WantCalls("POST token", applicationLookup, applicationRead)

	// Apply: for each, the check of the plan, a look under the lock, a change of its own members, and a look at what
	// came of it.
	p = w.Start()
	for _, saved := range plans {
		providertest.WantNoError(t, p.Apply(saved))
	}
	if diff := cmp.Diff([]string{"applicationEnabled", "authenticationSequence"}, w.ChangedMembers(
		"POST token", applicationLookup, applicationRead, applicationRead, applicationChange, applicationRead,
		applicationRead, applicationRead, applicationChange, applicationRead)); diff != "" {
		t.Errorf("other members were changed (- want, + got):\n%s", diff)
	}

	// Plan of all three without changes: one token and three looks.
	planAll := func() *providertest.Plan {
		t.Helper()
		p := w.Start()
		for _, o := range []*providertest.Object{sender, thePortal, theFactors} {
			providertest.WantNoDiagnostics(t, p.Refresh(o))
		}
		for _, unchanged := range []*providertest.Plan{p.Plan(sender, providertest.Twilio), p.Plan(thePortal, portalConfig)} {
			if unchanged.Action != "no-op" {
				t.Errorf("the plan would %s", unchanged.Action)
			}
		}
		return p.Plan(theFactors, factorConfig)
	}
	if unchanged := planAll(); unchanged.Action != "no-op" {
		t.Errorf("the plan would %s", unchanged.Action)
	}
	w.WantCalls("POST token", applicationLookup, applicationRead, providertest.SenderList)

	// One changed flag: the plan costs no more, the apply a look before and after the change.
	factorConfig["email_otp_enabled"] = false
	saved := planAll()
	w.WantCalls("POST token", applicationLookup, applicationRead, providertest.SenderList)
	providertest.WantNoError(t, w.Apply(saved))
	w.WantCalls("POST token", applicationLookup, applicationRead, applicationChange, applicationRead)

	// SMS OTP takes a look at the senders, in the plan and before the change.
	factorConfig["sms_otp_enabled"] = true
	saved = w.Plan(theFactors, factorConfig)
	w.WantCalls("POST token", applicationLookup, applicationRead, providertest.SenderList)
	providertest.WantNoError(t, w.Apply(saved))
	w.WantCalls(
		"POST token",
		applicationLookup,
		applicationRead,
		providertest.SenderList,
		applicationChange,
		applicationRead,
	)

	// Both changed in one apply: each change comes after its own look.
	p = w.Start()
	providertest.WantNoDiagnostics(t, append(p.Refresh(thePortal), p.Refresh(theFactors)...))
	factorConfig["email_otp_enabled"] = true
	plans = []*providertest.Plan{p.Plan(thePortal, values{"enabled": true}), p.Plan(theFactors, factorConfig)}
	w.Calls()
	p = w.Start()
	for _, saved := range plans {
		providertest.WantNoError(t, p.Apply(saved))
	}
	if diff := cmp.Diff([]string{
		"POST token", applicationLookup, applicationRead, applicationChange, applicationRead,
		applicationRead, applicationChange, applicationRead,
	}, w.Calls()); diff != "" {
		t.Errorf("calls differ (- want, + got):\n%s", diff)
	}

	// Destroy of both.
	p = w.Start()
	providertest.WantNoDiagnostics(t, append(p.Refresh(thePortal), p.Refresh(theFactors)...))
	plans = []*providertest.Plan{p.Plan(thePortal, nil), p.Plan(theFactors, nil)}
	w.WantCalls("POST token", applicationLookup, applicationRead)
	p = w.Start()
	providertest.WantNoError(t, p.Apply(plans[0])) // the portal is on, as it was before
	w.WantCalls("POST token", applicationLookup, applicationRead)
	providertest.WantNoError(t, p.Apply(plans[1]))
	w.WantCalls(applicationRead, applicationChange, applicationRead)
}

// TestCreateOfARightApplicationWritesNothing: what holds already is looked at, and that is all.
func TestCreateOfARightApplicationWritesNothing(t *testing.T) {
	t.Parallel()

	w := providertest.NewWorkspaceIn(t, providertest.ApplicationPlace{})
	w.Sets(values{"enabled": false, "totp_enabled": true, "totp_enrollment_enabled": false})
	for typeName, config := range map[string]values{
		portalType:    {"enabled": false},
		twoFactorType: {"totp_enabled": true, "totp_enrollment_enabled": false, "email_otp_enabled": false},
	} {
		saved := w.Plan(&providertest.Object{TypeName: typeName}, config)
		w.Calls()
		providertest.WantNoError(t, w.Apply(saved))
		// The check of the plan, and the look under the lock.
		w.WantCalls("POST token", applicationLookup, applicationRead, applicationRead)
	}

	// Positive control: an enrollment that nobody has set is something else than one that is off.
	w.Mock.Update(func(state *mockserver.State) {
		w.Place.Edit(state.Organizations["bifrost"], providertest.Edit{What: "unset", Flag: "totp_enrollment_enabled"})
	})
	declaredOff := values{"totp_enabled": true, "totp_enrollment_enabled": false}
	providertest.WantNoError(t, w.Apply(w.Plan(&providertest.Object{TypeName: twoFactorType}, declaredOff)))
	if !slices.Contains(w.Calls(), applicationChange) {
		t.Error("enrollment was not set, and nothing was written")
	}
}
