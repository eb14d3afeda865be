package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// newListResource lists the settings of a kind.
func (k *settingsKind) newListResource() list.ListResource {
	return &organizationListResource{
		typeName: k.typeName,
		thing:    k.thing,
		identify: setIdentity,
		read: func(
			ctx context.Context, data *providerData, organization *asgardeo.Organization,
		) (map[string]any, error) {
			account := organization.MyAccount(data.myAccountAPI)
			live, err := account.Read(ctx, k.settings...)
			if err != nil {
				return nil, err
			}
			attributes := map[string]any{"api": string(account.API())}
			if k.hasURL {
				attributes["url"] = data.client.PortalURL(organization.Name())
			}
			for _, attribute := range k.attributes() {
				if on, known := live.Shown()[attribute.setting].Bool(); known {
					attributes[attribute.name()] = on
				}
			}
			return attributes, nil
		},
	}
}
