package provider

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// How many calls a command makes. Asgardeo counts them.

// TestCallsOfOneOrganization counts those of the classic place. TestCallsOfOneApplication is the same for the
// application.
func TestCallsOfOneOrganization(t *testing.T) {
	t.Parallel()

	const status, factors, enrollment = "GET " + statusObject, "GET " + twoFactorObject, "GET " + enrollmentObject
	w := newWorkspace(t)
	thePortal, theFactors := &object{typeName: portal}, &object{typeName: twoFactor}
	portalConfig := values{"enabled": false}
	factorConfig := values{
		"email_otp_enabled": true, "sms_otp_enabled": false, "totp_enabled": true, "totp_enrollment_enabled": true,
		"backup_codes_enabled": true,
	}

	// Validating and configuring is free.
	p := w.start()
	w.wantCalls()

	// Plan of both, new.
	plans := []*plan{p.plan(thePortal, portalConfig), p.plan(theFactors, factorConfig)}
	w.wantCalls("POST token", status, factors, enrollment)

	// Apply: the check of the plan, and one read under the lock and one write for each object.
	p = w.start()
	for _, saved := range plans {
		wantNoError(t, p.apply(saved))
	}
	w.wantCalls("POST token", status, factors, enrollment, status, factors, enrollment, "PUT "+statusObject,
		"PUT "+twoFactorObject, "PUT "+enrollmentObject)

	// Plan without changes.
	p = w.start()
	wantNoDiagnostics(t, append(p.refresh(thePortal), p.refresh(theFactors)...))
	for _, unchanged := range []*plan{p.plan(thePortal, portalConfig), p.plan(theFactors, factorConfig)} {
		if unchanged.action != "no-op" {
			t.Errorf("the plan would %s", unchanged.action)
		}
	}
	w.wantCalls("POST token", status, factors, enrollment)

	// One changed setting: the plan costs no more, the apply one read and one write.
	factorConfig["email_otp_enabled"] = false
	p = w.start()
	wantNoDiagnostics(t, append(p.refresh(thePortal), p.refresh(theFactors)...))
	p.plan(thePortal, portalConfig)
	saved := p.plan(theFactors, factorConfig)
	w.wantCalls("POST token", status, factors, enrollment)
	wantNoError(t, w.apply(saved))
	w.wantCalls("POST token", factors, "PUT "+twoFactorObject)

	// Plan and apply in one process, as a command without a saved plan does not even do: no second token.
	factorConfig["email_otp_enabled"] = true
	p = w.start()
	wantNoDiagnostics(t, p.refresh(theFactors))
	wantNoError(t, p.apply(p.plan(theFactors, factorConfig)))
	w.wantCalls("POST token", factors, enrollment, factors, "PUT "+twoFactorObject)

	// Destroy of both.
	p = w.start()
	wantNoDiagnostics(t, append(p.refresh(thePortal), p.refresh(theFactors)...))
	plans = []*plan{p.plan(thePortal, nil), p.plan(theFactors, nil)}
	w.wantCalls("POST token", status, factors, enrollment)
	p = w.start()
	for _, saved := range plans {
		wantNoError(t, p.apply(saved))
	}
	w.wantCalls("POST token", status, factors, enrollment, "PUT "+statusObject, "PUT "+twoFactorObject,
		"PUT "+enrollmentObject)
}

// TestCreateWritesOnlyWhatDiffers: an object whose planned values hold already is not written.
func TestCreateWritesOnlyWhatDiffers(t *testing.T) {
	t.Parallel()

	w := newWorkspace(t)
	w.console(stored{twoFactorObject: {"totp_enabled": "true"}})
	saved := w.plan(&object{typeName: twoFactor}, values{"totp_enabled": true, "totp_enrollment_enabled": true})
	w.calls()
	wantNoError(t, w.apply(saved))
	w.wantCalls("POST token", "GET "+twoFactorObject, "GET "+enrollmentObject, "GET "+twoFactorObject,
		"GET "+enrollmentObject, "PUT "+enrollmentObject)
}

