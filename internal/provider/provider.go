// Package provider is the entrance: it tells Terraform what there is. What that does is in rooms of its own:
//
//   - settings: the portal's switch, and its second factors
//   - loginflow: whole login flows
//   - smssender: the SMS sender; smsrule: the rule that neither it nor SMS OTP goes without the other
//   - session: what a configured provider gives to all of them, and what all of them do alike
//   - handover: what was there before Terraform, and what becomes of it
//   - asgardeo: the client, which knows nothing of Terraform; portal: what the settings are
//   - explain, validators, words: the client's errors in words, checks of single arguments, sentences
//
// In this room, schema.go says what the provider block accepts, config.go and credentials.go fill it in and read it,
// and texts.go has the messages. access_token.go and my_account_url.go are what there is besides resources and data
// sources.
package provider

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/loginflow"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/settings"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/smssender"
)

var (
	_ provider.ProviderWithEphemeralResources = (*Provider)(nil)
	_ provider.ProviderWithFunctions          = (*Provider)(nil)
	_ provider.ProviderWithListResources      = (*Provider)(nil)
	_ provider.ProviderWithValidateConfig     = (*Provider)(nil)
)

// Provider answers Terraform's questions about the provider as a whole.
type Provider struct {
	Version string
	// Tests shorten the waits between attempts, and look at the connection.
	RetryWaitMin time.Duration
	Wrap         func(http.RoundTripper) http.RoundTripper
}

// New returns the factory that the plugin server asks for.
func New(version string) func() provider.Provider {
	return func() provider.Provider { return &Provider{Version: version} }
}

// Resources are what Terraform manages.
func (*Provider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		settings.Portal.NewResource,
		settings.TwoFactor.NewResource,
		loginflow.NewResource,
		smssender.NewResource,
	}
}

// DataSources read the same, and change nothing.
func (*Provider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		settings.Portal.NewDataSource,
		settings.TwoFactor.NewDataSource,
		loginflow.NewDataSource,
		smssender.NewDataSource,
	}
}

// ListResources find what can be imported.
func (*Provider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		settings.Portal.NewListResource,
		settings.TwoFactor.NewListResource,
		loginflow.NewListResource,
		smssender.NewListResource,
	}
}

// EphemeralResources are neither in the plan nor in the state.
func (*Provider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{
		func() ephemeral.EphemeralResource { return &accessToken{} },
	}
}

// Functions need no provider block.
func (*Provider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{
		func() function.Function { return myAccountURL{} },
	}
}

// Metadata names the provider.
func (p *Provider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName, resp.Version = "asgardeo", p.Version
}

// Schema is that of the provider block.
func (*Provider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = blockSchema()
}

// ValidateConfig finds contradictions within the configuration. The environment joins in Configure.
func (*Provider) ValidateConfig(
	ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse,
) {
	var block types.Object
	resp.Diagnostics.Append(req.Config.Get(ctx, &block)...)
	resp.Diagnostics.Append(contradictions(block.Attributes())...)
}

// Configure prepares the client. It makes no call: Terraform configures the provider several times in a run, often
// for nothing.
func (p *Provider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var block types.Object
	resp.Diagnostics.Append(req.Config.Get(ctx, &block)...)
	if resp.Diagnostics.HasError() {
		return
	}
	config, data, diags := resolve(block.Attributes(), session.Variable)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	data.Run = handover.NewRun()
	if len(data.UnknownArguments) == 0 {
		config.UserAgent = fmt.Sprintf("terraform-provider-asgardeo/%s Terraform/%s", p.Version, req.TerraformVersion)
		config.RetryWaitMin, config.Wrap = p.RetryWaitMin, p.Wrap
		data.Client = asgardeo.New(config)
	} else if req.ClientCapabilities.DeferralAllowed {
		resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
	}
	resp.ResourceData, resp.DataSourceData = data, data
	resp.ListResourceData, resp.EphemeralResourceData = data, data
}
