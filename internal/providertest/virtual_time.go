package providertest

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/contract"
)

// Offline takes a workspace into a bubble of virtual time. Its server stays outside: it listens on a network.
func (w *Workspace) Offline(t *testing.T) {
	t.Helper()
	check := contract.Check(t)
	w.T, w.Wrap = t, func(http.RoundTripper) http.RoundTripper { return check(direct{w.Mock}) }
	w.Provider["max_retries"] = 100 // the most that is allowed, which waits for half an hour at the least
}

// direct is a connection without a network, on which virtual time would stand still.
type direct struct {
	server http.Handler
}

func (d direct) RoundTrip(request *http.Request) (*http.Response, error) {
	if err := request.Context().Err(); err != nil {
		return nil, err
	}
	recorder := httptest.NewRecorder()
	d.server.ServeHTTP(recorder, request)
	return recorder.Result(), nil
}

// PrepareApply plans, and returns the process and the last call of the apply: what comes before it, the plan, has no
// limit of its own.
func (w *Workspace) PrepareApply(o *Object, config Values) (*Process, func() Diagnostics) {
	w.T.Helper()
	p := w.Start()
	saved := p.Plan(o, config)
	WantNoError(w.T, saved.Diags)
	return p, func() Diagnostics { return p.applyChange(saved) }
}
