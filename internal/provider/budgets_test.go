package provider_test

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// How many calls a command makes. Asgardeo counts them.

// TestCallsOfOneOrganization counts those of the classic place. TestCallsOfOneApplication is the same for the
// application.
func TestCallsOfOneOrganization(t *testing.T) {
	t.Parallel()

	const (
		status     = "GET " + providertest.StatusObject
		factors    = "GET " + providertest.TwoFactorObject
		enrollment = "GET " + providertest.EnrollmentObject
	)
	w := providertest.NewWorkspace(t)
	thePortal := &providertest.Object{TypeName: portalType}
	theFactors := &providertest.Object{TypeName: twoFactorType}
	portalConfig := values{"enabled": false}
	factorConfig := values{
		"email_otp_enabled": true, "sms_otp_enabled": false, "totp_enabled": true, "totp_enrollment_enabled": true,
		"backup_codes_enabled": true,
	}

	// Validating and configuring is free.
	p := w.Start()
	w.WantCalls()

	// Plan of both, new.
	plans := []*providertest.Plan{p.Plan(thePortal, portalConfig), p.Plan(theFactors, factorConfig)}
	w.WantCalls("POST token", status, factors, enrollment)

	// Apply: the check of the plan, and one read under the lock and one write for each object.
	p = w.Start()
	for _, saved := range plans {
		providertest.WantNoError(t, p.Apply(saved))
	}
	w.WantCalls("POST token", status, factors, enrollment, status, factors, enrollment, "PUT "+providertest.StatusObject,
		"PUT "+providertest.TwoFactorObject, "PUT "+providertest.EnrollmentObject)

	// Plan without changes.
	p = w.Start()
	providertest.WantNoDiagnostics(t, append(p.Refresh(thePortal), p.Refresh(theFactors)...))
	for _, unchanged := range []*providertest.Plan{p.Plan(thePortal, portalConfig), p.Plan(theFactors, factorConfig)} {
		if unchanged.Action != "no-op" {
			t.Errorf("the plan would %s", unchanged.Action)
		}
	}
	w.WantCalls("POST token", status, factors, enrollment)

	// One changed setting: the plan costs no more, the apply one read and one write.
	factorConfig["email_otp_enabled"] = false
	p = w.Start()
	providertest.WantNoDiagnostics(t, append(p.Refresh(thePortal), p.Refresh(theFactors)...))
	p.Plan(thePortal, portalConfig)
	saved := p.Plan(theFactors, factorConfig)
	w.WantCalls("POST token", status, factors, enrollment)
	providertest.WantNoError(t, w.Apply(saved))
	w.WantCalls("POST token", factors, "PUT "+providertest.TwoFactorObject)

	// Plan and apply in one process, as a command without a saved plan does not even do: no second token.
	factorConfig["email_otp_enabled"] = true
	p = w.Start()
	providertest.WantNoDiagnostics(t, p.Refresh(theFactors))
	providertest.WantNoError(t, p.Apply(p.Plan(theFactors, factorConfig)))
	w.WantCalls("POST token", factors, enrollment, factors, "PUT "+providertest.TwoFactorObject)

	// Destroy of both.
	p = w.Start()
	providertest.WantNoDiagnostics(t, append(p.Refresh(thePortal), p.Refresh(theFactors)...))
	plans = []*providertest.Plan{p.Plan(thePortal, nil), p.Plan(theFactors, nil)}
	w.WantCalls("POST token", status, factors, enrollment)
	p = w.Start()
	for _, saved := range plans {
		providertest.WantNoError(t, p.Apply(saved))
	}
	w.WantCalls(
		"POST token",
		status,
		factors,
		enrollment,
		"PUT "+providertest.StatusObject,
		"PUT "+providertest.TwoFactorObject,
		"PUT "+providertest.EnrollmentObject,
	)
}

// TestCreateWritesOnlyWhatDiffers: an object whose planned values hold already is not written.
func TestCreateWritesOnlyWhatDiffers(t *testing.T) {
	t.Parallel()

	w := providertest.NewWorkspace(t)
	w.Console(providertest.Stored{providertest.TwoFactorObject: {"totp_enabled": "true"}})
	saved := w.Plan(
		&providertest.Object{TypeName: twoFactorType},
		values{"totp_enabled": true, "totp_enrollment_enabled": true},
	)
	w.Calls()
	providertest.WantNoError(t, w.Apply(saved))
	w.WantCalls(
		"POST token",
		"GET "+providertest.TwoFactorObject,
		"GET "+providertest.EnrollmentObject,
		"GET "+providertest.TwoFactorObject,
		"GET "+providertest.EnrollmentObject,
		"PUT "+providertest.EnrollmentObject,
	)
}

