package provider

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/contract"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// This file runs what Terraform's commands do against a mock server: each in a provider process of its own.

const (
	portal    = "asgardeo_my_account_portal"
	twoFactor = "asgardeo_my_account_two_factor"

	// What the server calls its objects.
	statusObject     = "status"
	twoFactorObject  = "myaccount-2FA-config"
	enrollmentObject = "myaccount-TOTP-config"
)

type (
	attributes = mockserver.Attributes
	stored     = map[string]attributes
)

type workspace struct {
	t        tester
	mock     *mockserver.Server
	place    place // where the provider is told that the settings are
	provider values
	wrap     func(http.RoundTripper) http.RoundTripper // put around the connection of each process
}

// newWorkspace is newWorkspaceIn for the classic place, for tests that are about its objects or about no settings at
// all.
func newWorkspace(t tester, options ...mockserver.Option) *workspace {
	t.Helper()
	mock := mockserver.New(t, options...)
	return &workspace{t: t, mock: mock, place: classicPlace{}, wrap: contract.Check(t), provider: values{
		"organization": "bifrost", "base_url": mock.URL(), "requests_per_minute": 0, "my_account_api": "classic",
		"client_id": mockserver.DefaultClientID, "client_secret": mockserver.DefaultClientSecret,
	}}
}

// besidesFaults checks all that a process exchanges with a server, except for what a fault answers in the server's
// place: that need not be as documented.
func besidesFaults(t tester) func(http.RoundTripper) http.RoundTripper {
	return contract.New(t).Except(func(answer *http.Response) bool {
		return answer.Header.Get(mockserver.FaultHeader) != ""
	}).Wrap
}

func (w *workspace) start() *process {
	w.t.Helper()
	p := newProcessOver(w.t, w.wrap)
	wantNoDiagnostics(w.t, p.configure(w.provider))
	return p
}

// console changes the objects of "bifrost" as somebody in the Console would: nil attributes remove an object.
func (w *workspace) console(changes stored) {
	w.mock.Update(func(state *mockserver.State) {
		objects := state.Organizations["bifrost"].MyAccount
		for name, changed := range changes {
			if changed == nil {
				delete(objects, name)
				continue
			}
			objects[name] = changed
		}
	})
}

// wantStored compares what the server stores of "bifrost".
func (w *workspace) wantStored(want stored) {
	w.t.Helper()
	if diff := cmp.Diff(want, w.mock.State().Organizations["bifrost"].MyAccount); diff != "" {
		w.t.Errorf("the server's state differs (- want, + got):\n%s", diff)
	}
}

// calls returns the calls since the last look, such as "POST token", "GET status" or "PUT myaccount-2FA-config".
func (w *workspace) calls() []string {
	w.t.Helper()
	calls := []string{}
	for _, request := range w.mock.Requests() {
		what := request.Path[strings.LastIndex(request.Path, "/")+1:]
		if strings.Contains(request.Path, applicationCalls+"/") {
			what = applicationDocument // its id says nothing
		}
		if request.Method == http.MethodPut {
			var body struct{ Name string }
			must(w.t, json.Unmarshal([]byte(request.Body), &body))
			if body.Name != "" { // a sender's is in the path
				what = body.Name
			}
		}
		calls = append(calls, request.Method+" "+what)
	}
	w.mock.ClearRequests()
	return calls
}

// wantCalls compares the calls since the last look, in any order: objects may be read at the same time.
func (w *workspace) wantCalls(want ...string) {
	w.t.Helper()
	slices.Sort(want)
	got := w.calls()
	slices.Sort(got)
	if diff := cmp.Diff(want, got,
		cmp.Transformer("empty", func(calls []string) []string { return append([]string{}, calls...) })); diff != "" {
		w.t.Errorf("calls differ (- want, + got):\n%s", diff)
	}
}

