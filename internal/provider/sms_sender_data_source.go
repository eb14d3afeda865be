package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

var _ datasource.DataSourceWithConfigure = (*smsSenderDataSource)(nil)

// smsSenderDataSource reads an organization's SMS sender, without anything that could be a secret.
type smsSenderDataSource struct {
	data *providerData
}

func newSMSSenderDataSource() datasource.DataSource {
	return &smsSenderDataSource{}
}

type smsSenderDataModel struct {
	Organization types.String `tfsdk:"organization"`
	Name         types.String `tfsdk:"name"`
	ProviderName types.String `tfsdk:"provider_name"`
	Sender       types.String `tfsdk:"sender"`
	ProviderURL  types.String `tfsdk:"provider_url"`
	ContentType  types.String `tfsdk:"content_type"`
	HTTPMethod   types.String `tfsdk:"http_method"`
	Usable       types.Bool   `tfsdk:"usable"`

	Authentication types.Object `tfsdk:"authentication"`
}

func (d *smsSenderDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "asgardeo_sms_sender"
}

func (d *smsSenderDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	computed := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	address := computed("Address of the gateway. " + mayHoldCredentials)
	address.Sensitive = true
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads an organization's SMS sender. Key, secret, headers and body, which may hold credentials, are left out. It is an error if the organization has no sender.",
		Attributes: map[string]schema.Attribute{
			"organization":  organizationDataAttribute(),
			"name":          computed("Name of the sender: always `" + asgardeo.SMSSenderName + "`."),
			"provider_name": computed("The gateway: `Twilio`, `Vonage`, `Custom`, or `choreo` for the one that Asgardeo provides."),
			"sender":        computed("Number or name that messages come from."),
			"provider_url":  address,
			"content_type":  computed("Form of the request to the gateway: `JSON` or `FORM`."),
			"http_method":   computed("HTTP method of the request to a custom gateway."),
			"authentication": schema.SingleNestedAttribute{
				Computed:            true,
				Attributes:          shownAttributes(),
				MarkdownDescription: "How the server signs requests to a custom gateway, without secrets. Null: not at all, or the server cannot tell.",
			},
			"usable": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether SMS OTP can send with it, by the Console's rule."},
		},
	}
}

// shownAttributes are the arguments of authentication that are no secret.
func shownAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"type": schema.StringAttribute{Computed: true, MarkdownDescription: "One of `" + strings.Join(authTypes, "`, `") + "`."},
	}
	for _, argument := range authArguments {
		if !argument.secret {
			attributes[argument.name] = schema.StringAttribute{Computed: true, MarkdownDescription: argument.meaning + "."}
		}
	}
	return attributes
}

// shownObject has the values of shownAttributes. Other gateways than a custom one sign in with key and secret.
func shownObject(live asgardeo.SMSSender) types.Object {
	kinds, shown := map[string]attr.Type{}, map[string]attr.Value{}
	authentication := shownAuthentication(live)
	for name := range shownAttributes() {
		kinds[name], shown[name] = types.StringType, types.StringNull()
	}
	if authentication == nil || live.Provider != "Custom" {
		return types.ObjectNull(kinds)
	}
	shown["type"] = types.StringValue(withoutControls(authentication.Type))
	for _, argument := range authArguments {
		if text := authentication.Properties[argument.property]; text != "" && !argument.secret {
			shown[argument.name] = types.StringValue(withoutControls(text))
		}
	}
	return types.ObjectValueMust(kinds, shown)
}

func (d *smsSenderDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.data = configured(req.ProviderData, &resp.Diagnostics)
}

func (d *smsSenderDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model smsSenderDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	organization := d.data.use(model.Organization, &resp.Diagnostics)
	if organization == nil {
		return
	}
	senders, err := organization.SMSSenders(ctx)
	if err != nil {
		addSenderError(&resp.Diagnostics, "read the SMS sender", err)
		return
	}
	live, exists := asgardeo.FindSender(senders, asgardeo.SMSSenderName)
	if !exists {
		resp.Diagnostics.AddError("No SMS sender", fmt.Sprintf(
			"Organization %q has no SMS sender. Create one with the resource asgardeo_sms_sender, or set one up in the Console (Notification Channels, SMS Provider).", organization.Name()))
		return
	}
	var read smsSenderModel
	read.read(live)
	model = smsSenderDataModel{
		Organization: types.StringValue(organization.Name()),
		Name:         read.Name,
		ProviderName: read.ProviderName,
		Sender:       read.Sender,
		ProviderURL:  read.ProviderURL,
		ContentType:  read.ContentType,
		HTTPMethod:   read.HTTPMethod,
		Usable:       types.BoolValue(live.Usable()),

		Authentication: shownObject(live),
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}