// TestSMSOTPAsksForTheSendersOnce: the plan looks for a sender, and the write looks again.
func TestSMSOTPAsksForTheSendersOnce(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		w.WithSender()
		o := w.Create(twoFactorType, values{"sms_otp_enabled": false})
		w.Calls()
		saved := w.Plan(o, values{"sms_otp_enabled": true})
		w.WantCalls(
			append(at.Look(providertest.FlagsOfType()[twoFactorType]...), "POST token", providertest.SenderList)...)
		providertest.WantNoError(t, w.Apply(saved))
		w.WantCalls(slices.Concat([]string{"POST token", providertest.SenderList}, at.Look("sms_otp_enabled"),
			at.Change("sms_otp_enabled"))...)
	})
}

// TestCallsWithoutChanges: a plan of everything costs a token and a read of each document. A server without version 2
// of the senders costs one call more.
func TestCallsWithoutChanges(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for api, further := range map[mockserver.SenderAPI]int{
			"": 0, mockserver.SendersPlain: 0, mockserver.SendersV1: 1, mockserver.SendersV1Open: 1,
		} {
			w := providertest.NewWorkspaceIn(t, at)
			w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].SenderAPI = api })
			configs := map[string]values{
				senderType:    providertest.Twilio,
				portalType:    {"enabled": false},
				twoFactorType: providertest.SMSOn,
			}
			var objects []*providertest.Object
			for _, typeName := range []string{senderType, portalType, twoFactorType} {
				objects = append(objects, w.Create(typeName, configs[typeName]))
			}
			w.Calls()
			p := w.Start()
			for _, o := range objects {
				providertest.WantNoDiagnostics(t, p.Refresh(o))
			}
			for _, o := range objects {
				if unchanged := p.Plan(o, configs[o.TypeName]); unchanged.Action != "no-op" {
					t.Errorf("the plan would %s %s", unchanged.Action, o.TypeName)
				}
			}
			w.WantCalls(slices.Concat([]string{"POST token"}, at.Look(providertest.AllFlags()...),
				slices.Repeat([]string{providertest.SenderList}, 1+further))...)
		}
	})
}

// TestFleetInOneProcess: one token for each organization, and none is used for another one, also when Terraform works
// on many resources at once.
func TestFleetInOneProcess(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		var names []string
		for i := range 20 {
			names = append(names, fmt.Sprintf("org-%02d", i))
		}
		w := providertest.NewWorkspaceIn(t, at, mockserver.WithOrganization(names...))
		delete(w.Provider, "organization")
		objects := map[*providertest.Object]values{}
		p := w.Start()
		for _, name := range names {
			for typeName, config := range map[string]values{
				portalType: {"enabled": false}, twoFactorType: {"totp_enabled": true},
			} {
				config["organization"] = name
				o := &providertest.Object{TypeName: typeName}
				providertest.WantNoError(t, p.Apply(p.Plan(o, config)))
				objects[o] = config
			}
		}
		w.Mock.ClearRequests()

		p = w.Start()
		var work sync.WaitGroup
		for o, config := range objects {
			work.Go(func() {
				if diags := p.Refresh(o); len(diags) > 0 {
					t.Errorf("unexpected diagnostics:\n%s", diags)
				}
				if unchanged := p.Plan(o, config); unchanged.Action != "no-op" {
					t.Errorf("the plan would %s:\n%s", unchanged.Action, unchanged.Diags)
				}
			})
		}
		work.Wait()
		calls := map[string]int{}
		for _, request := range w.Mock.Requests() {
			calls[request.Organization]++
			if request.ForeignToken || request.Status >= 400 && request.Status != 404 {
				t.Errorf("%s %s: %d", request.Method, request.Path, request.Status)
			}
		}
		for _, name := range names {
			if want := 1 + len(at.Look(providertest.AllFlags()...)); calls[name] != want {
				t.Errorf("%s: %d calls, want %d: a token and the reads", name, calls[name], want)
			}
		}
		if len(calls) != len(names) {
			t.Errorf("calls to %v", slices.Sorted(maps.Keys(calls)))
		}
	})
}
