package settings

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
)

// NewListResource lists the settings of a kind.
func (k *Kind) NewListResource() list.ListResource {
	return &session.ListResource{
		TypeName: k.TypeName,
		Thing:    k.thing,
		Identify: session.SetIdentity,
		Read: func(
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
			for _, attribute := range k.AttributesOf() {
				if on, known := live.Shown()[attribute.Setting].Bool(); known {
					attributes[attribute.Name()] = on
				}
			}
			return attributes, nil
		},
	}
}
