package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// myAccountURL is the function that tells where a portal is, without a provider block and without a call.
type myAccountURL struct{}

func (myAccountURL) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "my_account_url"
}

func (myAccountURL) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Address of an organization's My Account portal",
		MarkdownDescription: "Returns the address at which users of an Asgardeo organization open the My Account portal, " +
			"for instance to put it into an email template. Nothing is asked for, so it tells neither whether the " +
			"organization exists nor whether its portal is on: the resource and the data source `asgardeo_my_account_portal` " +
			"do, and also know the address on a WSO2 Identity Server.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "organization",
				MarkdownDescription: "Name of the organization.",
			},
		},
		VariadicParameter: function.StringParameter{
			Name:                "region",
			MarkdownDescription: "Asgardeo's region that holds the organization: `us` or `eu`. One at the most. Default: `us`.",
		},
		Return: function.StringReturn{},
	}
}

func (myAccountURL) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var organization string
	var regions []string
	if resp.Error = req.Arguments.Get(ctx, &organization, &regions); resp.Error != nil {
		return
	}
	// Terraform puts the texts of errors into a sentence of its own, with a period at its end.
	if err := asgardeo.ValidateOrganization(organization); err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	if len(regions) > 1 {
		resp.Error = function.NewArgumentFuncError(2, severalRegions)
		return
	}
	regions = append(regions, asgardeo.Regions()[0]) // the default, where none was given
	endpoint, err := asgardeo.RegionEndpoint(regions[0])
	if err != nil {
		resp.Error = function.NewArgumentFuncError(1, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, endpoint.PortalURL(organization))
}
