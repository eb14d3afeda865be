package session

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// A login flow can be managed as a whole, or its second factors can: not both, since they would undo each other's
// work in every apply.

// RefuseBesideWholeFlow refuses to plan second factors where the whole login flow is planned.
func RefuseBesideWholeFlow(data *Data, organization types.String) diag.Diagnostics {
	if !data.Ready() || organization.IsUnknown() || data.MyAccountAPI != portal.ApplicationAPI ||
		!data.IsDeclared(handover.FlowClaim(organization.ValueString())) {
		return nil
	}
	return diag.Diagnostics{WholeFlowAndFactors(organization.ValueString())}
}

// WholeFlowAndFactors is the error about both for one organization.
func WholeFlowAndFactors(organization string) diag.Diagnostic {
	return diag.NewErrorDiagnostic(fmt.Sprintf("Two kinds of resources for the login flow of %q", organization),
		fmt.Sprintf(wholeFlowAndFactors, organization))
}
