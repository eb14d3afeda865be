package providertest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/contract"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// senderCallsV1 is the path of SMS senders in the older version of the API.
const senderCallsV1 = "/api/server/v1/notification-senders/sms"

// Hitch is a fault of the server or of the way there, in a sequence of the model or in a matrix of faults.
type Hitch struct {
	Organization string
	Method, Path string // path: what comes after the organization
	Skip, Times  int    // requests that pass before it, and that it hits; -1: all
	Fault        mockserver.Fault
}

// AddFaults adds a fault to the server. One of SMS senders happens in both versions of their API: a server where only
// one suffers looks older than it is.
func AddFaults(mock *mockserver.Server, fault mockserver.Fault) {
	mock.AddFault(fault)
	if other := strings.Replace(fault.Match.PathPrefix, SenderCalls, senderCallsV1, 1); other != fault.Match.PathPrefix {
		fault.Match.PathPrefix = other
		mock.AddFault(fault)
	}
}

// Breaks lets a fault happen to every request of a kind, for good. The path is the whole one or its beginning.
func Breaks(method, path string, fault mockserver.Fault) func(*Workspace) {
	fault.Match, fault.Times = mockserver.Match{Method: method, PathPrefix: path}, -1
	return func(w *Workspace) {
		w.Mock.AddFault(fault)
	}
}

// Without withholds scopes from the application that the provider signs in as, in "bifrost".
func Without(scopes ...string) func(*Workspace) {
	return func(w *Workspace) {
		w.Mock.Update(func(state *mockserver.State) {
			granted := slices.DeleteFunc(mockserver.AllScopes(),
				func(scope string) bool { return slices.Contains(scopes, scope) })
			state.Organizations["bifrost"].Scopes = granted
		})
	}
}

// WithdrawScriptScope leaves the provider's application the scopes of applications and senders, but not the one
// for login scripts.
func (w *Workspace) WithdrawScriptScope() {
	w.Mock.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].Scopes = []string{
			"internal_application_mgt_view", "internal_application_mgt_update",
			"internal_notification_senders_view", "internal_notification_senders_update",
		}
	})
}

// RefuseSettings makes the server refuse changes of the settings for good, after it has let some pass. It does not look
// like a fault that is worth another try.
func (w *Workspace) RefuseSettings(after int) {
	match := w.Place.Writes("bifrost")
	if after > 0 {
		w.Mock.AddFault(mockserver.Fault{Match: match, Times: after, Action: mockserver.ActionLatency, LatencyMS: 1})
	}
	w.Mock.AddFault(mockserver.Fault{
		Match: match, Times: -1, Action: mockserver.ActionStatus, Status: http.StatusBadRequest,
		Body: fmt.Sprintf(`{"code":%q,"message":"Bad Request","description":"Invalid request."}`, w.Place.Refusal()),
	})
}

// RefuseWrites is RefuseSettings for every PUT and PATCH.
func (w *Workspace) RefuseWrites(after int) {
	if after > 0 {
		w.Mock.AddFault(mockserver.Fault{
			Match: mockserver.Match{Method: http.MethodPut}, Times: after, Action: mockserver.ActionLatency, LatencyMS: 1,
		})
	}
	for _, method := range []string{http.MethodPut, http.MethodPatch} {
		w.Mock.AddFault(mockserver.Fault{
			Match: mockserver.Match{Method: method}, Times: -1, Action: mockserver.ActionStatus, Status: 400,
			Body: `{"code":"CONFIGM_00033","message":"Bad Request","description":"Invalid request."}`,
		})
	}
}

// RefuseSecondPut makes the server refuse one PUT, after it has let one pass.
func (w *Workspace) RefuseSecondPut() {
	put := mockserver.Match{Method: http.MethodPut}
	w.Mock.AddFault(mockserver.Fault{Match: put, Action: mockserver.ActionLatency, LatencyMS: 1})
	w.Mock.AddFault(mockserver.Fault{
		Match: put, Action: mockserver.ActionStatus, Status: 400,
		Body: `{"code":"CONFIGM_00033","message":"Bad Request","description":"Invalid request."}`,
	})
}

// FailReadsAfter lets the settings be read so many times and no more, so that nobody can find out what came of a later
// write.
func (w *Workspace) FailReadsAfter(reads int) {
	get := w.Place.Reads("bifrost")
	w.Mock.AddFault(mockserver.Fault{Match: get, Times: reads, Action: mockserver.ActionLatency, LatencyMS: 1})
	w.Mock.AddFault(mockserver.Fault{Match: get, Times: -1, Action: mockserver.ActionHTML404})
}

// FailAllCalls makes the server fail for good.
func (w *Workspace) FailAllCalls() {
	Breaks("", APIPath, mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 503,
		Body: `{"code":503,"message":"Service Unavailable","description":"Service Unavailable"}`,
	})(w)
}

// BesidesFaults checks all that a process exchanges with a server, except for what a fault answers in the server's
// place: that need not be as documented.
func BesidesFaults(t Tester) func(http.RoundTripper) http.RoundTripper {
	return contract.New(t).Except(func(answer *http.Response) bool {
		return answer.Header.Get(mockserver.FaultHeader) != ""
	}).Wrap
}
