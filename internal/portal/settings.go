// Package portal is what My Account is: its settings, the rules of the product between them, and the login flow that
// holds the second factors. It has values and no calls.
package portal

import "slices"

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

// Passcodes lists the factors that ask for a passcode, which backup codes can stand in for.
func Passcodes() []Setting {
	return []Setting{EmailOTP, SMSOTP, TOTP}
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

// Rule is what a setting needs while it is on: that at least one of others is, too. The Console cannot break it, and
// puts it right on its next save; the server itself checks nothing.
type Rule struct {
	Setting Setting
	Needs   []Setting
}

// Concerns reports whether the rule is about the setting, or about what it needs.
func (r Rule) Concerns(setting Setting) bool {
	return r.Setting == setting || slices.Contains(r.Needs, setting)
}

// rules are those of the product. SMS OTP's need of an SMS sender is not among them, since a sender is no setting of
// the portal.
var rules = []Rule{
	{TOTPEnrollment, []Setting{TOTP}},
	{BackupCodes, Passcodes()},
}

// Violations returns the rules of the product that values break. A setting that is missing from values is unknown, and
// a rule that depends on it is not judged.
func Violations(values map[Setting]bool) []Rule {
	mayBeOn := func(setting Setting) bool {
		on, known := values[setting]
		return on || !known
	}
	var broken []Rule
	for _, rule := range rules {
		if values[rule.Setting] && !slices.ContainsFunc(rule.Needs, mayBeOn) {
			broken = append(broken, rule)
		}
	}
	return broken
}

// WithRelated adds to settings those that rules of the product connect with them.
func WithRelated(settings []Setting) []Setting {
	all := slices.Clone(settings)
	for _, rule := range rules {
		if slices.ContainsFunc(settings, rule.Concerns) {
			all = append(append(all, rule.Setting), rule.Needs...)
		}
	}
	return all
}

// UnreadRelated lists the settings that were not read, although a change has to be judged with them: what a setting
// needs that goes on, and what needs one that goes off.
func UnreadRelated(change, live Settings) []Setting {
	var related []Setting
	for setting, value := range change {
		if current, read := live[setting]; !read || current == value {
			continue
		}
		for _, rule := range rules {
			switch {
			case value == On && rule.Setting == setting:
				related = append(related, rule.Needs...)
			case value != On && slices.Contains(rule.Needs, setting):
				related = append(related, rule.Setting)
			}
		}
	}
	return slices.DeleteFunc(related, func(setting Setting) bool { _, read := live[setting]; return read })
}
