package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// importOrganization imports what exists once in an organization: by the organization's name as import id, or by
// identity, which may be empty and means the provider's organization then. Everything else is filled in by Read.
func importOrganization(ctx context.Context, data *providerData, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	name := req.ID
	if byIdentity := name == "" && req.Identity != nil && !req.Identity.Raw.IsNull(); byIdentity {
		var identity organizationIdentity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		name = identity.Organization.ValueString()
		if name == "" && data != nil {
			name = data.organization
		}
		if name == "" && !resp.Diagnostics.HasError() {
			resp.Diagnostics.Append(noOrganization())
		}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if err := asgardeo.ValidateOrganization(name); err != nil {
		resp.Diagnostics.AddError("Invalid import id", fmt.Sprintf(
			"%s. The import id is the organization's name alone, such as \"bifrost\".", upperFirst(err.Error())))
		return
	}
	organization := types.StringValue(name)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("organization"), organization)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, organization)...)
}
