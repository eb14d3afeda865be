package mockserver

import (
	"net/url"
	"slices"
)

// organizationAuthenticator is how users of sub-organizations sign in to a shared application, by a connection of its
// own.
const (
	organizationAuthenticator = "OrganizationAuthenticator"
	organizationConnection    = "SSO"
)

// applicationBody is an application on the wire. What the portal's settings have nothing to do with is as it is for a
// portal that nobody has touched.
type applicationBody struct {
	ID                         string                     `json:"id"`
	Name                       string                     `json:"name"`
	Description                string                     `json:"description,omitempty"`
	AccessURL                  string                     `json:"accessUrl,omitempty"`
	ClientID                   string                     `json:"clientId"`
	Issuer                     string                     `json:"issuer"`
	IsManagementApp            bool                       `json:"isManagementApp"`
	ApplicationEnabled         *bool                      `json:"applicationEnabled,omitempty"`
	AssociatedRoles            associatedRoles            `json:"associatedRoles"`
	ClaimConfiguration         claimConfiguration         `json:"claimConfiguration"`
	InboundProtocols           []inboundProtocol          `json:"inboundProtocols"`
	AuthenticationSequence     sequenceBody               `json:"authenticationSequence"`
	AdvancedConfigurations     advancedConfigurations     `json:"advancedConfigurations"`
	ProvisioningConfigurations provisioningConfigurations `json:"provisioningConfigurations"`
	Access                     string                     `json:"access"`
}

type associatedRoles struct {
	AllowedAudience string   `json:"allowedAudience"`
	Roles           []string `json:"roles"`
}

type claimConfiguration struct {
	Dialect         string   `json:"dialect"`
	ClaimMappings   []string `json:"claimMappings"`
	RequestedClaims []string `json:"requestedClaims"`
}

type inboundProtocol struct {
	Type string `json:"type"`
	Name string `json:"name"`
	Self string `json:"self"`
}

type provisioningConfigurations struct {
	OutboundProvisioningIDPs []string `json:"outboundProvisioningIdps"`
}

type advancedConfigurations struct {
	SaaS                       bool                 `json:"saas"`
	DiscoverableByEndUsers     bool                 `json:"discoverableByEndUsers"`
	SkipLoginConsent           bool                 `json:"skipLoginConsent"`
	SkipLogoutConsent          bool                 `json:"skipLogoutConsent"`
	ReturnAuthenticatedIDPList bool                 `json:"returnAuthenticatedIdpList"`
	EnableAuthorization        bool                 `json:"enableAuthorization"`
	Fragment                   bool                 `json:"fragment"`
	AdditionalSPProperties     []additionalProperty `json:"additionalSpProperties"`
}

type additionalProperty struct {
	Name        string `json:"name"`
	Value       string `json:"value"`
	DisplayName string `json:"displayName,omitempty"`
}

// sequenceBody, stepBody and optionBody are a login flow on the wire. IntroducedLater is for
// [Organization.UnknownMembers].
type sequenceBody struct {
	Type                      string     `json:"type"`
	Steps                     []stepBody `json:"steps"`
	RequestPathAuthenticators []string   `json:"requestPathAuthenticators"`
	Script                    string     `json:"script,omitempty"`
	SubjectStepID             int        `json:"subjectStepId"`
	AttributeStepID           int        `json:"attributeStepId"`
	IntroducedLater           *string    `json:"introducedLater,omitempty"`
}

type stepBody struct {
	ID              int          `json:"id"`
	Options         []optionBody `json:"options"`
	IntroducedLater *string      `json:"introducedLater,omitempty"`
}

type optionBody struct {
	IDP             string  `json:"idp"`
	Authenticator   string  `json:"authenticator"`
	IntroducedLater *string `json:"introducedLater,omitempty"`
}

func (s *Server) applicationBody(organization string, a Application) applicationBody {
	body := applicationBody{
		ID:                         a.ID,
		Name:                       a.Name,
		Description:                a.Description,
		AccessURL:                  s.accessURL(organization, a),
		ClientID:                   a.ClientID,
		ApplicationEnabled:         a.ApplicationEnabled,
		AssociatedRoles:            associatedRoles{AllowedAudience: "ORGANIZATION", Roles: []string{}},
		ClaimConfiguration:         claimConfiguration{"LOCAL", []string{}, []string{}},
		InboundProtocols:           []inboundProtocol{},
		AuthenticationSequence:     s.sequenceBody(organization, a),
		AdvancedConfigurations:     newAdvancedConfigurations(a),
		ProvisioningConfigurations: provisioningConfigurations{OutboundProvisioningIDPs: []string{}},
		Access:                     a.Access,
	}
	if a.ClientID != "" {
		body.InboundProtocols = []inboundProtocol{{
			Type: "oauth2", Name: "oauth2",
			Self: "/t/" + url.PathEscape(organization) + "/" + applicationsBase + "/" + a.ID + "/inbound-protocols/oidc",
		}}
	}
	if s.store.state.Organizations[organization].ApplicationSwitchMissing {
		body.ApplicationEnabled = nil
	}
	return body
}

func newAdvancedConfigurations(a Application) advancedConfigurations {
	c := advancedConfigurations{
		SkipLoginConsent: true, SkipLogoutConsent: true, Fragment: a.Fragment, AdditionalSPProperties: []additionalProperty{},
	}
	if a.Shared {
		c.AdditionalSPProperties = append(c.AdditionalSPProperties, additionalProperty{Name: "isAppShared", Value: "true"})
	}
	return c
}

// effective returns the login flow that users get: the server's own where the application has none. The list of request
// path authenticators is the application's in any case.
func (s *Server) effective(a Application) AuthenticationSequence {
	if a.AuthenticationSequence.Type != sequenceDefault {
		return *a.AuthenticationSequence.clone()
	}
	flow := AuthenticationSequence{Type: sequenceUserDefined, Steps: cloneSteps(s.settings.defaultFlow)}
	flow.fill()
	flow.Type = sequenceDefault
	flow.RequestPathAuthenticators = slices.Clone(a.AuthenticationSequence.RequestPathAuthenticators)
	return flow
}

// sequenceBody shows the effective login flow, for the portals without the option for sub-organizations.
func (s *Server) sequenceBody(organization string, a Application) sequenceBody {
	flow := s.effective(a)
	body := sequenceBody{
		Type:                      flow.Type,
		RequestPathAuthenticators: append([]string{}, flow.RequestPathAuthenticators...),
		Script:                    flow.Script,
		SubjectStepID:             flow.SubjectStepID,
		AttributeStepID:           flow.AttributeStepID,
	}
	hidden := slices.Contains(reservedNames, a.Name)
	for _, step := range flow.Steps {
		shown := stepBody{ID: step.ID, Options: []optionBody{}}
		for _, option := range step.Options {
			if hidden && option.IDP != localIDP && option.Authenticator == organizationAuthenticator {
				continue
			}
			shown.Options = append(shown.Options, optionBody{IDP: option.IDP, Authenticator: option.Authenticator})
		}
		body.Steps = append(body.Steps, shown)
	}
	if s.store.state.Organizations[organization].UnknownMembers {
		body.introduceLater()
	}
	return body
}
