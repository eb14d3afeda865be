package smsrule_test

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

type afterDeletion struct {
	next http.RoundTripper
	then func()
	done *atomic.Bool
}

func (a afterDeletion) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := a.next.RoundTrip(request)
	if request.Method == http.MethodDelete && !a.done.Swap(true) {
		a.then()
	}
	return response, err
}

// TestSMSSenderDeletionThatWaits lets somebody do something while the deletion of the sender waits for its second try.
func TestSMSSenderDeletionThatWaits(t *testing.T) {
	t.Parallel()
	theirs := providertest.TwilioStored()
	theirs.Sender = new("+15550177")
	for name, test := range map[string]struct {
		somebody func(w *providertest.Workspace)
		errors   []string
		warning  string
		left     *mockserver.SMSSender
	}{
		"nothing happens": {somebody: func(*providertest.Workspace) {}},
		"SMS OTP goes on": {
			somebody: func(w *providertest.Workspace) {
				w.Console(providertest.Stored{providertest.TwoFactorObject: {"sms_otp_enabled": "true"}})
			},
			warning: "was not deleted", left: providertest.TwilioStored(),
		},
		"the sender is replaced": {
			somebody: func(w *providertest.Workspace) { w.SetSender(theirs) },
			errors: []string{
				"Unable to delete the SMS sender", "Somebody has changed the SMS sender", "Plan again",
			}, left: theirs,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspace(t)
			o := w.Create(providertest.SenderType, providertest.Twilio)
			saved := w.WantAction(o, nil, "delete")
			check, done := w.Wrap, new(atomic.Bool)
			w.Wrap = func(next http.RoundTripper) http.RoundTripper {
				return afterDeletion{check(next), func() { test.somebody(w) }, done}
			}
			w.Mock.AddFault(mockserver.Fault{
				Match: mockserver.Match{Method: "DELETE"}, Action: mockserver.ActionStatus, Status: 429,
				Headers: map[string]string{"Retry-After": "1"},
			})
			diags := w.Apply(saved)
			switch {
			case test.errors != nil:
				wantError(t, diags, test.errors...)
			case test.warning != "":
				wantWarning(t, diags, test.warning)
			default:
				wantNoDiagnostics(t, diags)
			}
			if kept := o.State != nil; kept != (test.errors != nil) {
				t.Errorf("the state is %v", o.State)
			}
			if !done.Load() {
				t.Error("nothing was deleted")
			}
			w.WantSender(test.left)
		})
	}
}

// amidst applies one plan while another one waits for the answer to a call.
func amidst(
	w *providertest.Workspace, call mockserver.Match, waits, comes *providertest.Plan, known values,
) (ofWaiting, ofComing providertest.Diagnostics) {
	w.T.Helper()
	wantNoError(w.T, append(waits.Diags.Errors(), comes.Diags.Errors()...))
	w.Mock.AddFault(mockserver.Fault{Match: call, Action: mockserver.ActionLatency, LatencyMS: 300})
	p, done := w.Start(), make(chan providertest.Diagnostics)
	go func() { done <- p.Apply(waits, known) }()
	for deadline := time.Now().Add(10 * time.Second); len(w.Mock.Faults()) > 0 && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond) // until the call is on its way
	}
	ofComing = p.Apply(comes, known)
	return <-done, ofComing
}

