package asgardeo

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
	"golang.org/x/sync/singleflight"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
)

// tokens hands out one organization's access token. The first request that needs it fetches it; everybody waits for
// that one. oauth2's own ReuseTokenSource cannot be interrupted and cannot be told that a token was refused, so this
// keeps the token itself; its exchange and its expiry are the library's.
type tokens struct {
	Credentials
	url     string
	client  *http.Client
	signIns singleflight.Group

	mutex   sync.Mutex // guards what follows
	current *oauth2.Token
	latest  []string // the last few tokens, for the removal of secrets from texts
	lent    []string // tokens for use by others, each as often as it was handed out
}

// token returns an access token other than the rejected one. Its errors are about signing in, not about the call
// that needed the token. Callers that need one at the same time share the outcome: a failure may have taken minutes.
func (o *Organization) token(ctx context.Context, doing, rejected string) (string, error) {
	if token := o.tokens.usable(rejected); token != "" {
		return token, nil
	}
	tries := &attempts{clean: o.clean, sign: o.tokens.sign()}
	token, err := share(ctx, &o.tokens.signIns, "", func() (any, error) {
		if token := o.tokens.usable(rejected); token != "" {
			return token, nil // somebody has signed in just now
		}
		token, err := o.tokens.request(context.WithValue(ctx, attemptsKey{}, tries), Scopes)
		if err != nil {
			return nil, o.notSignedIn(doing, tries, err)
		}
		return o.tokens.keep(token), nil
	})
	if shared, ok := errors.AsType[*Error](err); ok {
		own := *shared
		own.Doing = doing
		return "", &own
	}
	if err != nil {
		return "", o.notSignedIn(doing, tries, err)
	}
	return token.(string), nil
}

// renewable reports whether another token can be had in the place of one that was refused.
func (t *tokens) renewable() bool {
	return t.AccessToken == ""
}

// usable returns the current token, unless it has expired, or is the rejected one: that is of no use to others, either.
func (t *tokens) usable(rejected string) string {
	if !t.renewable() {
		return t.AccessToken
	}
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.current != nil && t.current.AccessToken == rejected {
		t.current.Expiry = time.Now()
	}
	if !t.current.Valid() {
		return ""
	}
	return t.current.AccessToken
}

// request asks the token endpoint for a token.
func (t *tokens) request(ctx context.Context, scopes []string) (*oauth2.Token, error) {
	config := clientcredentials.Config{
		ClientID: t.ClientID, ClientSecret: t.ClientSecret, TokenURL: t.url, Scopes: scopes,
		// The server does not percent-decode Basic credentials and splits them at every colon; in the form body
		// any secret is right.
		AuthStyle: oauth2.AuthStyleInParams,
	}
	return config.Token(context.WithValue(ctx, oauth2.HTTPClient, t.client))
}

// keep makes a token the current one.
func (t *tokens) keep(token *oauth2.Token) string {
	t.remember(token.AccessToken)
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.current = token
	return token.AccessToken
}

// remember keeps a token, or what one was asked for with, for the removal of secrets from texts.
func (t *tokens) remember(token string) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	const several = 8 // calls under way may still use the ones before
	if !slices.Contains(t.latest, token) {
		t.latest = append(t.latest[max(0, len(t.latest)+1-several):], token)
	}
}

// issued returns the tokens that a server may repeat in its answers.
func (t *tokens) issued() []string {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return slices.Concat(t.latest, t.lent)
}

// granted returns the scopes that the server granted with the current token, and whether they are known: they are
// not before the first call, nor with an access token that was made elsewhere.
func (o *Organization) granted() (scopes []redact.Text, known bool) {
	o.tokens.mutex.Lock()
	current := o.tokens.current
	o.tokens.mutex.Unlock()
	if current == nil {
		return nil, false
	}
	return o.scopesOf(current, Scopes), true
}

// scopesOf returns a token's scopes: those that were asked for, and a few others. A server that grants nothing leaves
// the field out.
func (o *Organization) scopesOf(token *oauth2.Token, asked []string) []redact.Text {
	scope, _ := token.Extra("scope").(string)
	var granted []redact.Text
	others := 10 // more than a server has ever added, and few enough for a message
	for name := range strings.FieldsSeq(scope) {
		if i := slices.Index(asked, name); i >= 0 {
			asked = slices.Concat(asked[:i], asked[i+1:])
		} else if others == 0 {
			continue
		} else {
			others--
		}
		if text := o.clean(name); !slices.Contains(granted, text) {
			granted = append(granted, text)
		}
	}
	return granted
}

// notSignedIn sorts what kept the token endpoint from giving a token.
func (o *Organization) notSignedIn(doing string, tries *attempts, err error) *Error {
	failure := Error{
		Doing: doing, Organization: o.name, Method: http.MethodPost, URL: o.tokens.url, Attempts: tries.count,
	}
	answer := tries.last
	if _, refused := errors.AsType[*oauth2.RetrieveError](err); !refused {
		if answer.err != nil || answer.response == nil || answer.response.StatusCode/100 != 2 || gaveUp(err) {
			return o.noAnswer(failure, tries, err)
		}
		failure.Kind, failure.Reason = NotAPI, "the token endpoint answered without a token"
		failure.Status = answer.response.StatusCode
		return &failure
	}
	failure.OwnEntry = o.client.HasOwnCredentials(o.name)
	failure.PrivateKey, failure.Swapped = o.tokens.PrivateKey != nil, o.tokens.swapped()
	sorted, numeric, isAPI := tries.describe(failure)
	switch status := sorted.Status; {
	case status == http.StatusNotFound && (numeric || answer.isPage()),
		status/100 == 3 && (!strings.HasPrefix(failure.URL, "http:") || !answer.asksForHTTPS()):
		// In front of the token endpoint stands a check of the organization, which answers with a page or a redirect
		// because the request is a form.
		sorted.Kind = UnknownOrganization
	case status == http.StatusNotFound:
		sorted.Kind = NotAPI // the endpoint itself answers everything else, if it is there
	case isAPI && (status == http.StatusUnauthorized || status == http.StatusForbidden || status/100 == 2),
		status == http.StatusBadRequest && sorted.Code != "" && !numeric:
		sorted.Kind = BadCredentials
	default:
		return o.refusal(failure, tries, nil)
	}
	return &sorted
}

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
	tries := &attempts{sign: o.tokens.sign()}
	token, err := o.tokens.request(o.withAttempts(ctx, tries), scopes)
	if err != nil {
		return AccessToken{}, o.notSignedIn(doing, tries, err)
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
	tries := &attempts{sign: o.tokens.sign()}
	request, err := http.NewRequestWithContext(
		o.withAttempts(ctx, tries, token), http.MethodPost, o.url+"/oauth2/revoke", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	err = o.makeAttempts(request)
	failure := Error{
		Doing: "revoke an access token", Organization: o.name, Method: request.Method, URL: o.url + "/oauth2/revoke",
		Attempts: tries.count,
	}
	if err != nil {
		return o.noAnswer(failure, tries, err)
	}
	status := tries.last.response.StatusCode
	if slices.Contains([]int{http.StatusOK, http.StatusNotFound, http.StatusMethodNotAllowed}, status) {
		return nil
	}
	refusal := o.refusal(failure, tries, nil)
	if status == http.StatusUnauthorized {
		refusal.Kind = BadCredentials
	}
	return refusal
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
