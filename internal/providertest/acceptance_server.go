package providertest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// What a server stores and what it was sent is written in one notation, one line for each stored object:
//
//	bifrost/status enable=true
//	bifrost/myaccount-2FA-config email_otp_enabled=true totp_enabled=false
//
// Where the settings are an application, a line stands for the flags in it: see acceptance_application.go.

// Stores puts objects into the server, as somebody in the Console would: an object that exists is replaced.
func (s *AccServer) Stores(objects ...string) {
	s.Update(func(state *mockserver.State) {
		if s.inApplication() {
			s.storeFlags(state, objects...)
			return
		}
		for _, line := range objects {
			fields := strings.Fields(line)
			organization, object, _ := strings.Cut(fields[0], "/")
			attributes := mockserver.Attributes{}
			for _, field := range fields[1:] {
				key, value, _ := strings.Cut(field, "=")
				attributes[key] = value
			}
			state.Organizations[organization].MyAccount[object] = attributes
		}
	})
}

// Storing is Stores as preparation of a step.
func (s *AccServer) Storing(objects ...string) func() {
	return func() { s.Stores(objects...) }
}

// Losing removes an object, such as "bifrost/status", before a step.
func (s *AccServer) Losing(object string) func() {
	return func() {
		if s.inApplication() {
			s.Stores(object)
			return
		}
		organization, name, _ := strings.Cut(object, "/")
		s.Update(func(state *mockserver.State) { delete(state.Organizations[organization].MyAccount, name) })
	}
}

// Holds checks everything that the server stores.
func (s *AccServer) Holds(want ...string) {
	s.t.Helper()
	if s.inApplication() {
		s.wantFlags(want...)
		return
	}
	var got []string
	for organization, content := range s.State().Organizations {
		for name, attributes := range content.MyAccount {
			got = append(got, objectLine(organization, name, attributes))
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(slices.Sorted(slices.Values(want)), got); diff != "" {
		s.t.Errorf("the server stores other objects (-want +got):\n%s", diff)
	}
}

// Holding is Holds as check of a step.
func (s *AccServer) Holding(want ...string) func() {
	return func() { s.t.Helper(); s.Holds(want...) }
}

// Wrote checks the writes since the last look, in their order, and forgets them.
func (s *AccServer) Wrote(want ...string) {
	s.t.Helper()
	requests := s.Requests()
	s.ClearRequests()
	// Without this, a test that talks to nobody would prove that nothing is written.
	if !slices.ContainsFunc(requests, func(r mockserver.Request) bool { return r.Method == http.MethodGet }) {
		s.t.Error("the server was asked nothing: Terraform did not speak to it")
	}
	got := Writes(requests)
	if s.inApplication() {
		want = changeLines(want)
		got = anyFactors(want, got)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("other requests changed the server (-want +got):\n%s", diff)
	}
}

// Writing is Wrote as check of a step.
func (s *AccServer) Writing(want ...string) func() {
	return func() { s.t.Helper(); s.Wrote(want...) }
}

// Writes turns the requests that change something into lines. Those of stored objects are told apart by their content,
// all others by method and path.
func Writes(requests []mockserver.Request) []string {
	var lines []string
	for _, request := range requests {
		if request.Method == http.MethodGet || strings.HasSuffix(request.Path, "/oauth2/token") {
			continue
		}
		line := request.Method + " " + request.Path
		var body struct {
			Name       string `json:"name"`
			Attributes []struct {
				Key   string `json:"key"`
				Value any    `json:"value"`
			} `json:"attributes"`
		}
		if request.Method == http.MethodPut && strings.HasSuffix(request.Path, "/resource/myaccount") &&
			json.Unmarshal([]byte(request.Body), &body) == nil {
			attributes := mockserver.Attributes{}
			for _, attribute := range body.Attributes {
				attributes[attribute.Key] = attribute.Value
			}
			line = objectLine(request.Organization, body.Name, attributes)
		}
		if change := applicationLine(request); change != "" {
			line = change
		}
		if request.Status >= http.StatusBadRequest {
			line += fmt.Sprintf(" (status %d)", request.Status)
		}
		lines = append(lines, line)
	}
	return lines
}

// objectLine is the line of a stored object.
func objectLine(organization, name string, attributes mockserver.Attributes) string {
	words := []string{organization + "/" + name}
	for _, key := range slices.Sorted(maps.Keys(attributes)) {
		words = append(words, fmt.Sprintf("%s=%v", key, attributes[key]))
	}
	return strings.Join(words, " ")
}

// StoresFlow gives the application a login flow, as somebody in the Console would. The steps are in the notation of
// StepsOf.
func (s *AccServer) StoresFlow(steps, script string) {
	s.Update(func(state *mockserver.State) {
		application := state.Organizations[mockserver.DefaultOrganization].MyAccountApplication()
		application.AuthenticationSequence = &mockserver.AuthenticationSequence{
			Type: "USER_DEFINED", Steps: StepsOf(steps), Script: script,
		}
	})
}

// HoldingFlow checks, after a step, the type and the steps of the login flow that is stored, as Workspace.Flow writes
// them.
func (s *AccServer) HoldingFlow(want string) func() {
	return func() {
		s.t.Helper()
		w := &Workspace{T: s.t, Mock: s.Server}
		w.WantFlow(want)
	}
}

// StoresSMSSender gives the first organization an SMS sender, as somebody in the Console would.
func (s *AccServer) StoresSMSSender() {
	s.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].SMSSenders = map[string]*mockserver.SMSSender{"SMSPublisher": StoredSMSSender()}
	})
}

// Sending checks the organization's SMS sender, and which calls have changed it since the last look.
func (s *AccServer) Sending(want *mockserver.SMSSender, methods ...string) func() {
	return func() {
		s.t.Helper()
		if diff := cmp.Diff(
			want, s.State().Organizations["bifrost"].SMSSenders["SMSPublisher"], cmpopts.EquateEmpty(),
		); diff != "" {
			s.t.Errorf("the server has another sender (-want +got):\n%s", diff)
		}
		var got []string
		for _, line := range Writes(s.Requests()) {
			method, _, _ := strings.Cut(line, " ")
			got = append(got, method)
		}
		s.ClearRequests()
		if diff := cmp.Diff(methods, got); diff != "" {
			s.t.Errorf("other calls changed the server (-want +got):\n%s", diff)
		}
	}
}

// WithSMSSender starts a server whose first organization has an SMS sender, so that it may switch SMS OTP on.
func WithSMSSender() mockserver.Option {
	return mockserver.WithState(mockserver.State{Organizations: map[string]*mockserver.Organization{
		mockserver.DefaultOrganization: {SMSSenders: map[string]*mockserver.SMSSender{"SMSPublisher": StoredSMSSender()}},
	}})
}

// StoredSMSSender is a new copy of the sender that StoresSMSSender and WithSMSSender store.
func StoredSMSSender() *mockserver.SMSSender {
	return &mockserver.SMSSender{
		Provider:    "Twilio",
		Key:         new("sid"),
		Secret:      new("token"),
		Sender:      new("+15550100"),
		ContentType: "JSON",
	}
}
