package session

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/validators"
)

var _ datasource.DataSourceWithConfigure = (*DataSource)(nil)

// Reader returns the attributes of what an organization has. Nothing, without an error, means that it has none: a list
// leaves it out. For a data source that is an error, too, such as a [Refusal].
type Reader func(ctx context.Context, data *Data, organization *asgardeo.Organization) (map[string]any, error)

// DataSource reads what each organization has one of, whoever manages it.
type DataSource struct {
	data        *Data
	TypeName    string
	Thing       string // in messages
	Description string
	Attributes  map[string]schema.Attribute // besides the organization
	Reader      Reader
}

// Metadata names the type.
func (d *DataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = d.TypeName
}

// Schema is that of a data block.
func (d *DataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := maps.Clone(d.Attributes)
	attributes["organization"] = schema.StringAttribute{
		Optional:            true,
		Computed:            true,
		MarkdownDescription: "Name of the organization. Default: the provider's.",
		Validators:          []validator.String{validators.Organization},
	}
	resp.Schema = schema.Schema{MarkdownDescription: d.Description, Attributes: attributes}
}

// Configure keeps what the provider gives.
func (d *DataSource) Configure(
	_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse,
) {
	d.data, resp.Diagnostics = Configured(req.ProviderData)
}

// Read asks the server, also where this process has asked before.
func (d *DataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	diags := &resp.Diagnostics
	var name types.String
	diags.Append(req.Config.GetAttribute(ctx, path.Root("organization"), &name)...)
	if diags.HasError() {
		return
	}
	organization, found := d.data.Organization(name)
	diags.Append(found...)
	if organization == nil {
		return
	}
	attributes, err := d.Reader(ctx, d.data, organization)
	if err != nil {
		diags.Append(UnableTo("read the "+d.Thing, err)...)
		return
	}
	attributes["organization"] = organization.Name()
	for attribute, value := range attributes {
		diags.Append(resp.State.SetAttribute(ctx, path.Root(attribute), value)...)
	}
}
