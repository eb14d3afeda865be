package asgardeo

import "slices"

// Setting is one on/off setting of the My Account portal. Its text is the name that people know it by.
type Setting string

// The settings of the portal. Each has a value at all times: where nothing is stored, its default holds.
const (
	PortalEnabled  Setting = "My Account portal"
	EmailOTP       Setting = "email OTP"
	SMSOTP         Setting = "SMS OTP"
	TOTP           Setting = "TOTP"
	TOTPEnrollment Setting = "TOTP enrollment during login"
	BackupCodes    Setting = "backup codes"
)

// TwoFactor lists the settings of two-factor authentication in the portal, in the Console's order.
func TwoFactor() []Setting {
	return []Setting{EmailOTP, SMSOTP, TOTP, TOTPEnrollment, BackupCodes}
}

// Value is what a setting is in an organization.
type Value struct {
	// On is the value in effect.
	On bool
	// Stored is false where the organization holds no value of its own and On is therefore the default.
	Stored bool
}

// Settings holds the value of each setting that was read.
type Settings map[Setting]Value

// Default returns the value in effect where nothing is stored: the portal is on, everything else is off.
func (s Setting) Default() bool {
	return s == PortalEnabled
}

// location says where the server keeps a setting: an attribute of a stored object of type "myaccount".
type location struct {
	object    string
	attribute string
}

const (
	statusObject     = "status"
	twoFactorObject  = "myaccount-2FA-config"
	enrollmentObject = "myaccount-TOTP-config"
)

var locations = map[Setting]location{
	PortalEnabled:  {statusObject, "enable"},
	EmailOTP:       {twoFactorObject, "email_otp_enabled"},
	SMSOTP:         {twoFactorObject, "sms_otp_enabled"},
	TOTP:           {twoFactorObject, "totp_enabled"},
	BackupCodes:    {twoFactorObject, "backup_code_enabled"},
	TOTPEnrollment: {enrollmentObject, "enrolUserInAuthenticationFlow"},
}

// objectsOf returns the names of the stored objects that hold the settings, each once, in the order in which
// writes that switch things on go out: factors come before what depends on them.
func objectsOf(settings []Setting) []string {
	var names []string
	for _, name := range []string{statusObject, twoFactorObject, enrollmentObject} {
		if slices.ContainsFunc(settings, func(s Setting) bool { return locations[s].object == name }) {
			names = append(names, name)
		}
	}
	return names
}

// settingsOf returns the settings that a stored object holds, in the Console's order.
func settingsOf(object string) []Setting {
	var settings []Setting
	for _, setting := range append([]Setting{PortalEnabled}, TwoFactor()...) {
		if locations[setting].object == object {
			settings = append(settings, setting)
		}
	}
	return settings
}
