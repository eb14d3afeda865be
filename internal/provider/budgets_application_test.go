package provider

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// How many calls a command makes where the settings are an application. It is looked up once in a process.

const (
	applicationLookup = "GET applications"
	applicationRead   = "GET " + applicationDocument
	applicationChange = "PATCH " + applicationDocument
)

// TestCallsOfOneApplication goes through the life of all three resources of an organization.
func TestCallsOfOneApplication(t *testing.T) {
	t.Parallel()

	w := newWorkspaceIn(t, applicationPlace{})
	sender := w.create(senderType, twilio)
	thePortal, theFactors := &object{typeName: portal}, &object{typeName: twoFactor}
	portalConfig := values{"enabled": false}
	factorConfig := values{
		"email_otp_enabled": true, "sms_otp_enabled": false, "totp_enabled": true, "totp_enrollment_enabled": true,
		"backup_codes_enabled": true,
	}
	w.calls()

	// Validating and configuring is free.
	p := w.start()
	w.wantCalls()

	// Plan of both, new: they share one look.
	plans := []*plan{p.plan(thePortal, portalConfig), p.plan(theFactors, factorConfig)}
	w.wantCalls("POST token", applicationLookup, applicationRead)

	// Apply: for each, the check of the plan, a look under the lock, a change of its own members, and a look at what
	// came of it.
	p = w.start()
	for _, saved := range plans {
		wantNoError(t, p.apply(saved))
	}
	if diff := cmp.Diff([]string{"applicationEnabled", "authenticationSequence"}, w.membersOf(
		"POST token", applicationLookup, applicationRead, applicationRead, applicationChange, applicationRead,
		applicationRead, applicationRead, applicationChange, applicationRead)); diff != "" {
		t.Errorf("other members were changed (- want, + got):\n%s", diff)
	}

	// Plan of all three without changes: one token and three looks.
	planAll := func() *plan {
		t.Helper()
		p := w.start()
		for _, o := range []*object{sender, thePortal, theFactors} {
			wantNoDiagnostics(t, p.refresh(o))
		}
		for _, unchanged := range []*plan{p.plan(sender, twilio), p.plan(thePortal, portalConfig)} {
			if unchanged.action != "no-op" {
				t.Errorf("the plan would %s", unchanged.action)
			}
		}
		return p.plan(theFactors, factorConfig)
	}
	if unchanged := planAll(); unchanged.action != "no-op" {
		t.Errorf("the plan would %s", unchanged.action)
	}
	w.wantCalls("POST token", applicationLookup, applicationRead, senderList)

	// One changed flag: the plan costs no more, the apply a look before and after the change.
	factorConfig["email_otp_enabled"] = false
	saved := planAll()
	w.wantCalls("POST token", applicationLookup, applicationRead, senderList)
	wantNoError(t, w.apply(saved))
	w.wantCalls("POST token", applicationLookup, applicationRead, applicationChange, applicationRead)

	// SMS OTP takes a look at the senders, in the plan and before the change.
	factorConfig["sms_otp_enabled"] = true
	saved = w.plan(theFactors, factorConfig)
	w.wantCalls("POST token", applicationLookup, applicationRead, senderList)
	wantNoError(t, w.apply(saved))
	w.wantCalls("POST token", applicationLookup, applicationRead, senderList, applicationChange, applicationRead)

	// Both changed in one apply: each change comes after its own look.
	p = w.start()
	wantNoDiagnostics(t, append(p.refresh(thePortal), p.refresh(theFactors)...))
	factorConfig["email_otp_enabled"] = true
	plans = []*plan{p.plan(thePortal, values{"enabled": true}), p.plan(theFactors, factorConfig)}
	w.calls()
	p = w.start()
	for _, saved := range plans {
		wantNoError(t, p.apply(saved))
	}
	if diff := cmp.Diff([]string{
		"POST token", applicationLookup, applicationRead, applicationChange, applicationRead,
		applicationRead, applicationChange, applicationRead,
	}, w.calls()); diff != "" {
		t.Errorf("calls differ (- want, + got):\n%s", diff)
	}

	// Destroy of both.
	p = w.start()
	wantNoDiagnostics(t, append(p.refresh(thePortal), p.refresh(theFactors)...))
	plans = []*plan{p.plan(thePortal, nil), p.plan(theFactors, nil)}
	w.wantCalls("POST token", applicationLookup, applicationRead)
	p = w.start()
	wantNoError(t, p.apply(plans[0])) // the portal is on, as it was before
	w.wantCalls("POST token", applicationLookup, applicationRead)
	wantNoError(t, p.apply(plans[1]))
	w.wantCalls(applicationRead, applicationChange, applicationRead)
}

// membersOf compares the calls since the last look, and returns the members of the changes among them.
func (w *workspace) membersOf(want ...string) []string {
	w.t.Helper()
	requests := w.mock.Requests()
	w.wantCalls(want...)
	return membersOf(w.t, requests)
}

// TestCreateOfARightApplicationWritesNothing: what holds already is looked at, and that is all.
func TestCreateOfARightApplicationWritesNothing(t *testing.T) {
	t.Parallel()

	w := newWorkspaceIn(t, applicationPlace{})
	w.sets(values{"enabled": false, "totp_enabled": true, "totp_enrollment_enabled": false})
	for typeName, config := range map[string]values{
		portal:    {"enabled": false},
		twoFactor: {"totp_enabled": true, "totp_enrollment_enabled": false, "email_otp_enabled": false},
	} {
		saved := w.plan(&object{typeName: typeName}, config)
		w.calls()
		wantNoError(t, w.apply(saved))
		// The check of the plan, and the look under the lock.
		w.wantCalls("POST token", applicationLookup, applicationRead, applicationRead)
	}

	// Positive control: an enrollment that nobody has set is something else than one that is off.
	w.mock.Update(func(state *mockserver.State) {
		w.place.edit(state.Organizations["bifrost"], edit{what: "unset", flag: "totp_enrollment_enabled"})
	})
	wantNoError(t,
		w.apply(w.plan(&object{typeName: twoFactor}, values{"totp_enabled": true, "totp_enrollment_enabled": false})))
	if !slices.Contains(w.calls(), applicationChange) {
		t.Error("enrollment was not set, and nothing was written")
	}
}
