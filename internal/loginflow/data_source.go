package loginflow

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
)

// NewDataSource returns what reads the login flow, whoever manages it.
func NewDataSource() datasource.DataSource {
	text := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	number := func(what string) schema.Int64Attribute {
		description := "Number of the step that " + what + ", counted from 1."
		return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
	}
	options := schema.ListNestedAttribute{
		Computed: true, MarkdownDescription: "What users can choose from.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"authenticator": text("Name of the authenticator."),
			"connection":    text("Name of the connection that it belongs to; null for the server's own authenticators."),
		}},
	}
	return &session.DataSource{
		TypeName: TypeName, Thing: thing, Reader: read,
		Description: "Reads the login flow of an organization's My Account portal.",
		Attributes: map[string]schema.Attribute{
			"application_id": text("Id of the application \"My Account\"."),
			"type": text("`USER_DEFINED` for a flow of the application's own, `DEFAULT` for the one that the server has for " +
				"all such applications."),
			"steps": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The steps, in order.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{"options": options}},
			},
			"subject_step":   number("tells who the user is"),
			"attribute_step": number("the user's attributes come from"),
			"script":         text("Script that decides which steps are run; null where every step is."),
			"shape": text("`none` for a flow without second factors, `simple` for one whose last step asks for them and " +
				"nothing else does, so that `asgardeo_my_account_two_factor` can describe it, `custom` for any other."),
			"shared": schema.BoolAttribute{
				Computed: true, MarkdownDescription: "Whether sub-organizations have the portal, too.",
			},
			"request_path_authenticators": schema.ListAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "Authenticators that read credentials from the request itself.",
			},
		},
	}
}

// NewListResource returns the list of login flows: one for each organization.
func NewListResource() list.ListResource {
	return &session.ListResource{Resource: session.Resource{TypeName: TypeName, Thing: thing}, Reader: read}
}

func read(ctx context.Context, _ *session.Data, organization *asgardeo.Organization) (map[string]any, error) {
	live, err := organization.Application(ctx)
	if err != nil {
		return nil, err
	}
	found := attributesOf(live)
	return map[string]any{
		"application_id": found.ApplicationID, "type": found.Type, "steps": found.Steps,
		"subject_step": found.SubjectStep, "attribute_step": found.AttributeStep, "script": found.Script,
		"shape": live.Flow.Shape(), "shared": live.Shared,
		"request_path_authenticators": append([]string{}, live.Flow.RequestPath...),
	}, nil
}
