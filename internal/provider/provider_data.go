package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// providerData is what the provider block hands to resources and data sources.
type providerData struct {
	client              *asgardeo.Client // nil while unknown holds anything
	organization        string           // of the provider block; empty if it has none
	organizationUnknown bool
	unknown             []string // arguments that are known during apply only
	skipSMSSenderCheck  bool
	myAccountAPI        asgardeo.API // where settings should be kept; empty while the client is nil

	*run
}

// configured takes the provider's data from a Configure request of a resource or data source. It is nil where
// Terraform only validates.
func configured(data any, diags *diag.Diagnostics) *providerData {
	if data == nil {
		return nil
	}
	typed, ok := data.(*providerData)
	if !ok {
		diags.AddError("Unexpected provider data", fmt.Sprintf("Got %T. This is a bug in the provider; please report it.", data))
	}
	return typed
}

// ready reports whether the management API can be called.
func (d *providerData) ready() bool {
	return d != nil && d.client != nil
}

// missingFor lists the provider's arguments that a call to an organization would need and that are not known yet.
func (d *providerData) missingFor(name types.String) []string {
	switch {
	case d.client == nil:
		return d.unknown
	case name.IsUnknown(), d.organizationUnknown && !d.client.HasOwnCredentials(name.ValueString()):
		return []string{"organization"} // and so to whom the provider's credentials belong
	}
	return nil
}

// use returns the handle of an organization for a call that has to be made now.
func (d *providerData) use(name types.String, diags *diag.Diagnostics) *asgardeo.Organization {
	switch {
	case d == nil:
		diags.AddError("Provider not configured", "The provider was asked for a call before it was configured. This is a bug; please report it.")
		return nil
	case d.client == nil:
		diags.AddError("Provider configuration not known yet", fmt.Sprintf(
			"The management API cannot be called, because these arguments of the provider depend on something that is not applied yet: %s. "+
				"Apply what they depend on first (-target), or give them values that are known when Terraform plans.", strings.Join(d.unknown, ", ")))
		return nil
	case name.ValueString() == "":
		diags.Append(d.noOrganization())
		return nil
	}
	organization, err := d.client.Organization(name.ValueString())
	if err != nil {
		addError(diags, "sign in", err)
		return nil
	}
	return organization
}

// useAccount returns the settings of an organization in the place where the provider wants them.
func (d *providerData) useAccount(name types.String, diags *diag.Diagnostics) *asgardeo.MyAccount {
	organization := d.use(name, diags)
	if organization == nil {
		return nil
	}
	return organization.MyAccount(d.myAccountAPI)
}

// account returns the settings of an organization in the place where a resource has them, or for a call that may be
// left out, nil.
func (d *providerData) account(name, api types.String) *asgardeo.MyAccount {
	organization := d.reach(name.ValueString())
	if organization == nil {
		return nil
	}
	return organization.MyAccount(placeOf(api))
}

// placeOf reads the attribute api. A state without it is older than the choice.
func placeOf(api types.String) asgardeo.API {
	if api.ValueString() == "" {
		return asgardeo.ClassicAPI
	}
	return asgardeo.API(api.ValueString())
}

// reach is use for a call that may be left out: nil says that it cannot be made now.
func (d *providerData) reach(name string) *asgardeo.Organization {
	if !d.ready() {
		return nil
	}
	organization, err := d.client.Organization(name)
	if err != nil {
		return nil
	}
	return organization
}

// notRefreshed says why a resource stays as it is in the state.
func (d *providerData) notRefreshed(thing string, organization types.String) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("The %s of %q: not refreshed", thing, organization.ValueString()), fmt.Sprintf(
		"These arguments of the provider are known during apply only: %s. The state is kept as it is.", strings.Join(d.unknown, ", ")))
}

