package provider

import (
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// knownFlag is a setting as the tests know it, in both places. Only this table names all settings; it shares nothing
// with the provider and its client, so that it finds their mistakes.
type knownFlag struct {
	flag          string
	authenticator string // the option in the login flow; none: it is something else there
	stands        stands
	standsIn      bool // it is of no use without another factor
}

// knownFlags are in the order of the Console's templates for login flows.
var knownFlags = []knownFlag{
	{flag: "enabled", stands: stands{statusObject, "enable"}},
	{flag: "totp_enabled", authenticator: "totp", stands: stands{twoFactorObject, "totp_enabled"}},
	{
		flag: "email_otp_enabled", authenticator: "email-otp-authenticator",
		stands: stands{twoFactorObject, "email_otp_enabled"},
	},
	{flag: "sms_otp_enabled", authenticator: "sms-otp-authenticator", stands: stands{twoFactorObject, "sms_otp_enabled"}},
	{
		flag: "backup_codes_enabled", authenticator: "backup-code-authenticator",
		stands: stands{twoFactorObject, "backup_code_enabled"}, standsIn: true,
	},
	{flag: "totp_enrollment_enabled", stands: stands{enrollmentObject, "enrolUserInAuthenticationFlow"}},
}

// authenticatorFlags are the flags that are options in the login flow.
var authenticatorFlags = slices.DeleteFunc(slices.Clone(knownFlags), func(known knownFlag) bool {
	return known.authenticator == ""
})

// passcodeFlags are the factors that backup codes stand in for.
var passcodeFlags = flagsWhere(func(known knownFlag) bool { return known.authenticator != "" && !known.standsIn })

// classicFlags say where the store of the classic place has each flag.
var classicFlags = func() map[string]stands {
	flags := map[string]stands{}
	for _, known := range knownFlags {
		flags[known.flag] = known.stands
	}
	return flags
}()

// flagGroups are what the Console saves together.
var flagGroups = func() [][]string {
	var groups [][]string
	for _, object := range []string{statusObject, twoFactorObject, enrollmentObject} {
		groups = append(groups, flagsWhere(func(known knownFlag) bool { return known.stands.object == object }))
	}
	return groups
}()

func flagsWhere(holds func(knownFlag) bool) []string {
	var flags []string
	for _, known := range knownFlags {
		if holds(known) {
			flags = append(flags, known.flag)
		}
	}
	return flags
}

// factorsWith returns all two-factor flags, off but for those that are given.
func factorsWith(given values) values {
	all := values{}
	for _, known := range knownFlags[1:] {
		all[known.flag] = false
	}
	return all.with(given)
}

// everyFactor returns all two-factor flags.
func everyFactor(on bool) values {
	all := factorsWith(nil)
	for flag := range all {
		all[flag] = on
	}
	return all
}

// storedFactors returns the object of the classic place with all second factors, as text.
func storedFactors(text any) attributes {
	object := attributes{}
	for _, known := range authenticatorFlags {
		object[known.stands.key] = text
	}
	return object
}

// TestEverySettingIsEverywhere compares the provider's description of the settings, the client's list of them, the
// schema of what manages and shows them, and what the tests know of them.
func TestEverySettingIsEverywhere(t *testing.T) {
	t.Parallel()
	described := map[string]string{} // attribute -> type
	settings := map[asgardeo.Setting]bool{}
	for _, kind := range []*settingsKind{myAccountPortal, myAccountTwoFactor} {
		for _, attribute := range kind.attributes() {
			if described[attribute.name()] != "" || settings[attribute.setting] || attribute.description == "" {
				t.Errorf("%s is described twice, or not at all", attribute.name())
			}
			described[attribute.name()], settings[attribute.setting] = kind.typeName, true
		}
	}
	if len(described) != len(settingAttributes) {
		t.Errorf("%d settings are described, but %d are managed", len(settingAttributes), len(described))
	}
	wantSame(t, "settings of the client", settings, append(asgardeo.TwoFactor(), asgardeo.PortalEnabled))
	wantSame(t, "flags in the tests", described, slices.Collect(maps.Keys(classicFlags)))
	wantSame(t, "switches in the resources", described, allFlags())
	p := newProcess(t)
	var shown []string
	for _, typeName := range []string{portal, twoFactor} {
		for _, attribute := range p.schemas.DataSourceSchemas[typeName].Block.Attributes {
			if attribute.Type.Is(tftypes.Bool) {
				shown = append(shown, attribute.Name)
			}
		}
	}
	wantSame(t, "switches in the data sources", described, shown)
}

// wantSame insists that a list has exactly the keys of a map.
func wantSame[K comparable, V any](t *testing.T, what string, want map[K]V, got []K) {
	t.Helper()
	for _, one := range got {
		if _, ok := want[one]; !ok {
			t.Errorf("%s: %v is described nowhere", what, one)
		}
	}
	for one := range want {
		if !slices.Contains(got, one) {
			t.Errorf("%s: %v is missing", what, one)
		}
	}
	if len(got) < 5 { // control
		t.Errorf("%s: only %v", what, got)
	}
}

// TestEverySettingReachesTheServer switches each setting in each place, and looks at the server and at the data source.
func TestEverySettingReachesTheServer(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for _, attribute := range settingAttributes {
			w := newWorkspaceIn(t, at)
			w.withSender()
			typeName, config := twoFactor, values{}
			if attribute.setting == asgardeo.PortalEnabled {
				typeName = portal
			}
			config[attribute.name()] = attribute.setting != asgardeo.PortalEnabled
			if config[attribute.name()] == true {
				for _, violation := range asgardeo.Violations(alone(attribute.setting)) {
					config[handover.NameOf(violation.Needs[0])] = true
				}
			}
			w.create(typeName, config)
			w.sees(config)
			shown, diags := w.start().read(typeName, values{})
			wantNoDiagnostics(t, diags)
			for _, other := range settingAttributes {
				if value, known := shown[other.name()].(bool); known && value != (config[other.name()] == true) {
					t.Errorf("with %v, %s is shown as %t", config, other.name(), value)
				}
			}
		}
	})
}

// TestTheMockKnowsEverySetting: its page for administrators shows each, in both places.
func TestTheMockKnowsEverySetting(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, mockserver.WithPages())
	w.console(stored{
		statusObject: {"enable": "false"}, twoFactorObject: storedFactors("true"),
		enrollmentObject: {"enrolUserInAuthenticationFlow": "true"},
	})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.mock.URL()+"/?organization=bifrost", nil)
	must(t, err)
	answer, err := http.DefaultTransport.RoundTrip(request)
	must(t, err)
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	must(t, err)
	for _, known := range knownFlags {
		for _, name := range []string{known.authenticator, known.stands.object + ": " + known.stands.key} {
			if !strings.Contains(string(page), name) {
				t.Errorf("the page does not show %s", name)
			}
		}
	}
}

// alone has one setting on and all others off.
func alone(on asgardeo.Setting) map[asgardeo.Setting]bool {
	all := map[asgardeo.Setting]bool{}
	for _, attribute := range settingAttributes {
		all[attribute.setting] = attribute.setting == on
	}
	return all
}