// writes returns the documents that were written since the last look, in order.
func (w *workspace) writes() []string {
	w.t.Helper()
	written := []string{}
	for _, call := range w.calls() {
		method, name, _ := strings.Cut(call, " ")
		if method == http.MethodPut || method == http.MethodPatch {
			written = append(written, name)
		}
	}
	return written
}

// plan is "terraform plan": a refresh, which has to succeed, and a plan.
func (w *workspace) plan(o *object, config values) *plan {
	w.t.Helper()
	p := w.start()
	refreshed := p.refresh(o)
	wantNoError(w.t, refreshed)
	result := p.plan(o, config)
	result.diags = append(refreshed, result.diags...)
	return result
}

// apply is "terraform apply" of a saved plan.
func (w *workspace) apply(saved *plan, known ...values) diagnostics {
	w.t.Helper()
	wantNoError(w.t, saved.diags)
	return w.start().apply(saved, known...)
}

// up plans and applies, which has to succeed, and leaves nothing to do.
func (w *workspace) up(o *object, config values) {
	w.t.Helper()
	wantNoError(w.t, w.apply(w.plan(o, config)))
	w.wantAction(o, config, "no-op")
}

// create is up for a new object.
func (w *workspace) create(typeName string, config values) *object {
	w.t.Helper()
	o := &object{typeName: typeName}
	w.up(o, config)
	return o
}

// adopt imports an object by the name of its organization.
func (w *workspace) adopt(typeName string) *object {
	w.t.Helper()
	o, diags := w.start().importByID(typeName, "bifrost")
	wantNoDiagnostics(w.t, diags)
	return o
}

// wantAction insists on what a plan would do.
func (w *workspace) wantAction(o *object, config values, action string) *plan {
	w.t.Helper()
	result := w.plan(o, config)
	wantNoError(w.t, result.diags)
	if result.action != action {
		w.t.Errorf("the plan would %s, not %s:\nstate   %v\nplanned %v", result.action, action, o.state, result.planned)
	}
	return result
}

// unsaid are attributes that wantState compares only where they are given.
var unsaid = []string{"organization", "url", "api", "application_id", "type", "subject_step", "attribute_step"}

// wantState compares an object's state, except what is said of every object of its type.
func (o *object) wantState(t tester, want values) {
	t.Helper()
	got := values{}
	for name, value := range o.state {
		if _, given := want[name]; given || !slices.Contains(unsaid, name) {
			got[name] = value
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the state differs (- want, + got):\n%s", diff)
	}
}

// wantIdentity insists on the identity that every object of "bifrost" has.
func (o *object) wantIdentity(t tester) {
	t.Helper()
	if diff := cmp.Diff(values{"organization": "bifrost"}, o.identity); diff != "" {
		t.Errorf("the identity differs (- want, + got):\n%s", diff)
	}
}

// refuseWrites makes the server refuse writes for good, after it has let some pass. It does not look like a fault that
// is worth another try.
func (w *workspace) refuseWrites(after int) {
	if after > 0 {
		w.mock.AddFault(mockserver.Fault{
			Match: mockserver.Match{Method: http.MethodPut}, Times: after, Action: mockserver.ActionLatency, LatencyMS: 1,
		})
	}
	for _, method := range []string{http.MethodPut, http.MethodPatch} {
		w.mock.AddFault(mockserver.Fault{
			Match: mockserver.Match{Method: method}, Times: -1, Action: mockserver.ActionStatus, Status: 400,
			Body: `{"code":"CONFIGM_00033","message":"Bad Request","description":"Invalid request."}`,
		})
	}
}

// withSender gives "bifrost" the SMS sender that SMS OTP needs.
func (w *workspace) withSender() {
	w.mock.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].SMSSenders["SMSPublisher"] = &mockserver.SMSSender{
			Provider: "Twilio", Key: new("AC00"), Secret: new("sender-secret"), Sender: new("+15550100"), ContentType: "JSON",
		}
	})
}
