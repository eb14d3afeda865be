package settings

import (
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// TwoFactor is the second factors of an organization's portal, and what goes with them.
var TwoFactor = &Kind{
	TypeName:  "asgardeo_my_account_two_factor",
	thing:     "two-factor settings",
	settings:  portal.TwoFactor(),
	hasSender: true,
	defaults:  "everything is off, and in the application the organization's own setting for TOTP enrollment holds",

	resourceDescription: "Manages two-factor authentication (2FA, also called MFA) of an organization's My Account " +
		"portal: email OTP, SMS OTP, TOTP, TOTP enrollment during login, and backup codes. The settings exist in every " +
		"organization, so the resource takes them over. It manages those that the configuration declares, and only " +
		"those: a setting that is left out is not kept in the state and not changed. At least one must be declared.",
	dataDescription: "Reads the two-factor settings (2FA, MFA) of an organization's My Account portal: email OTP, SMS OTP, TOTP, TOTP enrollment, and backup codes.",
}
