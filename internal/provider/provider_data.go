package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
)

// providerData is what the provider block hands to resources and data sources.
type providerData struct {
	client              *asgardeo.Client // nil while unknown holds anything
	organization        string           // of the provider block; empty if it has none
	organizationUnknown bool
	unknown             []string // arguments that are known during apply only
	skipSMSSenderCheck  bool
	myAccountAPI        asgardeo.API // where settings should be kept; empty while the client is nil

	*handover.Run
}

// configured takes the provider's data from a Configure request of a resource or data source. It is nil where
// Terraform only validates.
func configured(data any, diags *diag.Diagnostics) *providerData {
	if data == nil {
		return nil
	}
	typed, ok := data.(*providerData)
	if !ok {
		diags.AddError("Unexpected provider data",
			fmt.Sprintf("Got %T. This is a bug in the provider; please report it.", data))
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

// organizationNamed returns the handle of an organization, or says why nothing can be asked of it now. Null means the
// provider's organization.
func (d *providerData) organizationNamed(name types.String) (*asgardeo.Organization, diag.Diagnostics) {
	switch {
	case d == nil:
		return nil, diag.Diagnostics{diag.NewErrorDiagnostic("Provider not configured", notConfigured)}
	case name.IsNull() && d.organizationUnknown:
		return nil, diag.Diagnostics{d.noOrganization()}
	case d.client == nil:
		return nil, diag.Diagnostics{diag.NewErrorDiagnostic(configurationUnknown,
			fmt.Sprintf(argumentsUnknown, strings.Join(d.unknown, ", ")))}
	case name.IsNull():
		name = types.StringValue(d.organization)
	}
	if name.ValueString() == "" {
		return nil, diag.Diagnostics{d.noOrganization()}
	}
	organization, err := d.client.Organization(name.ValueString())
	if err != nil {
		return nil, diag.Diagnostics{unableTo("sign in", err)}
	}
	return organization, nil
}

// unableTo is the diagnostic for a failed call. The action completes "Unable to …".
func unableTo(action string, err error) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Unable to "+action, explain(err))
}

// use returns the handle of an organization for a call that has to be made now.
func (d *providerData) use(name types.String, diags *diag.Diagnostics) *asgardeo.Organization {
	organization, found := d.organizationNamed(name)
	diags.Append(found...)
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
	organization, _ := d.organizationNamed(types.StringValue(name))
	return organization
}

// notRefreshed says why a resource stays as it is in the state.
func (d *providerData) notRefreshed(thing string, organization types.String) diag.Diagnostic {
	return diag.NewWarningDiagnostic(
		fmt.Sprintf("The %s of %q: not refreshed", thing, organization.ValueString()),
		fmt.Sprintf(notRefreshed, strings.Join(d.unknown, ", ")))
}

// noOrganization is the error for a block without an organization of its own when the provider has none, either.
func (d *providerData) noOrganization() diag.Diagnostic {
	if d != nil && d.organizationUnknown {
		return diag.NewErrorDiagnostic(configurationUnknown, organizationUnknown)
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("organization"), "Missing organization",
		organizationMissing+emptyVariables("organization"))
}

// planURL is the portal's address in a plan. Where nothing can be told, a resource that stays has what Terraform
// proposes: the present one if nothing changes, else an unknown one.
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

// addError adds the diagnostic for a failed call. The action completes "Unable to …".
func addError(diags *diag.Diagnostics, action string, err error) {
	diags.Append(unableTo(action, err))
}
