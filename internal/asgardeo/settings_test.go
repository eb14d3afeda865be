package asgardeo

import (
	"maps"
	"slices"
	"testing"
)

// The settings are listed once, in TwoFactor. Tests that need all of them get them from here.

// everySetting is the portal and its two-factor settings.
func everySetting() []Setting {
	return append([]Setting{PortalEnabled}, TwoFactor()...)
}

// settingsWith returns every setting, off but for those that are given.
func settingsWith(given Settings) Settings {
	settings := Settings{}
	for _, setting := range everySetting() {
		settings[setting] = Off
	}
	maps.Copy(settings, given)
	return settings
}

// storedWith returns the settings that an object of the classic store holds, off but for those that are given.
func storedWith(object string, given Settings) Settings {
	settings := settingsWith(given)
	maps.DeleteFunc(settings, func(setting Setting, _ Value) bool { return locations[setting].object != object })
	return settings
}

// TestEverySettingHasItsPlaces: in the classic store each has an attribute of its own, and in the login flow an option
// of its own, but for the two that are none. Where nobody chose anything, the portal is on and the rest is off.
func TestEverySettingHasItsPlaces(t *testing.T) {
	t.Parallel()
	noOption := []Setting{PortalEnabled, TOTPEnrollment} // a switch of the application, and a parameter of the script
	attributes, options := map[location]Setting{}, map[string]Setting{}
	for _, factor := range secondFactors {
		if slices.Contains(noOption, factor.setting) || options[factor.authenticator] != "" {
			t.Errorf("%s cannot be the option %s", factor.setting, factor.authenticator)
		}
		options[factor.authenticator] = factor.setting
	}
	for _, setting := range everySetting() {
		at, ok := locations[setting]
		if other := attributes[at]; !ok || other != "" {
			t.Errorf("%s has no attribute of its own: %v is that of %q", setting, at, other)
		}
		attributes[at] = setting
		isOption := slices.Contains(slices.Collect(maps.Values(options)), setting)
		if isOption == slices.Contains(noOption, setting) {
			t.Errorf("%s is an option of a login flow: %t", setting, isOption)
		}
		classic := (&MyAccount{api: ClassicAPI}).Initial(setting)
		application := (&MyAccount{api: ApplicationAPI}).Initial(setting)
		want := ValueOf(setting == PortalEnabled)
		if classic != want || application != want && setting != TOTPEnrollment {
			t.Errorf("where nobody chose anything, %s is %v and %v", setting, classic, application)
		}
	}
	if len(locations) != len(everySetting()) || len(options)+len(noOption) != len(everySetting()) {
		t.Errorf("%d settings, %d attributes, %d options", len(everySetting()), len(locations), len(options))
	}
}
