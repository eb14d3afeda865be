package session

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Resource is what all resources do alike, for what each organization has one of.
type Resource struct {
	*Data    // what the provider block gives
	TypeName string
	Thing    string // in messages
	SoleName string // that the identity has, too, where the API has names; it is always the same
}

// ManagedResource is what each resource of the provider answers.
type ManagedResource interface {
	resource.ResourceWithConfigure
	resource.ResourceWithIdentity
	resource.ResourceWithImportState
	resource.ResourceWithModifyPlan
	resource.ResourceWithValidateConfig
}

// Metadata names the type.
func (r *Resource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.TypeName
}

// Configure keeps what the provider gives.
func (r *Resource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.Data, resp.Diagnostics = Configured(req.ProviderData)
}

// IdentitySchema says what identifies the resource: its organization, as there is one in each.
func (r *Resource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema.Attributes = map[string]identityschema.Attribute{
		"organization": identityschema.StringAttribute{
			OptionalForImport: true,
			Description:       "Name of the organization. Default: the provider's.",
		},
	}
	if r.SoleName != "" {
		resp.IdentitySchema.Attributes["name"] = identityschema.StringAttribute{
			OptionalForImport: true,
			Description:       "Name of the sender. Default, and the only one there is: " + r.SoleName + ".",
		}
	}
}

// SetIdentity is called on every path that ends with state, and before a removal. CLIs that know no identity ignore it.
func (r *Resource) SetIdentity(
	ctx context.Context, identity *tfsdk.ResourceIdentity, organization types.String,
) diag.Diagnostics {
	if identity == nil {
		return nil
	}
	diags := identity.SetAttribute(ctx, path.Root("organization"), organization)
	if r.SoleName != "" {
		diags.Append(identity.SetAttribute(ctx, path.Root("name"), r.SoleName)...)
	}
	return diags
}

// ImportState takes the organization from the import ID or the identity. Everything else is filled in by Read.
func (r *Resource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	diags := &resp.Diagnostics
	organization, found := r.importedOrganization(ctx, req)
	diags.Append(found...)
	if diags.HasError() {
		return
	}
	if r.SoleName != "" && req.Identity != nil && !req.Identity.Raw.IsNull() {
		var name types.String // which may be left out
		diags.Append(req.Identity.GetAttribute(ctx, path.Root("name"), &name)...)
		if !name.IsNull() && name.ValueString() != r.SoleName {
			diags.AddError("Invalid import identity", fmt.Sprintf(
				"The only %s is named %q. Leave name out of the identity.", r.Thing, r.SoleName))
		}
	}
	diags.Append(resp.State.SetAttribute(ctx, path.Root("organization"), organization)...)
	diags.Append(r.SetIdentity(ctx, resp.Identity, organization)...)
}
