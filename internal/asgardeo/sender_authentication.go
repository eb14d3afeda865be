package asgardeo

import (
	"maps"
	"slices"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
)

// SenderAuthentication is how requests to a gateway of one's own are signed. Answers leave its secrets out.
type SenderAuthentication struct {
	Type       string            `json:"type"`
	Properties map[string]string `json:"properties"`
}

// The types of authentication.
const (
	AuthBasic              = "BASIC"
	AuthBearer             = "BEARER"
	AuthAPIKey             = "API_KEY"
	AuthClientCredential   = "CLIENT_CREDENTIAL" // #nosec G101 -- the name of a type
	AuthPasswordCredential = "PASSWORD_CREDENTIAL"
	AuthNone               = "NONE"
)

// The properties of an authentication. Which type has which is a matter of the server's.
const (
	AuthUsername      = "username"
	AuthPassword      = "password"
	AuthAccessToken   = "accessToken" // #nosec G101 -- the name of a property
	AuthHeader        = "header"
	AuthValue         = "value"
	AuthClientID      = "clientId"
	AuthClientSecret  = "clientSecret" // #nosec G101 -- the name of a property
	AuthTokenEndpoint = "tokenEndpoint"
	AuthScopes        = "scopes"
)

var (
	// hiddenProperties are in no answer.
	hiddenProperties = []string{AuthPassword, AuthAccessToken, AuthValue, AuthClientSecret}
	// confidentialProperties must not appear in a log line or a message.
	confidentialProperties = append([]string{AuthUsername, AuthClientID}, hiddenProperties...)
)

// Irreplaceable reports that a replacement of the sender would lose its authentication: the server tells it without its
// secrets, and keeps nothing that is not sent. A type that this package does not know may have secrets, too.
func (s SMSSender) Irreplaceable() bool {
	return s.Authentication != nil && s.Authentication.Type != AuthNone
}

// hasHiddenSecrets reports that no answer will show some secrets of the sender: whether they arrived cannot be seen.
func (s SMSSender) hasHiddenSecrets() bool {
	a := s.Authentication
	return a != nil && a.Type != AuthBasic &&
		slices.ContainsFunc(hiddenProperties, func(name string) bool { return a.Properties[name] != "" })
}

// canonical returns the sender as answers show it: BASIC is key and secret, and other secrets are not there.
func (s SMSSender) canonical() SMSSender {
	switch a := s.Authentication; {
	case a == nil:
	case a.Type == AuthBasic &&
		(a.Properties[AuthPassword] != "" || a.Properties[AuthUsername] == s.Key && s.Secret != ""):
		// The server stores one as the other.
		s.Key, s.Authentication = a.Properties[AuthUsername], nil
		if password := a.Properties[AuthPassword]; password != "" {
			s.Secret = password
		}
	default:
		shown := SenderAuthentication{Type: a.Type, Properties: maps.Clone(a.Properties)}
		maps.DeleteFunc(shown.Properties, func(name, value string) bool {
			return value == "" || slices.Contains(hiddenProperties, name)
		})
		s.Authentication = &shown
	}
	return s
}

// confidential are the values of the authentication that must not appear in a log line or a message.
func (a *SenderAuthentication) confidential() []string {
	var values []string
	if a != nil {
		for _, name := range confidentialProperties {
			values = append(values, a.Properties[name])
		}
		values = append(values, redact.CredentialsInURL(a.Properties[AuthTokenEndpoint])...)
	}
	return values
}

// storedAuthentication is an authentication as servers send it.
type storedAuthentication struct {
	Type       scalar            `json:"type"`
	Properties map[string]scalar `json:"properties"`
}

func (s *storedAuthentication) authentication() *SenderAuthentication {
	if s == nil || s.Type == "" {
		return nil
	}
	authentication := &SenderAuthentication{Type: string(s.Type), Properties: map[string]string{}}
	for name, value := range s.Properties {
		authentication.Properties[name] = string(value)
	}
	return authentication
}
