package smssender

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
)

var _ datasource.DataSourceWithConfigure = (*dataSource)(nil)

// dataSource reads an organization's SMS sender, without anything that could be a secret.
type dataSource struct {
	data *session.Data
}

// NewDataSource returns the data source asgardeo_sms_sender.
func NewDataSource() datasource.DataSource { return &dataSource{} }

func (d *dataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = typeName
}

func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	address := computed("Address of the gateway. " + mayHoldCredentials)
	address.Sensitive = true
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads an organization's SMS sender. Key, secret, headers and body, which may hold " +
			"credentials, are left out. It is an error if the organization has no sender.",
		Attributes: map[string]schema.Attribute{
			"organization": session.OrganizationDataAttribute(),
			"name":         computed("Name of the sender: always `" + asgardeo.SMSSenderName + "`."),
			"provider_name": computed(
				"The gateway: `Twilio`, `Vonage`, `Custom`, or `choreo` for the one that Asgardeo provides."),
			"sender":       computed("Number or name that messages come from."),
			"provider_url": address,
			"content_type": computed("Form of the request to the gateway: `JSON` or `FORM`."),
			"http_method":  computed("HTTP method of the request to a custom gateway."),
			"authentication": schema.SingleNestedAttribute{
				Computed:   true,
				Attributes: shownAuthentication(),
				MarkdownDescription: "How the server signs requests to a custom gateway, without secrets. Null: not at all, or " +
					"the server cannot tell.",
			},
			"usable": schema.BoolAttribute{
				Computed: true, MarkdownDescription: "Whether SMS OTP can send with it, by the Console's rule.",
			},
		},
	}
}

func computed(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

// shownAuthentication are the arguments of authentication that are no secret.
func shownAuthentication() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{"type": computed("One of `" + strings.Join(authTypes, "`, `") + "`.")}
	for _, argument := range authArguments {
		if !argument.secret {
			attributes[argument.name] = computed(argument.meaning + ".")
		}
	}
	return attributes
}

func (d *dataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.data = session.Configured(req.ProviderData, &resp.Diagnostics)
}

func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
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
	live, err := organization.SMSSender(ctx)
	switch {
	case err != nil:
		diags.Append(unableTo("read the SMS sender", err)...)
		return
	case live == nil:
		diags.Append(notFound(organization.Name())...)
		return
	}
	values := shown(live, "provider_name", "sender", "provider_url", "content_type", "http_method")
	values["organization"], values["usable"] = organization.Name(), live.Usable()
	for attribute, value := range values {
		diags.Append(resp.State.SetAttribute(ctx, path.Root(attribute), value)...)
	}
	authentication := readAuthentication(types.ObjectNull(authAttributeTypes), live)
	if authentication.IsNull() || live.Provider != "Custom" { // the others sign in with key and secret
		return
	}
	for argument := range shownAuthentication() {
		at, value := path.Root("authentication").AtName(argument), authentication.Attributes()[argument]
		diags.Append(resp.State.SetAttribute(ctx, at, value)...)
	}
}

// shown are arguments of a sender, by name.
func shown(live *asgardeo.SMSSender, names ...string) map[string]any {
	var sender model
	sender.read(live)
	arguments := sender.arguments()
	shown := map[string]any{"name": sender.Name}
	for _, name := range names {
		shown[name] = arguments[name]
	}
	return shown
}
