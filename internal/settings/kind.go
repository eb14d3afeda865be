package settings

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
)

// Kind is a group of settings that a resource, a data source and a list resource manage and show together.
type Kind struct {
	named    session.Resource // its thing completes "Taking over the … of"
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
	named:    session.Resource{TypeName: "asgardeo_my_account_portal", Thing: "My Account portal"},
	settings: []portal.Setting{portal.PortalEnabled},
	required: true,
	hasURL:   true,

	resourceDescription: portalDescription,
	dataDescription:     portalDataDescription,
	defaults:            "the portal is on",
}

// TwoFactor is the second factors of an organization's portal, and what goes with them.
var TwoFactor = &Kind{
	named:       session.Resource{TypeName: "asgardeo_my_account_two_factor", Thing: "two-factor settings"},
	settings:    portal.TwoFactor(),
	inLoginFlow: true,

	resourceDescription: twoFactorDescription,
	dataDescription:     twoFactorDataDescription,
	defaults: "everything is off, and in the application the organization's own setting for TOTP enrollment " +
		"holds",
}

// NewResource returns what manages the settings.
func (k *Kind) NewResource() resource.Resource {
	return &kindResource{k.named, k}
}

// NewDataSource returns what reads the settings.
func (k *Kind) NewDataSource() datasource.DataSource {
	return &session.DataSource{
		TypeName: k.named.TypeName, Thing: k.named.Thing,
		Description: k.dataDescription, Attributes: k.shownAttributes(), Reader: k.read,
	}
}

// NewListResource returns what lists the settings of organizations.
func (k *Kind) NewListResource() list.ListResource {
	return &session.ListResource{Resource: k.named, Reader: k.read}
}

// shownAttributes are those of the data source.
func (k *Kind) shownAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"api": schema.StringAttribute{Computed: true, MarkdownDescription: apiDataDescription},
	}
	if k.hasURL {
		attributes["url"] = schema.StringAttribute{Computed: true, MarkdownDescription: urlDescription}
	}
	for _, setting := range k.settings {
		attributes[handover.NameOf(setting)] = schema.BoolAttribute{
			Computed: true, MarkdownDescription: descriptions[setting].text,
		}
	}
	return attributes
}

// read returns the attributes of what an organization has. A setting that something wider than My Account decides is
// not among them.
func (k *Kind) read(
	ctx context.Context, data *session.Data, organization *asgardeo.Organization,
) (map[string]any, error) {
	account := organization.MyAccount(data.MyAccountAPI)
	live, err := account.Read(ctx, k.settings...)
	if err != nil {
		return nil, err
	}
	attributes := map[string]any{"api": string(account.API)}
	if k.hasURL {
		attributes["url"] = data.Client.PortalURL(organization.Name())
	}
	for _, setting := range k.settings {
		if on, known := live.Shown()[setting].Bool(); known {
			attributes[handover.NameOf(setting)] = on
		}
	}
	return attributes, nil
}
