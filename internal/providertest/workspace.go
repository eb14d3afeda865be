package providertest

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/contract"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Workspace is a mock server, and how the provider is configured for it. Its methods do what Terraform's commands do,
// each in a provider process of its own, and check what the server stores and was sent.
type Workspace struct {
	T        Tester
	Mock     *mockserver.Server
	Place    Place // where the provider is told that the settings are
	Provider Values
	Wrap     func(http.RoundTripper) http.RoundTripper // put around the connection of each process
}

// NewWorkspace is NewWorkspaceIn for the classic place, for tests that are about its objects or about no settings at
// all.
func NewWorkspace(t Tester, options ...mockserver.Option) *Workspace {
	t.Helper()
	mock := mockserver.New(t, options...)
	return &Workspace{T: t, Mock: mock, Place: ClassicPlace{}, Wrap: contract.Check(t), Provider: Values{
		"organization": "bifrost", "base_url": mock.URL(), "requests_per_minute": 0, "my_account_api": "classic",
		"client_id": mockserver.DefaultClientID, "client_secret": mockserver.DefaultClientSecret,
	}}
}

// NewWorkspaceIn is a workspace with a mock server that nobody has touched yet, with the organization "bifrost".
func NewWorkspaceIn(t Tester, p Place, options ...mockserver.Option) *Workspace {
	t.Helper()
	w := NewWorkspace(t, options...)
	w.Place = p
	w.Provider["my_account_api"] = p.String()
	return w
}

// NewApplicationWorkspace is a workspace whose provider block says nothing of where the settings are.
func NewApplicationWorkspace(t Tester, options ...mockserver.Option) *Workspace {
	t.Helper()
	w := NewWorkspace(t, options...)
	delete(w.Provider, "my_account_api")
	w.Mock.Update(func(state *mockserver.State) {
		for _, organization := range state.Organizations {
			organization.Connections = map[string][]string{"Google": {"GoogleOIDCAuthenticator"}}
		}
	})
	return w
}

// NewFleet is NewFleetIn for the classic place.
func NewFleet(t *testing.T) *Workspace {
	t.Helper()
	return NewFleetIn(t, ClassicPlace{})
}

// NewFleetIn is a workspace with two organizations.
func NewFleetIn(t *testing.T, at Place) *Workspace {
	t.Helper()
	w := NewWorkspaceIn(t, at, mockserver.WithOrganization("bifrost", "alfheim"))
	credentials := Values{"client_id": mockserver.DefaultClientID, "client_secret": mockserver.DefaultClientSecret}
	w.Provider["credentials"] = Values{"alfheim": credentials, "bifrost": credentials}
	return w
}

// Start starts a process with the workspace's provider block, which has to be right.
func (w *Workspace) Start() *Process {
	w.T.Helper()
	p := NewProcessOver(w.T, w.Wrap)
	WantNoDiagnostics(w.T, p.Configure(w.Provider))
	return p
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

// PlanWithoutRefresh is "terraform plan -refresh=false".
func (w *Workspace) PlanWithoutRefresh(o *Object, config Values) *Plan {
	w.T.Helper()
	result := w.Start().Plan(o, config)
	WantNoError(w.T, result.Diags)
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

// Create is Up for a new object.
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

// Destroy does what "terraform destroy" does: a refresh, a plan, and the plan of the destruction.
func (w *Workspace) Destroy(o *Object, config Values) {
	w.T.Helper()
	WantNoError(w.T, w.Plan(o, config).Diags)
	WantNoError(w.T, w.Apply(w.Plan(o, nil)))
	if o.State != nil {
		w.T.Errorf("%s is still in the state", o.TypeName)
	}
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

// unsaid are attributes that WantState compares only where they are given.
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

// ConfigsOf has a first configuration and a changed one for each of the settings' resources.
var ConfigsOf = map[string][2]Values{
	Portal:        {{"enabled": false}, {"enabled": true}},
	TwoFactor:     {{"email_otp_enabled": true}, {"email_otp_enabled": false}},
	LoginFlowType: {FlowConfig(Password + "|totp"), FlowConfig(Password + "|" + Passkey)},
}
