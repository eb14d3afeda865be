package settings

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
)

// What data sources and lists show of the settings.

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
	attributes := map[string]any{"api": string(account.API())}
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
