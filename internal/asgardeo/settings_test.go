package asgardeo

import (
	"maps"
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

// TestEverySettingHasItsPlaces: in the classic store each has an attribute of its own. Where nobody chose anything, the
// portal is on and the rest is off.
func TestEverySettingHasItsPlaces(t *testing.T) {
	t.Parallel()
	attributes := map[location]Setting{}
	for _, setting := range everySetting() {
		at, ok := locations[setting]
		if other := attributes[at]; !ok || other != "" {
			t.Errorf("%s has no attribute of its own: %v is that of %q", setting, at, other)
		}
		attributes[at] = setting
		classic := (&MyAccount{api: ClassicAPI}).Initial(setting)
		application := (&MyAccount{api: ApplicationAPI}).Initial(setting)
		want := ValueOf(setting == PortalEnabled)
		if classic != want || application != want && setting != TOTPEnrollment {
			t.Errorf("where nobody chose anything, %s is %v and %v", setting, classic, application)
		}
	}
	if len(locations) != len(everySetting()) {
		t.Errorf("%d settings, %d attributes", len(everySetting()), len(locations))
	}
}
