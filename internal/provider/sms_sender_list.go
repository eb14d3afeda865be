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
		read: func(
			ctx context.Context, _ *providerData, organization *asgardeo.Organization,
		) (map[string]any, error) {
			senders, err := organization.SMSSenders(ctx)
			if err != nil {
				return nil, err
			}
			live, exists := asgardeo.FindSender(senders, asgardeo.SMSSenderName)
			if !exists {
				return nil, nil
			}
			var model smsSenderModel
			model.read(live)
			// Without what may hold credentials: the results of a query are printed.
			return map[string]any{
				"name":          model.Name,
				"provider_name": model.ProviderName,
				"sender":        model.Sender,
				"content_type":  model.ContentType,
				"http_method":   model.HTTPMethod,
			}, nil
		},
	}
}
