package asgardeo

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
)

// AccessToken is a token for use by others.
type AccessToken struct {
	Value     string
	ExpiresAt time.Time     // zero: the server did not say
	Scopes    []redact.Text // granted, which may be fewer than asked for
}

// IssueToken asks for a token of its own with the given scopes.
func (o *Organization) IssueToken(ctx context.Context, scopes []string) (AccessToken, error) {
	const doing = "get an access token"
	if !o.tokens.renewable() {
		return AccessToken{}, &Error{Kind: NoCredentials, Doing: doing, Organization: o.name}
	}
	record := &attempts{sign: o.tokens.sign()}
	token, err := o.tokens.request(o.recording(ctx, record), scopes)
	if err != nil {
		return AccessToken{}, o.notSignedIn(doing, record, err)
	}
	o.tokens.lend(token.AccessToken)
	return AccessToken{Value: token.AccessToken, ExpiresAt: token.Expiry, Scopes: o.scopesOf(token, scopes)}, nil
}

// RevokeToken ends a token of IssueToken (RFC 7009). A server without that endpoint is no error: the token ends by
// itself.
func (o *Organization) RevokeToken(ctx context.Context, token string) error {
	if !o.tokens.giveBack(token) {
		return nil
	}
	form := url.Values{"client_id": {o.tokens.ClientID}, "token": {token}, "token_type_hint": {"access_token"}}
	if o.tokens.PrivateKey == nil {
		form.Set("client_secret", o.tokens.ClientSecret)
	}
	record := &attempts{sign: o.tokens.sign()}
	request, err := http.NewRequestWithContext(
		o.recording(ctx, record, token), http.MethodPost, o.url+"/oauth2/revoke", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	err = o.makeAttempts(request)
	failure := Error{
		Doing: "revoke an access token", Organization: o.name, Method: request.Method, URL: o.url + "/oauth2/revoke",
		Attempts: record.count,
	}
	if err != nil {
		return o.noAnswer(failure, record, err)
	}
	status := record.last.response.StatusCode
	if slices.Contains([]int{http.StatusOK, http.StatusNotFound, http.StatusMethodNotAllowed}, status) {
		return nil
	}
	refused := o.refused(failure, record, nil)
	if status == http.StatusUnauthorized {
		refused.Kind = BadCredentials
	}
	return refused
}

// lend notes that a token was handed out for use by others.
func (t *tokens) lend(token string) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.lent = append(t.lent, token)
}

// giveBack reports whether nobody in this process needs a token any longer: a server may give the same one to all who
// ask with the same client and scopes.
func (t *tokens) giveBack(token string) bool {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if i := slices.Index(t.lent, token); i >= 0 {
		t.lent = slices.Delete(t.lent, i, i+1)
	}
	return !slices.Contains(t.lent, token) && !slices.Contains(t.latest, token)
}
