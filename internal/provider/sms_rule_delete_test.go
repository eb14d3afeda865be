package provider

import (
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
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
	theirs := twilioStored()
	theirs.Sender = new("+15550177")
	for name, test := range map[string]struct {
		somebody func(w *workspace)
		errors   []string
		warning  string
		left     *mockserver.SMSSender
	}{
		"nothing happens": {somebody: func(*workspace) {}},
		"SMS OTP goes on": {
			somebody: func(w *workspace) { w.console(stored{twoFactorObject: {"sms_otp_enabled": "true"}}) },
			warning:  "was not deleted", left: twilioStored(),
		},
		"the sender is replaced": {
			somebody: func(w *workspace) { w.setSender(theirs) },
			errors: []string{
				"Unable to delete the SMS sender", "Somebody has changed the SMS sender", "Plan again",
			}, left: theirs,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			o := w.create(senderType, twilio)
			saved := w.wantAction(o, nil, "delete")
			check, done := w.wrap, new(atomic.Bool)
			w.wrap = func(next http.RoundTripper) http.RoundTripper {
				return afterDeletion{check(next), func() { test.somebody(w) }, done}
			}
			w.mock.AddFault(mockserver.Fault{
				Match: mockserver.Match{Method: "DELETE"}, Action: mockserver.ActionStatus, Status: 429,
				Headers: map[string]string{"Retry-After": "1"},
			})
			diags := w.apply(saved)
			switch {
			case test.errors != nil:
				wantError(t, diags, test.errors...)
			case test.warning != "":
				wantWarning(t, diags, test.warning)
			default:
				wantNoDiagnostics(t, diags)
			}
			if kept := o.state != nil; kept != (test.errors != nil) {
				t.Errorf("the state is %v", o.state)
			}
			if !done.Load() {
				t.Error("nothing was deleted")
			}
			w.wantSender(test.left)
		})
	}
}
