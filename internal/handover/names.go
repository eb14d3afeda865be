package handover

import (
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// WholeFlow stands for the login flow as a whole, of which the settings of two-factor authentication are a part. A
// resource can have it like a setting.
const WholeFlow portal.Setting = "login flow"

// names are what users write for settings. A record keeps the settings under these names, too.
var names = map[portal.Setting]string{
	portal.PortalEnabled:  "enabled",
	portal.EmailOTP:       "email_otp_enabled",
	portal.SMSOTP:         "sms_otp_enabled",
	portal.TOTP:           "totp_enabled",
	portal.TOTPEnrollment: "totp_enrollment_enabled",
	portal.BackupCodes:    "backup_codes_enabled",
	WholeFlow:             "login_flow",
}

// NameOf is what users write for a setting.
func NameOf(setting portal.Setting) string {
	return names[setting]
}

// NamesOf is what users write for settings.
func NamesOf(settings []portal.Setting) []string {
	all := make([]string, len(settings))
	for i, setting := range settings {
		all[i] = NameOf(setting)
	}
	return all
}
