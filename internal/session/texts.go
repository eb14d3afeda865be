package session

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// What resources of one run advise about each other.
const (
	LetItForget = "Let Terraform forget it instead: write a removed block with lifecycle { destroy = false } for it, " +
		"or run terraform state rm. If this is the same resource under a new address, a moved block renames it without " +
		"destroying anything. To destroy everything, run terraform destroy -refresh=false."

	UseMoved = "If the resource has only a new address, a moved block renames it without touching anything: moved { " +
		"from = <old address>, to = <new address> }, each argument on a line of its own."

	KeepOneOfThem = "Keep one of them, and let Terraform forget the other one if it is in the state: terraform state " +
		"rm, or a removed block with lifecycle { destroy = false }."
)

const wholeFlowAndFactors = "A block asgardeo_my_account_two_factor and a block asgardeo_my_account_login_flow of " +
	"this configuration are both about organization %q. The second factors are a part of the login flow, so each apply " +
	"would undo what the other resource wrote. " + KeepOneOfThem

// WholeFlowAndFactors is the error about both for one organization.
func WholeFlowAndFactors(organization string) diag.Diagnostics {
	return OneError(fmt.Sprintf("Two kinds of resources for the login flow of %q", organization),
		fmt.Sprintf(wholeFlowAndFactors, organization))
}

// Why nothing can be asked of an organization, or which organization a resource is in.
const (
	configurationUnknown = "Provider configuration not known yet"

	notConfigured = "The provider was asked for a call before it was configured. This is a bug; please report it."

	argumentsUnknown = "The management API cannot be called, because these arguments of the provider depend on " +
		"something that is not applied yet: %s. Apply what they depend on first (-target), or give them values that are " +
		"known when Terraform plans."

	organizationUnknown = "The provider's organization depends on something that is not applied yet. Set organization " +
		"in this block, or apply what it depends on first."

	organizationMissing = "Neither this block nor the provider names an organization. Set organization here or in the " +
		"provider block, or set ASGARDEO_ORGANIZATION."

	notRefreshed = "These arguments of the provider are known during apply only: %s. The state is kept as it is."

	otherOrganization = "This resource is in organization %q, and the configuration says %q. If this is an apply, the " +
		"name was not known in its plan, and Terraform now stops with \"Provider produced inconsistent final plan\". " +
		"Nothing was changed for this resource. Plan and apply again: the plan will show the move."

	organizationKept = "The plan leaves this resource in organization %q. If the name turns out to be another one, an " +
		"apply that changes the resource stops before anything is written, and the plan after it shows the move."
)
