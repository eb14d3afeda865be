package providertest

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
	Portal        = "asgardeo_my_account_portal"
	TwoFactor     = "asgardeo_my_account_two_factor"
	SenderType    = "asgardeo_sms_sender"
	LoginFlowType = "asgardeo_my_account_login_flow"

	// What the server calls its objects.
	StatusObject     = "status"
	TwoFactorObject  = "myaccount-2FA-config"
	EnrollmentObject = "myaccount-TOTP-config"
)

type (
	Attributes = mockserver.Attributes
	Stored     = map[string]Attributes
)

type Workspace struct {
	T        Tester
	Mock     *mockserver.Server
	Place    Place // where the provider is told that the settings are
	Provider Values
	Wrap     func(http.RoundTripper) http.RoundTripper // put around the connection of each process
}

// NewWorkspace is newWorkspaceIn for the classic place, for tests that are about its objects or about no settings at
// all.
func NewWorkspace(t Tester, options ...mockserver.Option) *Workspace {
	t.Helper()
	mock := mockserver.New(t, options...)
	return &Workspace{T: t, Mock: mock, Place: ClassicPlace{}, Wrap: contract.Check(t), Provider: Values{
		"organization": "bifrost", "base_url": mock.URL(), "requests_per_minute": 0, "my_account_api": "classic",
		"client_id": mockserver.DefaultClientID, "client_secret": mockserver.DefaultClientSecret,
	}}
}

// BesidesFaults checks all that a process exchanges with a server, except for what a fault answers in the server's
// place: that need not be as documented.
func BesidesFaults(t Tester) func(http.RoundTripper) http.RoundTripper {
	return contract.New(t).Except(func(answer *http.Response) bool {
		return answer.Header.Get(mockserver.FaultHeader) != ""
	}).Wrap
}

func (w *Workspace) Start() *Process {
	w.T.Helper()
	p := NewProcessOver(w.T, w.Wrap)
	WantNoDiagnostics(w.T, p.Configure(w.Provider))
	return p
}

// Console changes the objects of "bifrost" as somebody in the Console would: nil attributes remove an object.
func (w *Workspace) Console(changes Stored) {
	w.Mock.Update(func(state *mockserver.State) {
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

// WantStored compares what the server stores of "bifrost".
func (w *Workspace) WantStored(want Stored) {
	w.T.Helper()
	if diff := cmp.Diff(want, w.Mock.State().Organizations["bifrost"].MyAccount); diff != "" {
		w.T.Errorf("the server's state differs (- want, + got):\n%s", diff)
	}
}

// Calls returns the calls since the last look, such as "POST token", "GET status" or "PUT myaccount-2FA-config".
func (w *Workspace) Calls() []string {
	w.T.Helper()
	calls := []string{}
	for _, request := range w.Mock.Requests() {
		what := request.Path[strings.LastIndex(request.Path, "/")+1:]
		if strings.Contains(request.Path, ApplicationCalls+"/") {
			what = ApplicationDocument // its id says nothing
		}
		if request.Method == http.MethodPut {
			var body struct{ Name string }
			Must(w.T, json.Unmarshal([]byte(request.Body), &body))
			if body.Name != "" { // a sender's is in the path
				what = body.Name
			}
		}
		calls = append(calls, request.Method+" "+what)
	}
	w.Mock.ClearRequests()
	return calls
}

// WantCalls compares the calls since the last look, in any order: objects may be read at the same time.
func (w *Workspace) WantCalls(want ...string) {
	w.T.Helper()
	slices.Sort(want)
	got := w.Calls()
	slices.Sort(got)
	if diff := cmp.Diff(want, got,
		cmp.Transformer("empty", func(calls []string) []string { return append([]string{}, calls...) })); diff != "" {
		w.T.Errorf("calls differ (- want, + got):\n%s", diff)
	}
}

// Writes returns the documents that were written since the last look, in order.
func (w *Workspace) Writes() []string {
	w.T.Helper()
	written := []string{}
	for _, call := range w.Calls() {
		method, name, _ := strings.Cut(call, " ")
		if method == http.MethodPut || method == http.MethodPatch {
			written = append(written, name)
		}
	}
	return written
}

// Plan is "terraform plan": a refresh, which has to succeed, and a plan.
func (w *Workspace) Plan(o *Object, config Values) *Plan {
	w.T.Helper()
	p := w.Start()
	refreshed := p.Refresh(o)
	WantNoError(w.T, refreshed)
	result := p.Plan(o, config)
	result.Diags = append(refreshed, result.Diags...)
	return result
}

// Apply is "terraform apply" of a saved plan.
func (w *Workspace) Apply(saved *Plan, known ...Values) Diagnostics {
	w.T.Helper()
	WantNoError(w.T, saved.Diags)
	return w.Start().Apply(saved, known...)
}

// Up plans and applies, which has to succeed, and leaves nothing to do.
func (w *Workspace) Up(o *Object, config Values) {
	w.T.Helper()
	WantNoError(w.T, w.Apply(w.Plan(o, config)))
	w.WantAction(o, config, "no-op")
}

// Create is up for a new object.
func (w *Workspace) Create(typeName string, config Values) *Object {
	w.T.Helper()
	o := &Object{TypeName: typeName}
	w.Up(o, config)
	return o
}

// Adopt imports an object by the name of its organization.
func (w *Workspace) Adopt(typeName string) *Object {
	w.T.Helper()
	o, diags := w.Start().ImportByID(typeName, "bifrost")
	WantNoDiagnostics(w.T, diags)
	return o
}

// WantAction insists on what a plan would do.
func (w *Workspace) WantAction(o *Object, config Values, action string) *Plan {
	w.T.Helper()
	result := w.Plan(o, config)
	WantNoError(w.T, result.Diags)
	if result.Action != action {
		w.T.Errorf("the plan would %s, not %s:\nstate   %v\nplanned %v", result.Action, action, o.State, result.Planned)
	}
	return result
}

// unsaid are attributes that wantState compares only where they are given.
var unsaid = []string{"organization", "url", "api", "application_id", "type", "subject_step", "attribute_step"}

// WantState compares an object's state, except what is said of every object of its type.
func (o *Object) WantState(t Tester, want Values) {
	t.Helper()
	got := Values{}
	for name, value := range o.State {
		if _, given := want[name]; given || !slices.Contains(unsaid, name) {
			got[name] = value
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the state differs (- want, + got):\n%s", diff)
	}
}

// WantIdentity insists on the identity that every object of "bifrost" has.
func (o *Object) WantIdentity(t Tester) {
	t.Helper()
	if diff := cmp.Diff(Values{"organization": "bifrost"}, o.Identity); diff != "" {
		t.Errorf("the identity differs (- want, + got):\n%s", diff)
	}
}

// RefuseWrites makes the server refuse writes for good, after it has let some pass. It does not look like a fault that
// is worth another try.
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

// WithSender gives "bifrost" the SMS sender that SMS OTP needs.
func (w *Workspace) WithSender() {
	w.Mock.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].SMSSenders["SMSPublisher"] = &mockserver.SMSSender{
			Provider: "Twilio", Key: new("AC00"), Secret: new("sender-secret"), Sender: new("+15550100"), ContentType: "JSON",
		}
	})
}
