package session

import (
	"context"
	"fmt"

	dataschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	resourceschema "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/validators"
)

// OrganizationAttribute is the same in every resource. A change replaces the resource: ModifyPlan says so, because only
// it knows the provider's organization.
func OrganizationAttribute() resourceschema.StringAttribute {
	return resourceschema.StringAttribute{
		Optional:            true,
		Computed:            true,
		MarkdownDescription: "Name of the organization. Default: the provider's. A change replaces the resource.",
		Validators:          []validator.String{validators.Organization},
	}
}

// OrganizationDataAttribute is the same in every data source.
func OrganizationDataAttribute() dataschema.StringAttribute {
	return dataschema.StringAttribute{
		Optional:            true,
		Computed:            true,
		MarkdownDescription: "Name of the organization. Default: the provider's.",
		Validators:          []validator.String{validators.Organization},
	}
}

func OrganizationIdentitySchema() identityschema.Schema {
	return identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"organization": identityschema.StringAttribute{
			OptionalForImport: true,
			Description:       "Name of the organization. Default: the provider's.",
		},
	}}
}

// organizationIdentity identifies settings that exist once in each organization.
type organizationIdentity struct {
	Organization types.String `tfsdk:"organization"`
}

// SetIdentity is called on every path that ends with state. CLIs that know no identity ignore it.
func SetIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, organization types.String) diag.Diagnostics {
	if identity == nil {
		return nil
	}
	return identity.Set(ctx, organizationIdentity{Organization: organization})
}

// PlanOrganization decides which organization a planned resource belongs to: the configured one, else the provider's.
// While that is not known, an existing resource stays where it is: planning "known after apply" would replace it. If it
// turns out to be another one, Terraform stops the apply before anything is written, since no update may become a
// replacement.
func (d *Data) PlanOrganization(config, state types.String) (types.String, diag.Diagnostics) {
	var diags diag.Diagnostics
	planned := config
	switch {
	case config.IsNull() && d != nil && d.DefaultOrganization != "":
		planned = types.StringValue(d.DefaultOrganization)
	case config.IsNull() && d != nil && !d.DefaultUnknown && d.Client != nil:
		diags.Append(d.noOrganization())
	}
	switch {
	case Known(planned):
		if !state.IsNull() && !state.Equal(planned) && d != nil && d.MayBeApply() {
			// A plan with -refresh=false looks the same from here, so this cannot be an error.
			diags.AddAttributeWarning(path.Root("organization"), "The organization turned out to be another one",
				fmt.Sprintf(otherOrganization, state.ValueString(), planned.ValueString()))
		}
		return planned, diags
	case state.IsNull():
		return types.StringUnknown(), diags
	case planned.IsUnknown():
		diags.AddAttributeWarning(path.Root("organization"), "The organization is not known yet",
			fmt.Sprintf(organizationKept, state.ValueString()))
	}
	return state, diags
}

// LeavesOrganization reports that a resource leaves its organization for another one.
func LeavesOrganization(state, plan types.String) bool {
	return !state.IsNull() && !plan.IsUnknown() && !state.Equal(plan)
}
