package settings

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
)

// Kind is a group of settings that a resource, a data source and a list resource manage and show together.
type Kind struct {
	typeName string
	thing    string           // completes "Taking over the … of"
	settings []portal.Setting // in the Console's order
	required bool             // every setting has to be declared
	hasURL   bool
	// inLoginFlow says that the settings are a part of the login flow. SMS OTP is among them: the resource can refer to
	// the SMS sender.
	inLoginFlow bool
	// Descriptions of the resource and of the data source, and what reset means.
	resourceDescription, dataDescription, defaults string
}

// Portal is an organization's portal: on or off.
var Portal = &Kind{
	typeName: "asgardeo_my_account_portal",
	thing:    "My Account portal",
	settings: []portal.Setting{portal.PortalEnabled},
	required: true,
	hasURL:   true,

	resourceDescription: portalDescription,
	dataDescription:     portalDataDescription,
	defaults:            "the portal is on",
}

// TwoFactor is the second factors of an organization's portal, and what goes with them.
var TwoFactor = &Kind{
	typeName:    "asgardeo_my_account_two_factor",
	thing:       "two-factor settings",
	settings:    portal.TwoFactor(),
	inLoginFlow: true,

	resourceDescription: twoFactorDescription,
	dataDescription:     twoFactorDataDescription,
	defaults: "everything is off, and in the application the organization's own setting for TOTP enrollment " +
		"holds",
}

// NewResource returns what manages the settings.
func (k *Kind) NewResource() resource.Resource {
	return &settingsResource{k.resource(), k}
}

func (k *Kind) resource() session.Resource {
	return session.Resource{TypeName: k.typeName, Thing: k.thing}
}

// NewDataSource returns what reads the settings.
func (k *Kind) NewDataSource() datasource.DataSource {
	return &session.DataSource{
		TypeName: k.typeName, Thing: k.thing, Description: k.dataDescription, Attributes: k.shownAttributes(), Reader: k.read,
	}
}

// NewListResource returns what lists the settings of organizations.
func (k *Kind) NewListResource() list.ListResource {
	return &session.ListResource{Resource: k.resource(), Reader: k.read}
}