// TestSMSOTPAsksForTheSendersOnce: the plan looks for a sender, and the write looks again.
func TestSMSOTPAsksForTheSendersOnce(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		w.withSender()
		o := w.create(twoFactor, values{"sms_otp_enabled": false})
		w.calls()
		saved := w.plan(o, values{"sms_otp_enabled": true})
		w.wantCalls(append(at.look(flagsOfType()[twoFactor]...), "POST token", senderList)...)
		wantNoError(t, w.apply(saved))
		w.wantCalls(slices.Concat([]string{"POST token", senderList}, at.look("sms_otp_enabled"),
			at.change("sms_otp_enabled"))...)
	})
}

// TestCallsWithoutChanges: a plan of everything costs a token and a read of each document. A server without version 2
// of the senders costs one call more.
func TestCallsWithoutChanges(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for api, further := range map[mockserver.SenderAPI]int{
			"": 0, mockserver.SendersPlain: 0, mockserver.SendersV1: 1, mockserver.SendersV1Open: 1,
		} {
			w := newWorkspaceIn(t, at)
			w.mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].SenderAPI = api })
			configs := map[string]values{senderType: twilio, portal: {"enabled": false}, twoFactor: smsOn}
			var objects []*object
			for _, typeName := range []string{senderType, portal, twoFactor} {
				objects = append(objects, w.create(typeName, configs[typeName]))
			}
			w.calls()
			p := w.start()
			for _, o := range objects {
				wantNoDiagnostics(t, p.refresh(o))
			}
			for _, o := range objects {
				if unchanged := p.plan(o, configs[o.typeName]); unchanged.action != "no-op" {
					t.Errorf("the plan would %s %s", unchanged.action, o.typeName)
				}
			}
			w.wantCalls(slices.Concat([]string{"POST token"}, at.look(allFlags()...),
				slices.Repeat([]string{senderList}, 1+further))...)
		}
	})
}

// TestFleetInOneProcess: one token for each organization, and none is used for another one, also when Terraform works
// on many resources at once.
func TestFleetInOneProcess(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		var names []string
		for i := range 20 {
			names = append(names, fmt.Sprintf("org-%02d", i))
		}
		w := newWorkspaceIn(t, at, mockserver.WithOrganization(names...))
		delete(w.provider, "organization")
		objects := map[*object]values{}
		p := w.start()
		for _, name := range names {
			for typeName, config := range map[string]values{portal: {"enabled": false}, twoFactor: {"totp_enabled": true}} {
				config["organization"] = name
				o := &object{typeName: typeName}
				wantNoError(t, p.apply(p.plan(o, config)))
				objects[o] = config
			}
		}
		w.mock.ClearRequests()

		p = w.start()
		var work sync.WaitGroup
		for o, config := range objects {
			work.Go(func() {
				if diags := p.refresh(o); len(diags) > 0 {
					t.Errorf("unexpected diagnostics:\n%s", diags)
				}
				if unchanged := p.plan(o, config); unchanged.action != "no-op" {
					t.Errorf("the plan would %s:\n%s", unchanged.action, unchanged.diags)
				}
			})
		}
		work.Wait()
		calls := map[string]int{}
		for _, request := range w.mock.Requests() {
			calls[request.Organization]++
			if request.ForeignToken || request.Status >= 400 && request.Status != 404 {
				t.Errorf("%s %s: %d", request.Method, request.Path, request.Status)
			}
		}
		for _, name := range names {
			if want := 1 + len(at.look(allFlags()...)); calls[name] != want {
				t.Errorf("%s: %d calls, want %d: a token and the reads", name, calls[name], want)
			}
		}
		if len(calls) != len(names) {
			t.Errorf("calls to %v", slices.Sorted(maps.Keys(calls)))
		}
	})
}
