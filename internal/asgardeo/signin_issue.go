package asgardeo

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/hashicorp/go-retryablehttp"
)

// lend notes that a token was handed out for use by others.
func (t *tokens) lend(token string) {
	t.recent.Lock()
	defer t.recent.Unlock()
	if t.lent == nil {
		t.lent = map[string]int{}
	}
	t.lent[token]++
}

// giveBack reports whether nobody in this process needs a token any longer: a server may give the same one to all who
// ask with the same client and scopes.
func (t *tokens) giveBack(token string) bool {
	t.recent.Lock()
	defer t.recent.Unlock()
	t.lent[token]--
	if t.lent[token] > 0 {
		return false
	}
	delete(t.lent, token)
	return !slices.Contains(t.latest, token)
}

// RevokeToken ends a token of IssueToken (RFC 7009). A server without that endpoint is no error: the token ends by
// itself.
func (o *Organization) RevokeToken(ctx context.Context, token string) error {
	if !o.tokens.giveBack(token) {
		return nil
	}
	record := &attempts{clean: o.cleaner(token), sign: o.tokens.sign()}
	ctx = context.WithValue(withLog(ctx, append(slices.Clone(o.secrets), token)), attemptsKey{}, record)
	failure := &Error{
		Doing: "revoke an access token", Organization: o.name, Method: http.MethodPost, URL: o.url + "/oauth2/revoke",
	}
	form := url.Values{"client_id": {o.tokens.config.ClientID}, "token": {token}, "token_type_hint": {"access_token"}}
	if record.sign == nil {
		form.Set("client_secret", o.tokens.config.ClientSecret)
	}
	request, err := retryablehttp.NewRequestWithContext(ctx, failure.Method, failure.URL, []byte(form.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, body, err := o.answer(request)
	failure.Attempts = record.count
	if err != nil {
		return o.noAnswer(failure, record, err)
	}
	failure.Status = response.StatusCode
	switch failure.Status {
	case http.StatusOK, http.StatusNotFound, http.StatusMethodNotAllowed:
		return nil
	case http.StatusUnauthorized:
		record.describe(failure, response, body)
		failure.Kind = BadCredentials
		return failure
	}
	return o.refused(ctx, failure, record, nil, response, body)
}