// useOrDefault is use for a data source, whose organization may be left to the provider.
func (d *providerData) useOrDefault(name types.String, diags *diag.Diagnostics) *asgardeo.Organization {
	if d != nil && name.IsNull() {
		if d.organizationUnknown {
			diags.Append(d.noOrganization())
			return nil
		}
		name = types.StringValue(d.organization)
	}
	return d.use(name, diags)
}

// noOrganization is the error for a block without an organization of its own when the provider has none, either.
func (d *providerData) noOrganization() diag.Diagnostic {
	if d != nil && d.organizationUnknown {
		return diag.NewErrorDiagnostic("Provider configuration not known yet", "The provider's organization depends on something that is not applied yet. "+
			"Set organization in this block, or apply what it depends on first.")
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("organization"), "Missing organization", fmt.Sprintf(
		"Neither this block nor the provider names an organization. Set organization here or in the provider block, or set %s.%s", variable("organization"),
		emptyVariables("organization")))
}

// planOrganization decides which organization a planned resource belongs to: the configured one, else the provider's. While
// that is not known, an existing resource stays where it is: planning "known after apply" would replace it. If it turns
// out to be another one, Terraform stops the apply before anything is written, since no update may become a replacement.
func (d *providerData) planOrganization(config, state types.String) (types.String, diag.Diagnostics) {
	var diags diag.Diagnostics
	planned := config
	switch {
	case config.IsNull() && d != nil && d.organization != "":
		planned = types.StringValue(d.organization)
	case config.IsNull() && d != nil && !d.organizationUnknown && d.client != nil:
		diags.Append(d.noOrganization())
	}
	switch {
	case !planned.IsNull() && !planned.IsUnknown():
		if moved(state, planned) && d != nil && d.MayBeApply() {
			// A plan with -refresh=false looks the same from here, so this cannot be an error.
			diags.AddAttributeWarning(path.Root("organization"), "The organization turned out to be another one", fmt.Sprintf(
				"This resource is in organization %q, and the configuration says %q. If this is an apply, the name was not known in "+
					"its plan, and Terraform now stops with \"Provider produced inconsistent final plan\". Nothing was changed for this "+
					"resource. Plan and apply again: the plan will show the move.", state.ValueString(), planned.ValueString()))
		}
		return planned, diags
	case !state.IsNull():
		if planned.IsUnknown() {
			diags.AddAttributeWarning(path.Root("organization"), "The organization is not known yet", fmt.Sprintf(
				"The plan leaves this resource in organization %q. If the name turns out to be another one, an apply that changes the "+
					"resource stops before anything is written, and the plan after it shows the move.", state.ValueString()))
		}
		return state, diags
	}
	return types.StringUnknown(), diags
}

// planURL is the portal's address in a plan. Where nothing can be told, a resource that stays has what Terraform proposes: the
// present one if nothing changes, else an unknown one.
func (d *providerData) planURL(organization, oldOrganization, proposed types.String) types.String {
	url := d.portalURL(organization)
	if url.IsUnknown() && organization.Equal(oldOrganization) {
		return proposed
	}
	return url
}

// planAPI is where the settings are kept after the plan: where the provider wants them.
func (d *providerData) planAPI(proposed types.String) types.String {
	if !d.ready() {
		return proposed
	}
	return types.StringValue(string(d.myAccountAPI))
}

// portalURL is the portal's address, as soon as it can be told.
func (d *providerData) portalURL(organization types.String) types.String {
	if !d.ready() || organization.IsUnknown() || organization.IsNull() {
		return types.StringUnknown()
	}
	return types.StringValue(d.client.PortalURL(organization.ValueString()))
}

// organizationIdentity identifies settings that exist once in each organization.
type organizationIdentity struct {
	Organization types.String `tfsdk:"organization"`
}

// setIdentity is called on every path that ends with state. CLIs that know no identity ignore it.
func setIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, organization types.String) diag.Diagnostics {
	if identity == nil {
		return nil
	}
	return identity.Set(ctx, organizationIdentity{Organization: organization})
}
