package mockserver

import (
	"encoding/base64"
	"maps"
	"net/http"
	"slices"
)

// authenticatorNames are the server's own authenticators with the names people see.
var authenticatorNames = [][2]string{
	{"BasicAuthenticator", "Username & Password"},
	{"IdentifierExecutor", "Identifier First"},
	{"totp", "TOTP"},
	{"email-otp-authenticator", "Email OTP"},
	{"sms-otp-authenticator", "SMS OTP"},
	{"backup-code-authenticator", "Backup Code"},
	{"FIDOAuthenticator", "Passkey"},
	{"MagicLinkAuthenticator", "Magic Link"},
	{"push-notification-authenticator", "Push Notification"},
	{"SessionExecutor", "Active Sessions Limit"},
	{"OrganizationIdentifierHandler", "Organization Identifier"},
	{"SharedUserIdentifierExecutor", "Shared User Identifier First"},
}

// localAuthenticators are the names of the server's own authenticators.
func (o *Organization) localAuthenticators() []string {
	if o.Authenticators != nil {
		return o.Authenticators
	}
	var names []string
	for _, authenticator := range authenticatorNames {
		names = append(names, authenticator[0])
	}
	return names
}

func displayName(authenticator string) string {
	for _, known := range authenticatorNames {
		if known[0] == authenticator {
			return known[1]
		}
	}
	return authenticator
}

// authenticatorItem is an authenticator in the list of those that a login flow can have. A connection is one of them,
// whatever authenticators it has.
type authenticatorItem struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	DisplayName string   `json:"displayName"`
	IsEnabled   bool     `json:"isEnabled"`
	Type        string   `json:"type"`
	DefinedBy   string   `json:"definedBy"`
	Tags        []string `json:"tags"`
}

// authenticators serves the list. The id of a local authenticator is its name in another alphabet.
func (s *Server) authenticators(c *call, rest []string) answer {
	if len(rest) > 0 {
		return emptyAnswer(http.StatusNotFound)
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	o := s.store.state.Organizations[c.organization]
	items := []authenticatorItem{}
	for _, name := range o.localAuthenticators() {
		items = append(items, authenticatorItem{
			ID: base64.RawURLEncoding.EncodeToString([]byte(name)), Name: name, DisplayName: displayName(name),
			IsEnabled: true, Type: localIDP, DefinedBy: "SYSTEM", Tags: []string{},
		})
	}
	for _, name := range slices.Sorted(maps.Keys(o.Connections)) {
		items = append(items, authenticatorItem{
			ID: stableID("connection", c.organization, name), Name: name, DisplayName: name,
			IsEnabled: true, Type: "FEDERATED", DefinedBy: "SYSTEM", Tags: []string{},
		})
	}
	return jsonAnswer(http.StatusOK, items)
}

// configuredStep is a step in the other view of a login flow, which hides nothing.
type configuredStep struct {
	StepID                  int                       `json:"stepId"`
	LocalAuthenticators     []configuredAuthenticator `json:"localAuthenticators"`
	FederatedAuthenticators []configuredAuthenticator `json:"federatedAuthenticators"`
}

type configuredAuthenticator struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// applicationAuthenticators answers the effective login flow of one application.
func (s *Server) applicationAuthenticators(a Application) answer {
	steps := []configuredStep{}
	for _, step := range s.effective(a).Steps {
		configured := configuredStep{
			StepID:                  step.ID,
			LocalAuthenticators:     []configuredAuthenticator{},
			FederatedAuthenticators: []configuredAuthenticator{},
		}
		for _, option := range step.Options {
			if option.IDP == localIDP {
				configured.LocalAuthenticators = append(configured.LocalAuthenticators,
					configuredAuthenticator{Name: displayName(option.Authenticator), Type: option.Authenticator})
			} else {
				configured.FederatedAuthenticators = append(configured.FederatedAuthenticators,
					configuredAuthenticator{Name: option.IDP, Type: option.Authenticator})
			}
		}
		steps = append(steps, configured)
	}
	return jsonAnswer(http.StatusOK, steps)
}
