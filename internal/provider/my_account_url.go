package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

var _ function.Function = (*myAccountURLFunction)(nil)

// myAccountURLFunction tells where an organization's portal is, without a provider block and without a call.
type myAccountURLFunction struct{}

func newMyAccountURLFunction() function.Function {
	return &myAccountURLFunction{}
}

func (*myAccountURLFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "my_account_url"
}

func (*myAccountURLFunction) Definition(
	_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse,
) {
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

func (*myAccountURLFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var organization string
	var further []string
	if resp.Error = req.Arguments.Get(ctx, &organization, &further); resp.Error != nil {
		return
	}
	// Terraform puts the texts of errors into a sentence of its own, with a period at its end.
	if err := asgardeo.ValidateOrganization(organization); err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	region := asgardeo.Regions()[0]
	switch len(further) {
	case 0:
	case 1:
		region = further[0]
	default:
		resp.Error = function.NewArgumentFuncError(2, "an organization lives in one region: give an organization and, if "+
			"needed, a region")
		return
	}
	endpoint, err := asgardeo.RegionEndpoint(region)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(1, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, endpoint.PortalURL(organization))
}
