package mockserver

import "net/http"

// revoke is the revocation endpoint (RFC 7009): a token that is not one, or not one of the client, is no error.
func (s *Server) revoke(c *call, application credentials) answer {
	if c.request.Method != http.MethodPost {
		return methodNotAllowed(http.MethodPost)
	}
	parameters, status := tokenParameters(c)
	if status != 0 {
		return emptyAnswer(status)
	}
	if refusal, ok := s.authenticateClient(c, parameters, application); !ok {
		return refusal
	}
	token := parameters.Get("token")
	if token == "" {
		return s.tokenError(http.StatusBadRequest, "invalid_request", "Required parameters missing")
	}
	s.tokens.revoke(c.organization, token)
	a := emptyAnswer(http.StatusOK)
	noStore(a.header)
	return a
}

// revoke forgets a token of an organization.
func (t *tokens) revoke(organization, token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.grants[token].organization == organization {
		delete(t.grants, token)
	}
}
