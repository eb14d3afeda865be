package settings

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
)

var _ datasource.DataSourceWithConfigure = (*settingsDataSource)(nil)

// settingsDataSource reads settings, all of a kind, whoever manages them.
type settingsDataSource struct {
	*Kind
	data *session.Data
}

func (d *settingsDataSource) Metadata(
	_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = d.TypeName
}

func (d *settingsDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	attributes := map[string]schema.Attribute{
		"organization": session.OrganizationDataAttribute(),
		"api": schema.StringAttribute{
			Computed: true,
			MarkdownDescription: "Where the settings were read: `application` or `classic`, as the provider's " +
				"`my_account_api` says.",
		},
	}
	for _, attribute := range d.AttributesOf() {
		attributes[attribute.Name()] = schema.BoolAttribute{Computed: true, MarkdownDescription: attribute.Description}
	}
	if d.hasURL {
		attributes["url"] = schema.StringAttribute{Computed: true, MarkdownDescription: urlDescription}
	}
	resp.Schema = schema.Schema{MarkdownDescription: d.dataDescription, Attributes: attributes}
}

func (d *settingsDataSource) Configure(
	_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse,
) {
	d.data = session.Configured(req.ProviderData, &resp.Diagnostics)
}

func (d *settingsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var name types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("organization"), &name)...)
	if resp.Diagnostics.HasError() {
		return
	}
	organization, diags := d.data.Organization(name)
	resp.Diagnostics.Append(diags...)
	if organization == nil {
		return
	}
	account := organization.MyAccount(d.data.MyAccountAPI)
	live, err := account.Read(ctx, d.settings...)
	if err != nil {
		resp.Diagnostics.Append(session.UnableTo("read the "+d.thing, err))
		return
	}
	set := func(name string, value any) {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
	}
	owner := types.StringValue(organization.Name())
	set("organization", owner)
	set("api", string(account.API()))
	if d.hasURL {
		set("url", d.data.PortalURL(owner))
	}
	for _, attribute := range d.AttributesOf() {
		value := types.BoolNull() // something wider than My Account decides
		if on, known := live.Shown()[attribute.Setting].Bool(); known {
			value = types.BoolValue(on)
		}
		set(attribute.Name(), value)
	}
}
