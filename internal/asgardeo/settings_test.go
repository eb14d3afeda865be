package asgardeo

import (
	"maps"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// The settings are listed once, in TwoFactor. Tests that need all of them get them from here.

// everySetting is the portal and its two-factor settings.
func everySetting() []portal.Setting {
	return append([]portal.Setting{portal.PortalEnabled}, portal.TwoFactor()...)
}

// settingsWith returns every setting, off but for those that are given.
func settingsWith(given portal.Settings) portal.Settings {
	settings := portal.Settings{}
	for _, setting := range everySetting() {
		settings[setting] = portal.Off
	}
	maps.Copy(settings, given)
	return settings
}

// storedWith returns the settings that an object of the classic store holds, off but for those that are given.
func storedWith(object string, given portal.Settings) portal.Settings {
	settings := settingsWith(given)
	maps.DeleteFunc(
		settings,
		func(setting portal.Setting, _ portal.Value) bool { return locations[setting].object != object },
	)
	return settings
}

// TestEverySettingHasItsPlaces: in the classic store each has an attribute of its own. Where nobody chose anything, the
// portal is on and the rest is off.
func TestEverySettingHasItsPlaces(t *testing.T) {
	t.Parallel()
	attributes := map[location]portal.Setting{}
	for _, setting := range everySetting() {
		at, ok := locations[setting]
		if other := attributes[at]; !ok || other != "" {
			t.Errorf("%s has no attribute of its own: %v is that of %q", setting, at, other)
		}
		attributes[at] = setting
		classic := (&MyAccount{API: portal.ClassicAPI}).Initial(setting)
		application := (&MyAccount{API: portal.ApplicationAPI}).Initial(setting)
		want := portal.ValueOf(setting == portal.PortalEnabled)
		if classic != want || application != want && setting != portal.TOTPEnrollment {
			t.Errorf("where nobody chose anything, %s is %v and %v", setting, classic, application)
		}
	}
	if len(locations) != len(everySetting()) {
		t.Errorf("%d settings, %d attributes", len(everySetting()), len(locations))
	}
}
