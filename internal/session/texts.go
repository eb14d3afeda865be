package session

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
