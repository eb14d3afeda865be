package session

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/validators"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/words"
)

var _ list.ListResourceWithConfigure = (*ListResource)(nil)

// ListResource lists what each organization has one of, for terraform query: it finds what can be imported.
type ListResource struct {
	Resource        // what it lists
	Reader   Reader // of attributes, which the resource may lack
}

// ListResourceConfigSchema is that of a list block.
func (r *ListResource) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the " + r.Thing + " of organizations, one for each, for `terraform query` (Terraform " +
			"1.14 and later). An organization that cannot be read is a warning, as long as another one can be.",
		Attributes: map[string]schema.Attribute{
			"organization": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of the organization to list. Default: the provider's.",
				Validators:          []validator.String{validators.Organization},
			},
			"organizations": schema.ListAttribute{
				Optional:            true,
				ElementType:         types.StringType,
				MarkdownDescription: "Names of several organizations to list, instead of one.",
				Validators: []validator.List{
					listvalidator.ConflictsWith(path.MatchRoot("organization")),
					listvalidator.SizeAtLeast(1),
					listvalidator.UniqueValues(),
					listvalidator.ValueStringsAre(validators.Organization),
				},
			},
		},
	}
}

// List reads each organization, also where Terraform asks for names only.
func (r *ListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config struct {
		Organization  types.String   `tfsdk:"organization"`
		Organizations []types.String `tfsdk:"organizations"`
	}
	if diags := req.Config.Get(ctx, &config); diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	organizations := config.Organizations
	if len(organizations) == 0 {
		organizations = []types.String{config.Organization} // null means the provider's
	}
	stream.Results = slices.Values(r.results(ctx, req, organizations))
}

// results are what the organizations have, and at the end what kept others from being read. Terraform drops the whole
// list at its first error, so these are warnings, unless no organization could be read.
func (r *ListResource) results(
	ctx context.Context, req list.ListRequest, organizations []types.String,
) []list.ListResult {
	var results []list.ListResult
	var warnings, failures diag.Diagnostics
	allFailed := true
	for _, name := range organizations {
		result, exists := r.result(ctx, req, name)
		for _, failure := range result.Diagnostics.Errors() {
			// The organization makes the summary unique: Terraform folds warnings with equal ones.
			warnings.AddWarning(fmt.Sprintf("The %s of %q: not listed", r.Thing, name.ValueString()), failure.Detail())
			failures.Append(failure)
		}
		allFailed = allFailed && result.Diagnostics.HasError()
		if !exists || result.Diagnostics.HasError() {
			continue
		}
		if results = append(results, result); int64(len(results)) == req.Limit {
			break
		}
	}
	switch {
	case allFailed:
		return []list.ListResult{{Diagnostics: failures}}
	case len(failures) > 0:
		results = append(results, list.ListResult{Diagnostics: warnings})
	}
	return results
}

// result is what an organization has, if it has anything to list.
func (r *ListResource) result(
	ctx context.Context, req list.ListRequest, name types.String,
) (result list.ListResult, exists bool) {
	result = req.NewListResult(ctx)
	organization, diags := r.Organization(name)
	if organization == nil {
		result.Diagnostics.Append(diags...)
		return result, false
	}
	attributes, err := r.Reader(ctx, r.Data, organization)
	if err != nil {
		result.Diagnostics.Append(UnableTo(fmt.Sprintf("list the %s of %q", r.Thing, organization.Name()), err)...)
	}
	if attributes == nil {
		return result, false
	}
	owner := types.StringValue(organization.Name())
	result.DisplayName = fmt.Sprintf("%s of %s", words.UpperFirst(r.Thing), organization.Name())
	result.Diagnostics.Append(r.SetIdentity(ctx, result.Identity, owner)...)
	if req.IncludeResource {
		attributes["organization"] = owner
		for attribute := range result.Resource.Schema.GetAttributes() {
			if value, read := attributes[attribute]; read {
				result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root(attribute), value)...)
			}
		}
	}
	return result, true
}
