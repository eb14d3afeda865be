package mockserver

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// tokens are the access tokens issued so far.
type tokens struct {
	mu      sync.Mutex
	grants  map[string]grant
	sweepAt int // number of tokens at which the next issue forgets the expired ones
}

type grant struct {
	organization string
	scopes       []string
	expires      time.Time
}

func newTokens() *tokens { return &tokens{grants: map[string]grant{}, sweepAt: 1024} }

func (t *tokens) issue(g grant) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.grants) >= t.sweepAt {
		now := time.Now()
		for token, g := range t.grants {
			if g.expires.Before(now) {
				delete(t.grants, token)
			}
		}
		t.sweepAt = 2*len(t.grants) + 1024
	}
	token := newID()
	t.grants[token] = g
	return token
}

func (t *tokens) find(token string) (grant, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	g, ok := t.grants[token]
	return g, ok
}

// expire makes all tokens of an organization worthless.
func (t *tokens) expire(organization string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for token, g := range t.grants {
		if g.organization == organization {
			g.expires = time.Time{}
			t.grants[token] = g
		}
	}
}

// credentials are what an organization's application proves itself with and what it may do.
type credentials struct {
	id, secret string
	scopes     []string
	disabled   bool
}

// credentials returns an organization's application, and false when there is no such organization.
func (s *Server) credentials(organization string) (credentials, bool) {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	o := s.store.state.Organizations[organization]
	if o == nil {
		return credentials{}, false
	}
	c := credentials{
		id: s.settings.clientID, secret: s.settings.clientSecret, scopes: o.Scopes, disabled: o.ApplicationDisabled,
	}
	if o.ClientID != "" {
		c.id = o.ClientID
	}
	if o.ClientSecret != "" {
		c.secret = o.ClientSecret
	}
	return c, true
}

// token is the token endpoint.
func (s *Server) token(c *call, application credentials) answer {
	if c.request.Method != http.MethodPost {
		return methodNotAllowed(http.MethodPost)
	}
	query := c.request.URL.Query()
	if query.Has("client_secret") || query.Has("password") {
		return s.tokenError(http.StatusBadRequest, "invalid_request",
			"Client secret or password must not be in the query string.")
	}
	parameters, status := tokenParameters(c)
	if status != 0 {
		return emptyAnswer(status)
	}
	if parameters == nil {
		return s.tokenError(http.StatusBadRequest, "invalid_request", "The request body cannot be parsed.")
	}
	for name, values := range query {
		parameters[name] = append(parameters[name], values...)
	}
	for name, values := range parameters {
		if len(values) > 1 {
			return s.tokenError(http.StatusBadRequest, "invalid_request", "Repeated parameter: "+name)
		}
	}

	if refusal, ok := s.authenticateClient(c, parameters, application); !ok {
		return refusal
	}

	switch grantType := parameters.Get("grant_type"); grantType {
	case "client_credentials":
	case "":
		return s.tokenError(http.StatusBadRequest, "invalid_request", "Missing grant_type parameter value")
	case "authorization_code", "password", "refresh_token", "organization_switch":
		return s.tokenError(http.StatusBadRequest, "unauthorized_client",
			"The authenticated client is not authorized to use this authorization grant type")
	default:
		return s.tokenError(http.StatusBadRequest, "invalid_request", "Unsupported grant_type value")
	}

	authorised := application.scopes
	if authorised == nil {
		authorised = AllScopes()
	}
	var granted []string
	for scope := range strings.FieldsSeq(parameters.Get("scope")) {
		if slices.Contains(authorised, scope) && !slices.Contains(granted, scope) {
			granted = append(granted, scope)
		}
	}
	lifetime := s.settings.tokenLifetime
	a := jsonAnswer(http.StatusOK, struct {
		AccessToken string `json:"access_token"`
		Scope       string `json:"scope,omitempty"`
		TokenType   string `json:"token_type"`
		ExpiresIn   int64  `json:"expires_in"`
	}{
		AccessToken: s.tokens.issue(grant{organization: c.organization, scopes: granted, expires: time.Now().Add(lifetime)}),
		Scope:       strings.Join(granted, " "),
		TokenType:   "Bearer",
		ExpiresIn:   int64(math.Ceil(lifetime.Seconds())),
	})
	noStore(a.header)
	return a
}

// tokenParameters reads the body, a form or JSON. A status other than 0 refuses the media type; nil parameters are a
// body that cannot be parsed.
func tokenParameters(c *call) (url.Values, int) {
	mediaType, _, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	if err != nil {
		return nil, http.StatusUnsupportedMediaType
	}
	switch mediaType {
	case "application/x-www-form-urlencoded":
		parameters, err := url.ParseQuery(string(c.body))
		if err != nil {
			return nil, 0
		}
		return parameters, 0
	case "application/json":
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(c.body, &fields); err != nil || fields == nil {
			return nil, 0
		}
		parameters := url.Values{}
		for name, raw := range fields {
			value, ok := scalar(raw)
			if !ok {
				return nil, 0
			}
			if value != nil {
				parameters.Set(name, *value)
			}
		}
		return parameters, 0
	}
	return nil, http.StatusUnsupportedMediaType
}

// authenticateClient checks id and secret. When they are no good, the answer says so and the bool is false.
func (s *Server) authenticateClient(c *call, parameters url.Values, application credentials) (answer, bool) {
	if s.settings.clientKey != nil || parameters.Has("client_assertion") {
		return s.authenticateByKey(c, parameters, application)
	}
	id, secret := parameters.Get("client_id"), parameters.Get("client_secret")
	inBody := id != "" && secret != ""
	if header := c.request.Header.Get("Authorization"); len(header) >= 5 && strings.EqualFold(header[:5], "Basic") {
		if inBody {
			return s.tokenError(http.StatusBadRequest, "invalid_request",
				"Request body and headers contain authorization information"), false
		}
		var ok bool
		if id, secret, ok = basicCredentials(header); !ok {
			return s.invalidClient("Error decoding authorization header."), false
		}
	} else if !inBody {
		return s.invalidClient("Client credentials are missing."), false
	}
	if id != application.id {
		return s.invalidClient("A valid OAuth client could not be found for client_id: " + id), false
	}
	if application.disabled {
		return s.invalidClient("Application is disabled."), false
	}
	if secret != application.secret {
		return s.invalidClient("Client credentials are invalid."), false
	}
	return answer{}, true
}

// basicCredentials splits the decoded pair on every colon, expects exactly two parts and decodes nothing in them: a
// secret with a colon, or one that was percent-encoded, does not work with Basic.
func basicCredentials(header string) (id, secret string, ok bool) {
	parts := strings.Split(strings.TrimSpace(header), " ")
	if len(parts) != 2 {
		return "", "", false
	}
	decoded, err := base64.StdEncoding.DecodeString(parts[1])
	if err != nil {
		return "", "", false
	}
	pair := strings.Split(strings.TrimRight(string(decoded), ":"), ":") // trailing empty parts do not count
	if len(pair) != 2 {
		return "", "", false
	}
	return pair[0], pair[1], true
}

func (s *Server) invalidClient(description string) answer {
	a := s.tokenError(http.StatusUnauthorized, "invalid_client", description)
	a.header.Set("WWW-Authenticate", "Basic realm="+s.host())
	return a
}

func (s *Server) tokenError(status int, code, description string) answer {
	a := jsonAnswer(status, struct {
		Description string `json:"error_description"`
		Error       string `json:"error"`
	}{description, code})
	noStore(a.header)
	return a
}

func noStore(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("Pragma", "no-cache")
}
