package mockserver_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// step makes a step of a login flow: "totp" is an authenticator of the server, "Google/GoogleOIDCAuthenticator" one
// of a connection.
func step(options ...string) mockserver.Step {
	var s mockserver.Step
	for _, option := range options {
		idp, authenticator, federated := strings.Cut(option, "/")
		if !federated {
			idp, authenticator = "", option
		}
		s.Options = append(s.Options, mockserver.StepOption{IDP: idp, Authenticator: authenticator})
	}
	return s
}

// steps is the JSON of steps with ids from 1.
func steps(all ...mockserver.Step) string {
	var parts []string
	for i, s := range all {
		parts = append(parts, stepWithID(i+1, s))
	}
	return `"steps":[` + strings.Join(parts, ",") + `]`
}

func stepWithID(id int, s mockserver.Step) string {
	var options []string
	for _, o := range s.Options {
		if o.IDP == "" {
			o.IDP = "LOCAL"
		}
		options = append(options, fmt.Sprintf(`{"idp":%q,"authenticator":%q}`, o.IDP, o.Authenticator))
	}
	return fmt.Sprintf(`{"id":%d,"options":[%s]}`, id, strings.Join(options, ","))
}

// sequence is the body of a PATCH that sends a login flow.
func sequence(members string) string { return `{"authenticationSequence":{` + members + `}}` }

const userDefined = `"type":"USER_DEFINED",`

// portal is a mock server with an organization "bifrost" that is made for a test, and a client for its application.
type portal struct {
	*client
	path string
}

func newPortal(t *testing.T, edit func(*mockserver.Organization), options ...mockserver.Option) *portal {
	t.Helper()
	o := &mockserver.Organization{Connections: map[string][]string{
		"Google":   {"GoogleOIDCAuthenticator"},
		"Entra ID": {"SAMLSSOAuthenticator", "OpenIDConnectAuthenticator"},
	}}
	if edit != nil {
		edit(o)
	}
	state := mockserver.State{Organizations: map[string]*mockserver.Organization{"bifrost": o}}
	c := newClient(t, mockserver.New(t, append(options, mockserver.WithState(state))...))
	item := c.listApplications("filter=name+eq+My+Account")[0]
	id, _ := item["id"].(string)
	return &portal{client: c, path: appsPath + "/" + id}
}

// withFlow sets the login flow that the application has at the start.
func withFlow(flow mockserver.AuthenticationSequence) func(*mockserver.Organization) {
	return func(o *mockserver.Organization) { o.MyAccountApplication().AuthenticationSequence = &flow }
}

func (p *portal) get() map[string]any {
	p.t.Helper()
	return p.call("GET", p.path, "").expect(http.StatusOK).object()
}

func (p *portal) patch(body string) *reply {
	p.t.Helper()
	return p.call("PATCH", p.path, body)
}

// changed insists on what every successful update answers.
func (r *reply) expectChanged() {
	r.t.Helper()
	r.expect(http.StatusOK).expectEmpty()
	for _, name := range []string{"Location", "ETag", "Content-Type"} {
		if got := r.header.Get(name); got != "" {
			r.t.Errorf("%s: %s %q, want none", r.what, name, got)
		}
	}
}

// flow is the login flow that a GET shows, in one line.
func (p *portal) flow() string {
	p.t.Helper()
	var application struct {
		AuthenticationSequence struct {
			Type  string
			Steps []struct {
				ID      int
				Options []struct{ IDP, Authenticator string }
			}
			Script                         *string
			SubjectStepID, AttributeStepID int
			RequestPathAuthenticators      []string
		}
	}
	r := p.call("GET", p.path, "").expect(http.StatusOK)
	if err := json.Unmarshal(r.body, &application); err != nil {
		p.t.Fatal(err)
	}
	s := application.AuthenticationSequence
	line := s.Type
	for i, step := range s.Steps {
		if step.ID != i+1 {
			p.t.Errorf("step %d has the id %d", i+1, step.ID)
		}
		var options []string
		for _, option := range step.Options {
			options = append(options, option.IDP+"/"+option.Authenticator)
		}
		line += " [" + strings.Join(options, " ") + "]"
	}
	line += fmt.Sprintf(" %d %d", s.SubjectStepID, s.AttributeStepID)
	if s.Script != nil {
		line += fmt.Sprintf(" %q", *s.Script)
	}
	if s.RequestPathAuthenticators == nil {
		p.t.Error("requestPathAuthenticators is null or missing")
	}
	if len(s.RequestPathAuthenticators) > 0 {
		line += fmt.Sprint(" ", s.RequestPathAuthenticators)
	}
	return line
}
