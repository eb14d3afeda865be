// Package portal is what My Account is: its settings, the rules of the product between them, and the login flow that
// holds the second factors. It has values and no calls.
package portal

// Setting is one on/off setting of the My Account portal. Its text is the name that people know it by.
type Setting string

// The settings of the portal.
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

// EverySetting lists all settings, in the Console's order.
func EverySetting() []Setting {
	return append([]Setting{PortalEnabled}, TwoFactor()...)
}

// Value is what a setting is in an organization. The zero value is none: the setting was not read.
type Value int

// The values of a setting.
const (
	Unknown Value = iota // was not read
	Off
	On
	NotSet // has no value of its own: something wider than My Account decides
)

// ValueOf returns On or Off.
func ValueOf(on bool) Value {
	if on {
		return On
	}
	return Off
}

// Bool returns whether a setting is on, and whether that can be told.
func (v Value) Bool() (on, known bool) {
	return v == On, v == On || v == Off
}

// Settings holds the value of each setting that was read.
type Settings map[Setting]Value

// Known returns the values that are on or off.
func (s Settings) Known() map[Setting]bool {
	known := map[Setting]bool{}
	for setting, value := range s {
		if on, ok := value.Bool(); ok {
			known[setting] = on
		}
	}
	return known
}

// API says where an installation keeps the settings of the portal.
type API string

// The places of the settings.
const (
	// ApplicationAPI keeps them in the application "My Account": in its switch and in its login flow.
	ApplicationAPI API = "application"
	// ClassicAPI keeps them in the server's generic configuration store, which the Console used until 2024.
	ClassicAPI API = "classic"
)

// APIs lists the places, the usual one first.
func APIs() []API {
	return []API{ApplicationAPI, ClassicAPI}
}
