// Package session is what a configured provider gives its resources, and what all of them do alike.
//
// data.go has the first: which organizations they can call, and what is not known yet. resource.go, data_source.go and
// list.go are what the rooms build on. The rest is one thing per file: the organization that a resource belongs to, the
// attributes that all have, what a resource keeps beside the state, and the diagnostics.
package session

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// Data is what the provider block hands to resources and data sources.
type Data struct {
	Client              *asgardeo.Client // nil while UnknownArguments has any
	DefaultOrganization string           // of the provider block; empty if it has none
	DefaultUnknown      bool
	UnknownArguments    []string // arguments that are known during apply only
	SkipSMSSenderCheck  bool
	MyAccountAPI        portal.API // where settings should be kept; empty while the client is nil

	*handover.Run
}

// Configured takes the provider's data from a Configure request of a resource or data source. It is nil where
// Terraform only validates.
func Configured(given any) (*Data, diag.Diagnostics) {
	data, ok := given.(*Data)
	if given != nil && !ok {
		return nil, OneError("Unexpected provider data",
			fmt.Sprintf("Got %T. This is a bug in the provider; please report it.", given))
	}
	return data, nil
}

// Ready reports whether the management API can be called.
func (d *Data) Ready() bool {
	return d != nil && d.Client != nil
}

// UnknownFor lists the provider's arguments that a call to an organization would need and that are not known yet.
func (d *Data) UnknownFor(name types.String) []string {
	switch {
	case d.Client == nil:
		return d.UnknownArguments
	case name.IsUnknown(), d.DefaultUnknown && !d.Client.HasOwnCredentials(name.ValueString()):
		return []string{"organization"} // and so to whom the provider's credentials belong
	}
	return nil
}

// Organization returns the handle of an organization, or says why nothing can be asked of it now. Null means the
// provider's organization.
func (d *Data) Organization(name types.String) (*asgardeo.Organization, diag.Diagnostics) {
	switch {
	case d == nil:
		return nil, OneError("Provider not configured", notConfigured)
	case name.IsNull() && d.DefaultUnknown:
		return nil, d.noOrganization()
	case d.Client == nil:
		return nil, OneError(configurationUnknown,
			fmt.Sprintf(argumentsUnknown, strings.Join(d.UnknownArguments, ", ")))
	case name.IsNull():
		name = types.StringValue(d.DefaultOrganization)
	}
	if name.ValueString() == "" {
		return nil, d.noOrganization()
	}
	organization, err := d.Client.Organization(name.ValueString())
	if err != nil {
		return nil, UnableTo("sign in", err)
	}
	return organization, nil
}

// PortalURL is the portal's address, as soon as it can be told.
func (d *Data) PortalURL(organization types.String) types.String {
	if !d.Ready() || organization.IsUnknown() || organization.IsNull() {
		return types.StringUnknown()
	}
	return types.StringValue(d.Client.PortalURL(organization.ValueString()))
}
