package handover

import (
	"maps"
	"slices"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// Declared holds the settings that a configuration, a plan or a state declares, and no others: these are neither kept
// nor written. The value of a setting is [portal.Unknown] until the apply tells it.
type Declared map[portal.Setting]portal.Value

// Has reports whether a setting is declared, be its value known or not.
func (d Declared) Has(setting portal.Setting) bool {
	_, declared := d[setting]
	return declared
}

// Settings lists what is declared, in the Console's order.
func (d Declared) Settings() []portal.Setting {
	return slices.DeleteFunc(portal.EverySetting(), func(setting portal.Setting) bool { return !d.Has(setting) })
}

// Values are the declared values that are known.
func (d Declared) Values() portal.Settings {
	values := portal.Settings{}
	for setting, value := range d {
		if value != portal.Unknown {
			values[setting] = value
		}
	}
	return values
}

// ValuesRead are the known values of settings that were read.
func (d Declared) ValuesRead(live portal.Settings) portal.Settings {
	values := d.Values()
	maps.DeleteFunc(values, func(setting portal.Setting, _ portal.Value) bool {
		return live[setting] == portal.Unknown
	})
	return values
}

// Refreshed is what is declared, with the values that were read. A setting without a value of its own is no longer
// declared.
func (d Declared) Refreshed(live portal.Settings) Declared {
	refreshed := Declared{}
	for setting, value := range d {
		if now := live[setting]; now != portal.Unknown {
			value = now
		}
		if value != portal.NotSet {
			refreshed[setting] = value
		}
	}
	return refreshed
}

// Changing lists the declared settings that did not have this value in the prior state, or have another one now.
func (d Declared) Changing(prior Declared, live portal.Settings) []portal.Setting {
	return slices.DeleteFunc(d.Settings(), func(setting portal.Setting) bool {
		now := live[setting]
		stays := now == portal.Unknown || now == d[setting]
		return prior.Has(setting) && prior[setting] == d[setting] && stays
	})
}

// Effective are the values that will be in effect, as far as that is known: the declared ones, and the live ones of the
// other settings.
func (d Declared) Effective(live portal.Settings) portal.Settings {
	values := d.Values()
	for setting, value := range live {
		if !d.Has(setting) {
			values[setting] = value
		}
	}
	return values
}

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
