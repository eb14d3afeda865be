package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// importOrganization imports what exists once in an organization. Everything else is filled in by Read.
func importOrganization(ctx context.Context, data *providerData, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	organization := importedOrganization(ctx, data, req, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("organization"), organization)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, organization)...)
}

// importedOrganization returns the organization to import from: its name is the import ID. An import by identity may leave
// it out and means the provider's organization then.
func importedOrganization(ctx context.Context, data *providerData, req resource.ImportStateRequest, diags *diag.Diagnostics) types.String {
	name, source := req.ID, "import ID"
	if name == "" && req.Identity != nil && !req.Identity.Raw.IsNull() {
		source = "import identity"
		var given types.String
		diags.Append(req.Identity.GetAttribute(ctx, path.Root("organization"), &given)...)
		name = given.ValueString()
		if name == "" && data != nil {
			name = data.organization
		}
		if name == "" && !diags.HasError() {
			diags.Append(data.noOrganization())
		}
	}
	if diags.HasError() {
		return types.StringNull()
	}
	if err := asgardeo.ValidateOrganization(name); err != nil {
		diags.AddError("Invalid "+source, fmt.Sprintf(
			"%s. The %s is the organization's name alone, such as \"bifrost\".", upperFirst(err.Error()), source))
	}
	return types.StringValue(name)
}
