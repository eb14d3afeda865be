package smsrule_test

import (
	"net/http"
	"sync/atomic"
	"testing"

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
