package asgardeo

import (
	"regexp"
	"slices"
)

// Scopes are the permissions that the package's calls need, all asked for with every token: the server leaves out,
// without a word, those that the application is not authorized for.
var Scopes = []string{
	ScopeViewApplications, ScopeUpdateApplications, ScopeUpdateScripts, ScopeViewAuthenticators,
	ScopeViewSettings, ScopeUpdateSettings,
	ScopeViewSenders, ScopeCreateSenders, ScopeUpdateSenders, ScopeDeleteSenders,
}

// The scopes by name.
const (
	ScopeViewApplications   = "internal_application_mgt_view"
	ScopeUpdateApplications = "internal_application_mgt_update"
	ScopeUpdateScripts      = "internal_application_script_update"
	ScopeViewAuthenticators = "internal_authenticator_view"
	ScopeViewSettings       = "internal_config_mgt_view"
	ScopeUpdateSettings     = "internal_config_mgt_update"
	ScopeViewSenders        = "internal_notification_senders_view"
	ScopeCreateSenders      = "internal_notification_senders_create"
	ScopeUpdateSenders      = "internal_notification_senders_update"
	ScopeDeleteSenders      = "internal_notification_senders_delete"
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

// secrets are what must not appear anywhere: also an id that may be the secret in the wrong place, since servers repeat
// an unknown id in their answers.
func (c Credentials) secrets() []string {
	secrets := []string{c.ClientSecret, c.AccessToken}
	const shortestSecret = 15
	rightWayRound := likeClientID.MatchString(c.ClientID) && !likeClientID.MatchString(c.ClientSecret)
	if c.ClientSecret != "" && len(c.ClientID) >= shortestSecret && !rightWayRound {
		secrets = append(secrets, c.ClientID)
	}
	return slices.DeleteFunc(secrets, func(secret string) bool { return secret == "" })
}
