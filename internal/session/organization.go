package session

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// Which organization a resource belongs to, in a plan and at an import.

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

// importedOrganization returns the organization to import from: its name is the import ID. An import by identity may
// leave it out and means the provider's organization then.
func (d *Data) importedOrganization(
	ctx context.Context, req resource.ImportStateRequest,
) (organization types.String, diags diag.Diagnostics) {
	name, source := req.ID, "import ID"
	if name == "" && req.Identity != nil && !req.Identity.Raw.IsNull() {
		source = "import identity"
		var given types.String
		diags.Append(req.Identity.GetAttribute(ctx, path.Root("organization"), &given)...)
		name = given.ValueString()
		if name == "" && d != nil {
			name = d.DefaultOrganization
		}
		if name == "" && !diags.HasError() {
			diags.Append(d.noOrganization()...)
		}
	}
	if diags.HasError() {
		return organization, diags
	}
	if asgardeo.ValidateOrganization(name) != nil {
		example := `such as "bifrost"`
		if meant := d.organizationMeant(name); meant != "" {
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
