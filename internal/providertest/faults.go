package providertest

import (
	"net/http"
	"slices"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Breaks lets a fault happen to every request of a kind.
func Breaks(method, path string, fault mockserver.Fault) func(*Workspace) {
	fault.Match, fault.Times = mockserver.Match{Method: method, PathPrefix: path}, -1
	return func(w *Workspace) {
		w.Mock.AddFault(fault)
	}
}

const APIPath = "/t/bifrost/api/"

// Without is an organization whose application was not granted some scopes.
func Without(scopes ...string) func(*Workspace) {
	return func(w *Workspace) {
		w.Mock.Update(func(state *mockserver.State) {
			granted := slices.DeleteFunc(mockserver.AllScopes(),
				func(scope string) bool { return slices.Contains(scopes, scope) })
			state.Organizations["bifrost"].Scopes = granted
		})
	}
}

// RefuseSecondPut makes the server refuse one write, after it has let one pass.
func (w *Workspace) RefuseSecondPut() {
	put := mockserver.Match{Method: http.MethodPut}
	w.Mock.AddFault(mockserver.Fault{Match: put, Action: mockserver.ActionLatency, LatencyMS: 1})
	w.Mock.AddFault(mockserver.Fault{
		Match: put, Action: mockserver.ActionStatus, Status: 400,
		Body: `{"code":"CONFIGM_00033","message":"Bad Request","description":"Invalid request."}`,
	})
}

// Blind lets objects be read so many times, before a write, so that nobody can look what came of that.
func (w *Workspace) Blind(reads int) {
	get := w.Place.Reads("bifrost")
	w.Mock.AddFault(mockserver.Fault{Match: get, Times: reads, Action: mockserver.ActionLatency, LatencyMS: 1})
	w.Mock.AddFault(mockserver.Fault{Match: get, Times: -1, Action: mockserver.ActionHTML404})
}
