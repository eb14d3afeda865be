// Package provider is the Terraform face of the Asgardeo client: provider block, resources and data sources.
package provider

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

var (
	_ provider.ProviderWithEphemeralResources = (*asgardeoProvider)(nil)
	_ provider.ProviderWithFunctions          = (*asgardeoProvider)(nil)
	_ provider.ProviderWithListResources      = (*asgardeoProvider)(nil)
	_ provider.ProviderWithValidateConfig     = (*asgardeoProvider)(nil)
)

type asgardeoProvider struct {
	version string
	// Tests shorten the waits between attempts and look at the connection.
	retryWaitMin time.Duration
	wrap         func(http.RoundTripper) http.RoundTripper
}

// New returns the factory that the plugin server asks for.
func New(version string) func() provider.Provider {
	return func() provider.Provider {
		return &asgardeoProvider{version: version}
	}
}

type providerModel struct {
	Organization       types.String `tfsdk:"organization"`
	Region             types.String `tfsdk:"region"`
	BaseURL            types.String `tfsdk:"base_url"`
	AllowHTTP          types.Bool   `tfsdk:"allow_http"`
	ClientID           types.String `tfsdk:"client_id"`
	ClientSecret       types.String `tfsdk:"client_secret"`
	ClientPrivateKey   types.String `tfsdk:"client_private_key"`
	AccessToken        types.String `tfsdk:"access_token"`
	CACertificate      types.String `tfsdk:"ca_certificate"`
	RequestTimeout     types.String `tfsdk:"request_timeout"`
	MaxRetries         types.Int64  `tfsdk:"max_retries"`
	RequestsPerMinute  types.Int64  `tfsdk:"requests_per_minute"`
	SkipSMSSenderCheck types.Bool   `tfsdk:"skip_sms_sender_check"`
	MyAccountAPI       types.String `tfsdk:"my_account_api"`
	Credentials        types.Map    `tfsdk:"credentials"`
}

type credentialsModel struct {
	ClientID     types.String `tfsdk:"client_id"`
	ClientSecret types.String `tfsdk:"client_secret"`
}

func (p *asgardeoProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "asgardeo"
	resp.Version = p.version
}

