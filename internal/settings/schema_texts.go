package settings

import (
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// What the documentation says about resources, data sources and their attributes.

const (
	portalDescription = "Switches an organization's My Account self-service portal on or off. Every organization " +
		"has the portal, and it is on until somebody switches it off, so the resource takes over a setting that exists " +
		"already."
	portalDataDescription = "Reads whether an organization's My Account self-service portal is on, and where it is."
	twoFactorDescription  = "Manages two-factor authentication (2FA, also called MFA) of an organization's My Account " +
		"portal: email OTP, SMS OTP, TOTP, TOTP enrollment during login, and backup codes. The settings exist in every " +
		"organization, so the resource takes them over. It manages those that the configuration declares, and only " +
		"those: a setting that is left out is not kept in the state and not changed. At least one must be declared."
	twoFactorDataDescription = "Reads the two-factor settings (2FA, MFA) of an organization's My Account portal: email " +
		"OTP, SMS OTP, TOTP, TOTP enrollment, and backup codes."

	apiDescription = "Where the settings are kept: `application` or `classic`. It follows the provider's " +
		"`my_account_api`; a change moves the resource to the other place and leaves the values in the old one."
	apiDataDescription = "Where the settings were read: `application` or `classic`, as the provider's " +
		"`my_account_api` says."
	urlDescription       = "Address at which the organization's users open the portal."
	onDestroyDescription = "What happens to the settings when the resource is destroyed. They cannot be deleted, only " +
		"changed:\n\n" +
		"    - `restore` (default): each declared setting that still is what Terraform made of it goes back to what it " +
		"was when the resource was created or imported. What somebody else changed since stays.\n" +
		"    - `reset`: the declared settings go to Asgardeo's defaults: %s.\n" +
		"    - `keep`: nothing is changed; Terraform only forgets the resource.\n\n" +
		"    The plan lists what will be written. The value that counts is the one last applied."
)

// descriptions of the settings, and advice for those who set them.
var descriptions = map[portal.Setting]struct{ text, advice string }{
	portal.PortalEnabled: {text: "Whether users can open the portal."},
	portal.EmailOTP:      {text: "Whether a one-time passcode sent by email is offered as second factor."},
	portal.SMSOTP: {
		text:   "Whether a one-time passcode sent by SMS is offered as second factor.",
		advice: " It needs the organization's SMS sender (`asgardeo_sms_sender`).",
	},
	portal.TOTP: {text: "Whether the passcode of an authenticator app (TOTP) is offered as second factor."},
	portal.TOTPEnrollment: {
		text: "Whether users may enroll an authenticator app during login (TOTP progressive enrollment).",
		advice: " Needs `totp_enabled`. It overrides the organization's own setting for TOTP, which decides if this " +
			"argument is left out.",
	},
	portal.BackupCodes: {
		text:   "Whether users may sign in with backup codes.",
		advice: " Needs at least one of the second factors.",
	},
}
