package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

var _ datasource.DataSourceWithConfigure = (*myAccountPortalDataSource)(nil)

// myAccountPortalDataSource reads whether an organization's portal is on.
type myAccountPortalDataSource struct {
	data *providerData
}

func newMyAccountPortalDataSource() datasource.DataSource {
	return &myAccountPortalDataSource{}
}

type myAccountPortalDataModel struct {
	Organization types.String `tfsdk:"organization"`
	Enabled      types.Bool   `tfsdk:"enabled"`
	URL          types.String `tfsdk:"url"`
}

func (d *myAccountPortalDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "asgardeo_my_account_portal"
}

func (d *myAccountPortalDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads whether an organization's My Account self-service portal is on, and where it is.",
		Attributes: map[string]schema.Attribute{
			"organization": organizationDataAttribute(),
			"enabled": schema.BoolAttribute{
				Computed:            true,
				MarkdownDescription: "Whether users can open the portal.",
			},
			"url": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Address at which the organization's users open the portal.",
			},
		},
	}
}

func organizationDataAttribute() schema.StringAttribute {
	return schema.StringAttribute{
		Optional:            true,
		Computed:            true,
		MarkdownDescription: "Name of the organization. Default: the provider's.",
		Validators:          []validator.String{organizationValidator},
	}
}

func (d *myAccountPortalDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.data = configured(req.ProviderData, &resp.Diagnostics)
}

func (d *myAccountPortalDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model myAccountPortalDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	organization := d.data.useOrDefault(model.Organization, &resp.Diagnostics)
	if organization == nil {
		return
	}
	live, err := organization.Read(ctx, asgardeo.PortalEnabled)
	if err != nil {
		addError(&resp.Diagnostics, "read the My Account portal", err)
		return
	}
	model.Organization = types.StringValue(organization.Name())
	model.Enabled = types.BoolValue(live[asgardeo.PortalEnabled].On)
	model.URL = d.data.portalURL(model.Organization)
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}
