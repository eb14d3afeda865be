// Package provider is the Terraform face of the Asgardeo client: provider block, resources and data sources.
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

func (p *asgardeoProvider) Metadata(
	_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse,
) {
	resp.TypeName = "asgardeo"
	resp.Version = p.version
}

func (p *asgardeoProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = blockSchema()
}

// ValidateConfig finds contradictions within the configuration. The environment joins in Configure.
func (p *asgardeoProvider) ValidateConfig(
	ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse,
) {
	var block types.Object
	resp.Diagnostics.Append(req.Config.Get(ctx, &block)...)
	resp.Diagnostics.Append(contradictions(block.Attributes())...)
}

// Configure prepares the client. It makes no call: Terraform configures the provider several times in a run, often
// for nothing.
func (p *asgardeoProvider) Configure(
	ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse,
) {
	var block types.Object
	resp.Diagnostics.Append(req.Config.Get(ctx, &block)...)
	if resp.Diagnostics.HasError() {
		return
	}
	config, data, diags := resolve(block.Attributes(), environment)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	data.Run = handover.NewRun()
	if len(data.unknown) == 0 {
		config.UserAgent = fmt.Sprintf("terraform-provider-asgardeo/%s Terraform/%s", p.version, req.TerraformVersion)
		config.RetryWaitMin, config.Wrap = p.retryWaitMin, p.wrap
		data.client = asgardeo.New(config)
	} else if req.ClientCapabilities.DeferralAllowed {
		resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
	}
	resp.ResourceData = data
	resp.DataSourceData = data
	resp.EphemeralResourceData = data
	resp.ListResourceData = data
}
