package smssender

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
)

// NewListResource returns the list resource asgardeo_sms_sender.
func NewListResource() list.ListResource {
	return &session.ListResource{
		TypeName: typeName,
		Thing:    "SMS sender",
		Identify: setIdentity,
		Read: func(ctx context.Context, _ *session.Data, organization *asgardeo.Organization) (map[string]any, error) {
			live, err := organization.SMSSender(ctx)
			if live == nil {
				return nil, err
			}
			// Without what may hold credentials: the results of a query are printed.
			return shown(live, "provider_name", "sender", "content_type", "http_method"), nil
		},
	}
}
