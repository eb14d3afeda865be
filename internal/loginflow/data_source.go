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

var _ datasource.DataSourceWithConfigure = (*dataSource)(nil)

// dataSource reads the login flow, whoever manages it.
type dataSource struct {
	data *session.Data
}

// NewDataSource returns the data source of the login flow.
func NewDataSource() datasource.DataSource {
	return &dataSource{}
}

type dataModel struct {
	Organization types.String `tfsdk:"organization"`
	attributes
	Shape       types.String `tfsdk:"shape"`
	Shared      types.Bool   `tfsdk:"shared"`
	RequestPath []string     `tfsdk:"request_path_authenticators"`
}

func (d *dataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = TypeName
}

func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
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
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads the login flow of an organization's My Account portal.",
		Attributes: map[string]schema.Attribute{
			"organization":   session.OrganizationDataAttribute(),
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

func (d *dataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.data = session.Configured(req.ProviderData, &resp.Diagnostics)
}

func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config dataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	organization, found := d.data.Organization(config.Organization)
	resp.Diagnostics.Append(found...)
	if organization == nil {
		return
	}
	live, err := organization.Application(ctx)
	if err != nil {
		resp.Diagnostics.Append(session.UnableTo("read the login flow", err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, dataModel{
		Organization: types.StringValue(organization.Name()),
		attributes:   attributesOf(live),
		Shape:        types.StringValue(live.Flow.Shape()),
		Shared:       types.BoolValue(live.Shared),
		RequestPath:  append([]string{}, live.Flow.RequestPath...),
	})...)
}

// NewListResource returns the list of login flows: one for each organization.
func NewListResource() list.ListResource {
	return &session.ListResource{
		TypeName: TypeName,
		Thing:    "login flow",
		Identify: session.SetIdentity,
		Read: func(ctx context.Context, _ *session.Data, organization *asgardeo.Organization) (map[string]any, error) {
			live, err := organization.Application(ctx)
			if err != nil {
				return nil, err
			}
			found := attributesOf(live)
			return map[string]any{
				"application_id": found.ApplicationID, "type": found.Type, "steps": found.Steps,
				"subject_step": found.SubjectStep, "attribute_step": found.AttributeStep, "script": found.Script,
			}, nil
		},
	}
}
