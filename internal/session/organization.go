package session

import (
	"fmt"

	dataschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	resourceschema "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
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
		diags.Append(d.noOrganization()...)
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

// noOrganization is the error for a block without an organization of its own when the provider has none, either.
func (d *Data) noOrganization() diag.Diagnostics {
	if d != nil && d.DefaultUnknown {
		return OneError(configurationUnknown, organizationUnknown)
	}
	return OneErrorAt(path.Root("organization"), "Missing organization",
		organizationMissing+EmptyVariables("organization"))
}

// LeavesOrganization reports that a resource leaves its organization for another one.
func LeavesOrganization(state, plan types.String) bool {
	return !state.IsNull() && !plan.IsUnknown() && !state.Equal(plan)
}