func (p *asgardeoProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages the My Account self-service portal of organizations in " +
			"[WSO2 Identity Platform](https://wso2.com/asgardeo/) (formerly Asgardeo) or WSO2 Identity Server: the portal itself, " +
			"its two-factor authentication options, and the SMS sender that SMS OTP needs.\n\n" +
			"Every argument except `credentials` can be set with an environment variable instead. An argument in the configuration overrides its variable.",
		Attributes: map[string]schema.Attribute{
			"organization": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Name of the organization (the tenant domain, in WSO2 Identity Server), as in the Console's address after `/t/`. " +
					"Resources and data sources without an `organization` of their own belong to it. " + fromVariable("organization"),
				Validators: []validator.String{organizationValidator},
			},
			"region": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Asgardeo's region that holds the organization: `us` or `eu`. Default: `us`. Conflicts with `base_url`. " +
					fromVariable("region"),
				Validators: []validator.String{regionValidator},
			},
			"base_url": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Address of a WSO2 Identity Server, or of the mock server, without `/t/{organization}`, such as " +
					"`https://is.example.com:9443`. Conflicts with `region`. " + fromVariable("base_url"),
				Validators: []validator.String{baseURLValidator},
			},
			"allow_http": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Allow a `base_url` with `http://` that leads to another machine. Secrets and tokens then travel in clear text. Default: `false`. " +
					fromVariable("allow_http"),
			},
			"client_id": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Client ID of the application that Terraform signs in with (client credentials grant). " +
					fromVariable("client_id"),
				Validators: []validator.String{credentialValidator("client_id")},
			},
			"client_secret": schema.StringAttribute{
				Optional:  true,
				Sensitive: true,
				MarkdownDescription: "Client secret of that application. Better set with its variable. " +
					fromVariable("client_secret"),
				Validators: []validator.String{credentialValidator("client_secret")},
			},
			"client_private_key": schema.StringAttribute{
				Optional:  true,
				Sensitive: true,
				MarkdownDescription: "RSA private key of that application, instead of `client_secret`: PEM text, or the path of a PEM file. The server has the certificate, and no secret is shared " +
					"(Console: *Protocol*, client authentication method *Private Key JWT*). " + fromVariable("client_private_key"),
				Validators: []validator.String{privateKeyValidator},
			},
			"access_token": schema.StringAttribute{
				Optional:  true,
				Sensitive: true,
				MarkdownDescription: "Access token for the management API, instead of `client_id` and `client_secret`. It is used as it is and " +
					"never renewed. " + fromVariable("access_token"),
				Validators: []validator.String{credentialValidator("access_token")},
			},
			"ca_certificate": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Certificate authority to trust besides those of the system: PEM text, or the path of a PEM file. " +
					fromVariable("ca_certificate"),
				Validators: []validator.String{caCertificateValidator},
			},
			"request_timeout": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("How long one request may take, as a duration such as `45s` or `2m`. Default: `%s`. ", asgardeo.DefaultRequestTimeout) +
					fromVariable("request_timeout"),
				Validators: []validator.String{durationValidator("request_timeout")},
			},
			"max_retries": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("How often a request is repeated that met a busy or faulty server or network. `0` switches repetition off. "+
					"Default: `%d`, which waits for more than a minute in all. ", asgardeo.DefaultMaxRetries) + fromVariable("max_retries"),
				Validators: []validator.Int64{int64validator.Between(0, maxRetriesLimit)},
			},
			"requests_per_minute": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("How many requests Terraform sends in any minute at the most. `0` switches pacing off. Default: `%d`, "+
					"Asgardeo's limit for one client address: lower it where others share the address. ", asgardeo.DefaultRequestsPerMinute) +
					fromVariable("requests_per_minute"),
				Validators: []validator.Int64{int64validator.AtLeast(0)},
			},
			"skip_sms_sender_check": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Do not check that the organization has an SMS sender before SMS OTP is switched on. Default: `false`. " +
					fromVariable("skip_sms_sender_check"),
			},
			"my_account_api": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Where the organizations keep the settings of My Account: `application` (in the application " +
					"\"My Account\", its switch and its login flow, as the Console does) or `classic` (in the configuration store, as " +
					"Consoles did until 2024). Default: `application`. " + fromVariable("my_account_api"),
				Validators: []validator.String{myAccountAPIValidator},
			},
			"credentials": schema.MapNestedAttribute{
				Optional:  true,
				Sensitive: true,
				MarkdownDescription: "Credentials of further organizations, by the organization's name, so that one provider block serves a fleet. " +
					"An entry for `organization` overrides `client_id` and `client_secret`, and `access_token`.",
				Validators: []validator.Map{mapvalidator.KeysAre(organizationValidator)},
				NestedObject: schema.NestedAttributeObject{
					Validators: []validator.Object{credentialsValidator{}},
					// Both are required, which is the validator's business: the framework takes the attributes of an entry that
					// is not known yet, such as a variable during "terraform validate", for missing.
					Attributes: map[string]schema.Attribute{
						"client_id": schema.StringAttribute{
							Optional:            true,
							MarkdownDescription: "Client ID of an application in that organization. Every entry needs it.",
							Validators:          []validator.String{newEntryValidator("client_id")},
						},
						"client_secret": schema.StringAttribute{
							Optional:            true,
							Sensitive:           true,
							MarkdownDescription: "Client secret of that application. Every entry needs it.",
							Validators:          []validator.String{newEntryValidator("client_secret")},
						},
					},
				},
			},
		},
	}
}

// ValidateConfig finds contradictions within the configuration. The environment joins in Configure.
func (p *asgardeoProvider) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	var config providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(contradictions(config)...)
}

// Configure prepares the client. It makes no call: Terraform configures the provider several times in a run, often
// for nothing.
func (p *asgardeoProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	settings, diags := resolve(ctx, config, environment)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	data := &providerData{
		run:                 newRun(),
		organization:        settings.client.Organization,
		organizationUnknown: settings.organizationUnknown,
		unknown:             settings.unknown,
		skipSMSSenderCheck:  settings.skipSMSSenderCheck,
	}
	if len(settings.unknown) == 0 {
		settings.client.UserAgent = userAgent(p.version, req.TerraformVersion)
		settings.client.RetryWaitMin = p.retryWaitMin
		settings.client.Wrap = p.wrap
		data.client = asgardeo.New(settings.client)
		data.myAccountAPI = settings.myAccountAPI
	} else if req.ClientCapabilities.DeferralAllowed {
		resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
	}
	resp.ResourceData = data
	resp.DataSourceData = data
	resp.EphemeralResourceData = data
	resp.ListResourceData = data
}

func userAgent(version, terraformVersion string) string {
	return fmt.Sprintf("terraform-provider-asgardeo/%s Terraform/%s", version, terraformVersion)
}

func (p *asgardeoProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		myAccountPortal.newResource,
		myAccountTwoFactor.newResource,
		newMyAccountLoginFlowResource,
		newSMSSenderResource,
	}
}

func (p *asgardeoProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		myAccountPortal.newDataSource,
		myAccountTwoFactor.newDataSource,
		newMyAccountLoginFlowDataSource,
		newSMSSenderDataSource,
	}
}

func (p *asgardeoProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		myAccountPortal.newListResource,
		myAccountTwoFactor.newListResource,
		newMyAccountLoginFlowListResource,
		newSMSSenderListResource,
	}
}

func (p *asgardeoProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{newAccessTokenEphemeralResource}
}

func (p *asgardeoProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{newMyAccountURLFunction}
}
