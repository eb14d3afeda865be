package session

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// OrganizationIdentitySchema identifies what exists once in each organization.
func OrganizationIdentitySchema() identityschema.Schema {
	return identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"organization": identityschema.StringAttribute{
			OptionalForImport: true,
			Description:       "Name of the organization. Default: the provider's.",
		},
	}}
}

// SetIdentity is called on every path that ends with state. CLIs that know no identity ignore it.
func SetIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, organization types.String) diag.Diagnostics {
	if identity == nil {
		return nil
	}
	return identity.SetAttribute(ctx, path.Root("organization"), organization)
}

// ImportOrganization imports what exists once in an organization. Everything else is filled in by Read.
func ImportOrganization(
	ctx context.Context, data *Data, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	organization, diags := ImportedOrganization(ctx, data, req)
	resp.Diagnostics.Append(diags...)
	if diags.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("organization"), organization)...)
	resp.Diagnostics.Append(SetIdentity(ctx, resp.Identity, organization)...)
}

// ImportedOrganization returns the organization to import from: its name is the import ID. An import by identity may
// leave it out and means the provider's organization then.
func ImportedOrganization(
	ctx context.Context, data *Data, req resource.ImportStateRequest,
) (organization types.String, diags diag.Diagnostics) {
	name, source := req.ID, "import ID"
	if name == "" && req.Identity != nil && !req.Identity.Raw.IsNull() {
		source = "import identity"
		var given types.String
		diags.Append(req.Identity.GetAttribute(ctx, path.Root("organization"), &given)...)
		name = given.ValueString()
		if name == "" && data != nil {
			name = data.DefaultOrganization
		}
		if name == "" && !diags.HasError() {
			diags.Append(data.noOrganization()...)
		}
	}
	if diags.HasError() {
		return organization, diags
	}
	if asgardeo.ValidateOrganization(name) != nil {
		example := `such as "bifrost"`
		if meant := data.organizationMeant(name); meant != "" {
			example = fmt.Sprintf("write %q", meant)
		}
		diags.AddError("Invalid "+source, fmt.Sprintf(
			"%q is not the name of an organization. The %s is that name alone: %s.", name, source, example))
	}
	return types.StringValue(name), diags
}

// organizationMeant returns the organization that somebody meant who wrote something else: its address, its name with
// something behind it or in capital letters, or the name of what is to be imported. It returns nothing where there is
// nothing to go by.
func (d *Data) organizationMeant(text string) string {
	guess := strings.ToLower(text)
	if _, behind, found := strings.Cut(guess, "/t/"); found {
		guess = behind
	}
	guess, _, _ = strings.Cut(guess, "/")
	guess = strings.TrimSpace(guess)
	switch {
	case asgardeo.ValidateOrganization(guess) == nil && !slices.Contains(neverMeant, guess):
		return guess
	case d != nil:
		return d.DefaultOrganization
	}
	return ""
}

// neverMeant are what people take for an import ID, in small letters: the name of what is to be imported.
var neverMeant = []string{strings.ToLower(asgardeo.SMSSenderName), "myaccount", "my_account"}