// TestSenderGoesAmidstAChange destroys the sender while another resource writes a value of SMS OTP that no plan knew.
// Whichever of them comes first, the other one sees what it has done: so SMS OTP is not left without a sender, and no
// sender is left because of a value that is about to go.
func TestSenderGoesAmidstAChange(t *testing.T) {
	t.Parallel()
	factors := func(sms any) values { return values{"sms_otp_enabled": sms, "totp_enabled": true} }
	flow := func(sms any) values {
		options := "totp"
		if sms == true {
			options += " " + providertest.SMSOTP
		}
		return providertest.FlowConfig(providertest.Password + "|" + options)
	}
	for name, resource := range map[string]struct {
		typeName     string
		at           []place
		exists       bool
		plan         values
		turnsOutToBe func(sms any) values
	}{
		"new factors": {providertest.TwoFactor, providertest.AllPlaces, false, factors(unknown), factors},
		"changed factors": {
			providertest.TwoFactor, []place{providertest.ApplicationPlace{}}, true, factors(unknown), factors,
		},
		"new flow": {
			providertest.LoginFlowType, []place{providertest.ApplicationPlace{}}, false, values{"steps": unknown}, flow,
		},
	} {
		for _, test := range []struct {
			name             string
			was, becomes     bool // SMS OTP
			senderFirst      bool
			stays, isRefused bool // the sender, and SMS OTP
		}{
			{name: "SMS OTP goes on first", becomes: true, stays: true},
			{name: "SMS OTP goes off first", was: true},
			{name: "SMS OTP stays off, and something else changes first"}, // positive control
			{name: "the sender goes before SMS OTP goes on", senderFirst: true, becomes: true, isRefused: true},
			{name: "the sender goes before something else changes", senderFirst: true}, // positive control
		} {
			for _, at := range resource.at {
				t.Run(fmt.Sprintf("%s, %s: %s", name, at, test.name), func(t *testing.T) {
					t.Parallel()
					w := newWorkspaceIn(t, at)
					sender, o := w.Create(providertest.SenderType, providertest.Twilio), &object{TypeName: resource.typeName}
					w.Sets(values{"sms_otp_enabled": test.was})
					if resource.exists {
						w.Up(o, values{"sms_otp_enabled": test.was, "totp_enabled": false})
					}
					change, deletion := w.Plan(o, resource.plan), w.Plan(sender, nil)
					var ofChange, ofDeletion providertest.Diagnostics
					known := resource.turnsOutToBe(test.becomes)
					if test.senderFirst {
						call := mockserver.Match{Method: http.MethodDelete}
						ofDeletion, ofChange = amidst(w, call, deletion, change, known)
					} else {
						ofChange, ofDeletion = amidst(w, at.Writes("bifrost"), change, deletion, known)
					}
					if test.isRefused {
						wantError(t, ofChange, "needs an SMS sender")
					} else {
						wantNoError(t, ofChange)
					}
					if test.stays {
						wantWarning(t, ofDeletion, "was not deleted", "SMS OTP is on")
					} else {
						wantNoDiagnostics(t, ofDeletion)
					}
					w.WantShown(values{"sms_otp_enabled": test.becomes && !test.isRefused})
					if there := w.Sender() != nil; there != test.stays {
						t.Errorf("there is a sender: %t", there)
					}
				})
			}
		}
	}
}

// TestDeletionWithoutTime deletes nothing, and keeps the state.
func TestDeletionWithoutTime(t *testing.T) {
	t.Parallel()
	w := newWorkspaceIn(t, providertest.ApplicationPlace{})
	o := w.Create(providertest.SenderType, providertest.Twilio.With(values{"timeouts": values{"delete": "1m"}}))
	o.State["timeouts"].(values)["delete"] = "1ns"
	destruction := w.Plan(o, nil)
	w.Calls()
	wantError(t, w.Apply(destruction), "Unable to delete the SMS sender", "interrupted, or its time ran out")
	w.WantCalls()
	if o.State == nil || w.Sender() == nil {
		t.Error("the sender or its state is gone")
	}
}

// TestSenderThatComesBackInTheSameRun: it was to go, stayed for SMS OTP, and went with it. So a new one is created, and
// replaces nothing.
func TestSenderThatComesBackInTheSameRun(t *testing.T) {
	t.Parallel()
	w := newWorkspaceIn(t, providertest.ApplicationPlace{})
	sender := w.Create(providertest.SenderType, providertest.Twilio)
	factors := w.Create(providertest.TwoFactor, values{"sms_otp_enabled": true, "totp_enabled": true})
	off := w.Plan(factors, values{"sms_otp_enabled": false, "totp_enabled": true})
	deletion, fresh := w.Plan(sender, nil), &object{TypeName: providertest.SenderType}
	creation := w.Plan(fresh, providertest.Twilio)
	p := w.Start()
	wantWarning(t, p.Apply(deletion), "SMS sender")
	wantWarning(t, p.Apply(off), "was deleted")
	w.Calls()
	wantNoError(t, p.Apply(creation))
	if sent := w.SentSenders(); w.Sender() == nil || len(sent) == 0 {
		t.Errorf("the sender is %v, sent %v", w.Sender(), sent)
	}
}
