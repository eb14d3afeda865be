package settings

import (
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// Portal is an organization's portal: on or off.
var Portal = &Kind{
	TypeName: "asgardeo_my_account_portal",
	thing:    "My Account portal",
	settings: []portal.Setting{portal.PortalEnabled},
	required: true,
	hasURL:   true,
	defaults: "the portal is on",

	resourceDescription: "Switches an organization's My Account self-service portal on or off. Every organization " +
		"has the portal, and it is on until somebody switches it off, so the resource takes over a setting that exists " +
		"already.",
	dataDescription: "Reads whether an organization's My Account self-service portal is on, and where it is.",
}
