package asgardeo

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
	"golang.org/x/sync/semaphore"
)

// Scopes are the permissions that the package's calls need, all asked for with every token: the server leaves out,
// without a word, those that the application is not authorized for.
var Scopes = []string{
	ScopeViewApplications,
	ScopeUpdateApplications,
	ScopeUpdateScripts,
	ScopeViewAuthenticators,
	ScopeViewSettings,
	ScopeUpdateSettings,
	ScopeViewSenders,
	ScopeCreateSenders,
	ScopeUpdateSenders,
	ScopeDeleteSenders,
}

// The scopes by name.
const (
	ScopeViewApplications   = "internal_application_mgt_view"
	ScopeUpdateApplications = "internal_application_mgt_update"
	ScopeUpdateScripts      = "internal_application_script_update"
	ScopeViewAuthenticators = "internal_authenticator_view"

	ScopeViewSettings   = "internal_config_mgt_view"
	ScopeUpdateSettings = "internal_config_mgt_update"
	ScopeViewSenders    = "internal_notification_senders_view"
	ScopeCreateSenders  = "internal_notification_senders_create"
	ScopeUpdateSenders  = "internal_notification_senders_update"
	ScopeDeleteSenders  = "internal_notification_senders_delete"
)

// Credentials are an application's client id and secret or private key, or a ready access token.
type Credentials struct {
	ClientID     string
	ClientSecret string
	PrivateKey   *PrivateKey // instead of the secret
	AccessToken  string
}

// likeClientID is what servers make for a client id, and what they allow where it is chosen.
var likeClientID = regexp.MustCompile(`^[A-Za-z0-9_]{15,30}$`)

// swapped reports that id and secret were probably taken for each other.
func (c Credentials) swapped() bool {
	return c.ClientSecret != "" && !likeClientID.MatchString(c.ClientID) && likeClientID.MatchString(c.ClientSecret)
}

// idMayBeSecret reports that the client id may be the secret in the wrong place. Servers repeat an unknown id in their answers.
func (c Credentials) idMayBeSecret() bool {
	const shortestSecret = 15
	rightWayRound := likeClientID.MatchString(c.ClientID) && !likeClientID.MatchString(c.ClientSecret)
	return c.ClientSecret != "" && len(c.ClientID) >= shortestSecret && !rightWayRound
}

// tokens hands out one organization's access token. The first request that needs it fetches it; everybody waits
// for that one. oauth2's own ReuseTokenSource cannot be interrupted and cannot be told that a token was
// refused, so this keeps the token itself; its exchange and its expiry are the library's.
type tokens struct {
	static string
	config clientcredentials.Config
	key    *PrivateKey // nil: the secret in config does
	client *http.Client

	gate    *semaphore.Weighted // a mutex that a cancelled context lets go of
	current *oauth2.Token

	recent sync.Mutex // guards what follows
	latest []string   // the last few tokens, for the removal of secrets from texts
	lent   map[string]int
}

func newTokens(credentials Credentials, organizationURL string, client *http.Client) *tokens {
	return &tokens{
		static: credentials.AccessToken,
		config: clientcredentials.Config{
			ClientID:     credentials.ClientID,
			ClientSecret: credentials.ClientSecret,
			TokenURL:     organizationURL + "/oauth2/token",
			Scopes:       Scopes,
			// The server does not percent-decode Basic credentials and splits them at every colon; in the form body
			// any secret is right.
			AuthStyle: oauth2.AuthStyleInParams,
		},
		key:    credentials.PrivateKey,
		client: client,
		gate:   semaphore.NewWeighted(1),
	}
}

// get returns a token that is valid and is not the rejected one.
func (t *tokens) get(ctx context.Context, rejected string) (string, error) {
	if t.static != "" {
		return t.static, nil
	}
	if err := t.gate.Acquire(ctx, 1); err != nil {
		return "", err
	}
	defer t.gate.Release(1)
	if t.current.Valid() && t.current.AccessToken != rejected {
		return t.current.AccessToken, nil
	}
	token, err := t.config.Token(context.WithValue(ctx, oauth2.HTTPClient, t.client))
	if err != nil {
		return "", err
	}
	t.current = token
	t.remember(token.AccessToken)
	return token.AccessToken, nil
}

// remember keeps a token, or what one was asked for with, for the removal of secrets from texts.
func (t *tokens) remember(token string) {
	t.recent.Lock()
	defer t.recent.Unlock()
	const several = 8 // calls under way may still use the ones before
	if !slices.Contains(t.latest, token) {
		t.latest = append(t.latest[max(0, len(t.latest)+1-several):], token)
	}
}

// issued returns the tokens that a server may repeat in its answers.
func (t *tokens) issued() []string {
	t.recent.Lock()
	defer t.recent.Unlock()
	return slices.Clone(t.latest)
}

// AccessToken is a token for use by others.
type AccessToken struct {
	Value     string
	ExpiresAt time.Time // zero: the server did not say
	Scopes    []Text    // granted, which may be fewer than asked for
}

// IssueToken asks for a token of its own with the given scopes.
func (o *Organization) IssueToken(ctx context.Context, scopes []string) (AccessToken, error) {
	const doing = "get an access token"
	if o.tokens.static != "" {
		return AccessToken{}, &Error{Kind: NoCredentials, Doing: doing, Organization: o.name}
	}
	record := &attempts{clean: o.cleaner(), sign: o.tokens.sign()}
	ctx = context.WithValue(withLog(ctx, o.secrets), attemptsKey{}, record)
	config := clientcredentials.Config{
		ClientID:     o.tokens.config.ClientID,
		ClientSecret: o.tokens.config.ClientSecret,
		TokenURL:     o.tokens.config.TokenURL,
		AuthStyle:    o.tokens.config.AuthStyle,
		Scopes:       scopes,
	}
	token, err := config.Token(context.WithValue(ctx, oauth2.HTTPClient, o.tokens.client))
	if err != nil {
		return AccessToken{}, o.notSignedIn(ctx, doing, record, err)
	}
	o.tokens.lend(token.AccessToken)
	return AccessToken{Value: token.AccessToken, ExpiresAt: token.Expiry, Scopes: grantedBy(token, scopes, o.cleaner(token.AccessToken))}, nil
}

// grantedBy returns a token's scopes: those that were asked for, and a few others. A server that grants nothing leaves the
// field out.
func grantedBy(token *oauth2.Token, asked []string, clean func(string) Text) []Text {
	scope, _ := token.Extra("scope").(string)
	var granted []Text
	others := 10 // more than a server has ever added, and few enough for a message
	for name := range strings.FieldsSeq(scope) {
		if i := slices.Index(asked, name); i >= 0 {
			asked = slices.Concat(asked[:i], asked[i+1:])
		} else if others == 0 {
			continue
		} else {
			others--
		}
		if text := clean(name); !slices.Contains(granted, text) {
			granted = append(granted, text)
		}
	}
	return granted
}

// granted returns the scopes of the current token, and whether they are known.
func (t *tokens) granted(ctx context.Context, clean func(string) Text) (scopes []Text, known bool) {
	if t.static != "" || t.gate.Acquire(ctx, 1) != nil {
		return nil, false
	}
	defer t.gate.Release(1)
	if t.current == nil {
		return nil, false
	}
	return grantedBy(t.current, t.config.Scopes, clean), true
}
