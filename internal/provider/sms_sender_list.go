package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

func newSMSSenderListResource() list.ListResource {
	return &organizationListResource{
		typeName: "asgardeo_sms_sender",
		thing:    "SMS sender",
		identify: setSenderIdentity,
		read: func(ctx context.Context, _ *providerData, organization *asgardeo.Organization) (map[string]any, error) {
			live, err := organization.SMSSender(ctx)
			if live == nil {
				return nil, err
			}
			// Without what may hold credentials: the results of a query are printed.
			return shown(live, "provider_name", "sender", "content_type", "http_method"), nil
		},
	}
}
