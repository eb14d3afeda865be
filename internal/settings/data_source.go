package settings

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
)

var _ datasource.DataSourceWithConfigure = (*kindDataSource)(nil)

// kindDataSource reads settings, all of a kind, whoever manages them.
type kindDataSource struct {
	*Kind
	data *session.Data
}

func (d *kindDataSource) Metadata(
	_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = d.typeName
}

func (d *kindDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	attributes := map[string]schema.Attribute{
		"organization": session.OrganizationDataAttribute(),
		"api":          schema.StringAttribute{Computed: true, MarkdownDescription: apiDataDescription},
	}
	for _, setting := range d.settings {
		attributes[handover.NameOf(setting)] = schema.BoolAttribute{
			Computed: true, MarkdownDescription: descriptions[setting].text,
		}
	}
	if d.hasURL {
		attributes["url"] = schema.StringAttribute{Computed: true, MarkdownDescription: urlDescription}
	}
	resp.Schema = schema.Schema{MarkdownDescription: d.dataDescription, Attributes: attributes}
}

func (d *kindDataSource) Configure(
	_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse,
) {
	d.data = session.Configured(req.ProviderData, &resp.Diagnostics)
}

func (d *kindDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
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
	attributes, err := d.read(ctx, d.data, organization)
	if err != nil {
		resp.Diagnostics.Append(session.UnableTo("read the "+d.thing, err))
		return
	}
	attributes["organization"] = organization.Name()
	for attribute, value := range attributes {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(attribute), value)...)
	}
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
