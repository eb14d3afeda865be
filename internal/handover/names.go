package handover

import "github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"

// WholeFlow stands for the login flow as a whole, of which the settings of two-factor authentication are a part. A
// resource can have it like a setting.
const WholeFlow asgardeo.Setting = "login flow"

// names are what users write for settings. A record keeps the settings under these names, too.
var names = map[asgardeo.Setting]string{
	asgardeo.PortalEnabled:  "enabled",
	asgardeo.EmailOTP:       "email_otp_enabled",
	asgardeo.SMSOTP:         "sms_otp_enabled",
	asgardeo.TOTP:           "totp_enabled",
	asgardeo.TOTPEnrollment: "totp_enrollment_enabled",
	asgardeo.BackupCodes:    "backup_codes_enabled",
	WholeFlow:               "login_flow",
}

// NameOf is what users write for a setting.
func NameOf(setting asgardeo.Setting) string {
	return names[setting]
}

// NamesOf is what users write for settings.
func NamesOf(settings []asgardeo.Setting) []string {
	all := make([]string, len(settings))
	for i, setting := range settings {
		all[i] = NameOf(setting)
	}
	return all
}

// InOrder lists the settings of the portal in the Console's order, which is that of messages.
func InOrder() []asgardeo.Setting {
	return append([]asgardeo.Setting{asgardeo.PortalEnabled}, asgardeo.TwoFactor()...)
}
