package mockserver

import (
	"crypto/rsa"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// WithClientKey has every organization's application sign in with a private key instead of its secret
// (private_key_jwt).
func WithClientKey(public *rsa.PublicKey) Option {
	return func(s *settings) { s.clientKey = public }
}

// assertions are the ids of the claims that were used up: each of them is good once.
type assertions struct {
	mu   sync.Mutex
	used map[string]time.Time // until when it could be used
}

// use reports whether the id was not used before.
func (a *assertions) use(id string, until time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.used == nil || len(a.used) > 10_000 {
		a.used = map[string]time.Time{}
	}
	if used, ok := a.used[id]; ok && time.Now().Before(used) {
		return false
	}
	a.used[id] = until
	return true
}

// authenticateByKey checks a signed claim as the server does: issuer and subject are the client, the audience is the
// token endpoint, it has an end and an id, an RSA key has signed it, and it was not used before.
func (s *Server) authenticateByKey(c *call, parameters url.Values, application credentials) (answer, bool) {
	endpoint := s.URL() + "/t/" + c.organization + "/oauth2/token"
	if c.bare {
		endpoint = s.URL() + "/oauth2/token"
	}
	const bearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	if parameters.Get("client_assertion_type") != bearer || s.settings.clientKey == nil {
		return s.invalidClient("Unsupported client authentication method."), false
	}
	var claims jwt.RegisteredClaims
	_, err := jwt.ParseWithClaims(parameters.Get("client_assertion"), &claims,
		func(*jwt.Token) (any, error) { return s.settings.clientKey, nil },
		jwt.WithValidMethods([]string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}),
		jwt.WithIssuer(application.id), jwt.WithSubject(application.id), jwt.WithExpirationRequired())
	switch {
	case err != nil:
		return s.invalidClient("Signature or claims of the assertion are not valid."), false
	case !strings.Contains(" "+strings.Join(claims.Audience, " ")+" ", " "+endpoint+" "):
		return s.tokenError(400, "invalid_request", "Failed to match audience values."), false
	case claims.ID == "":
		return s.tokenError(400, "invalid_request", "Mandatory field :jti is missing in the JWT assertion."), false
	case !s.assertions.use(claims.ID, claims.ExpiresAt.Time):
		return s.tokenError(400, "invalid_request", "JWT Token with JTI: "+claims.ID+" has been replayed."), false
	case application.disabled:
		return s.invalidClient("Application is disabled."), false
	}
	return answer{}, true
}
