package mockserver

import (
	"crypto/rsa"
	"io"
	"strings"
	"time"
)

// Names and credentials of a server that was given none.
const (
	DefaultOrganization = "bifrost"
	DefaultClientID     = "mock-client-id"
	DefaultClientSecret = "mock-client-secret"
)

// SuperOrganization is the organization that an on-premise server also serves without a /t/{org} part in the path.
const SuperOrganization = "carbon.super"

// defaultTokenLifetime is the server's own default for application tokens.
const defaultTokenLifetime = time.Hour

// Option configures a [Server].
type Option func(*settings)

type settings struct {
	organizations  []string
	state          *State
	clientID       string
	clientSecret   string
	tls            bool
	tokenLifetime  time.Duration
	log            io.Writer
	pages          bool
	pathPrefix     string
	tenantRedirect bool
	traceID        string
	defaultFlow    []Step
	bodyTimeout    time.Duration
	clientKey      *rsa.PublicKey
}

func newSettings(options []Option) settings {
	s := settings{
		clientID: DefaultClientID, clientSecret: DefaultClientSecret, tokenLifetime: defaultTokenLifetime,
		bodyTimeout: bodyTimeout,
	}
	WithDefaultFlow(Step{Options: []StepOption{{Authenticator: "BasicAuthenticator"}}})(&s)
	for _, option := range options {
		option(&s)
	}
	return s
}

// initialState is the given state with an organization for every given name.
func (s settings) initialState() State {
	var state State
	if s.state != nil {
		state = s.state.clone()
	}
	if state.Organizations == nil {
		state.Organizations = map[string]*Organization{}
	}
	names := s.organizations
	if s.state == nil && len(names) == 0 {
		names = []string{DefaultOrganization}
	}
	for _, name := range names {
		if state.Organizations[name] == nil {
			state.Organizations[name] = &Organization{}
		}
	}
	return state
}

// WithOrganization adds organizations that hold nothing yet. A server that gets neither this nor [WithState] has one,
// [DefaultOrganization].
func WithOrganization(names ...string) Option {
	return func(s *settings) { s.organizations = append(s.organizations, names...) }
}

// WithState sets what the organizations hold at the start. The state is copied.
func WithState(state State) Option {
	return func(s *settings) { s.state = &state }
}

// WithClient sets the credentials that every organization accepts unless it has its own.
func WithClient(id, secret string) Option {
	return func(s *settings) { s.clientID, s.clientSecret = id, secret }
}

// WithTLS serves https with a self-signed certificate for 127.0.0.1, ::1 and localhost, see [Server.CACertificate].
func WithTLS() Option {
	return func(s *settings) { s.tls = true }
}

// WithTokenLifetime sets how long tokens are good for (default one hour). They really expire. The answer's expires_in
// is rounded up to whole seconds.
func WithTokenLifetime(lifetime time.Duration) Option {
	return func(s *settings) { s.tokenLifetime = lifetime }
}

// WithLog writes one line for each request to w, never with a secret in it.
func WithLog(w io.Writer) Option {
	return func(s *settings) { s.log = w }
}

// WithPages also serves pages for people, at / and at the address of each portal. They tell and change what is stored,
// without a token.
func WithPages() Option {
	return func(s *settings) { s.pages = true }
}

// WithPathPrefix serves everything below a path such as "/identity". [Server.URL] includes it.
func WithPathPrefix(prefix string) Option {
	return func(s *settings) { s.pathPrefix = "/" + strings.Trim(prefix, "/") }
}

// WithTenantRedirect answers calls to unknown organizations that do not declare a JSON body with a redirect to the
// error page of the authentication portal instead of an HTML page with status 404. Servers can be configured either
// way.
func WithTenantRedirect() Option {
	return func(s *settings) { s.tenantRedirect = true }
}

// WithTraceID puts this trace id into every error body that can have one. Without it the id comes and goes, as it does
// on real servers.
func WithTraceID(id string) Option {
	return func(s *settings) { s.traceID = id }
}

// WithDefaultFlow sets the steps of an application that has no login flow of its own. It is a setting of the server,
// not of an organization. Without it there is one step, with user name and password.
func WithDefaultFlow(steps ...Step) Option {
	return func(s *settings) { s.defaultFlow = cloneSteps(steps) }
}
