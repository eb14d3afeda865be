package provider_test

import (
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/settings"
)

// TestEverySettingIsEverywhere compares the provider's description of the settings, the client's list of them, the
// schema of what manages and shows them, and what the tests know of them.
func TestEverySettingIsEverywhere(t *testing.T) {
	t.Parallel()
	described := map[string]string{} // attribute -> type
	managed := map[portal.Setting]bool{}
	for _, kind := range []*settings.Kind{settings.Portal, settings.TwoFactor} {
		for _, attribute := range kind.AttributesOf() {
			if described[attribute.Name()] != "" || managed[attribute.Setting] || attribute.Description == "" {
				t.Errorf("%s is described twice, or not at all", attribute.Name())
			}
			described[attribute.Name()], managed[attribute.Setting] = kind.TypeName, true
		}
	}
	if len(described) != len(settings.Attributes) {
		t.Errorf("%d settings are described, but %d are managed", len(settings.Attributes), len(described))
	}
	wantSame(t, "settings of the client", managed, append(portal.TwoFactor(), portal.PortalEnabled))
	wantSame(t, "flags in the tests", described, slices.Collect(maps.Keys(providertest.ClassicFlags)))
	wantSame(t, "switches in the resources", described, providertest.AllFlags())
	p := providertest.NewProcess(t)
	var shown []string
	for _, typeName := range []string{portalType, twoFactorType} {
		for _, attribute := range p.Schemas.DataSourceSchemas[typeName].Block.Attributes {
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
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for _, attribute := range settings.Attributes {
			w := providertest.NewWorkspaceIn(t, at)
			w.WithSender()
			typeName, config := twoFactorType, values{}
			if attribute.Setting == portal.PortalEnabled {
				typeName = portalType
			}
			config[attribute.Name()] = attribute.Setting != portal.PortalEnabled
			if config[attribute.Name()] == true {
				for _, violation := range portal.Violations(alone(attribute.Setting)) {
					config[handover.NameOf(violation.Needs[0])] = true
				}
			}
			w.Create(typeName, config)
			w.Sees(config)
			shown, diags := w.Start().Read(typeName, values{})
			providertest.WantNoDiagnostics(t, diags)
			for _, other := range settings.Attributes {
				if value, known := shown[other.Name()].(bool); known && value != (config[other.Name()] == true) {
					t.Errorf("with %v, %s is shown as %t", config, other.Name(), value)
				}
			}
		}
	})
}

// TestTheMockKnowsEverySetting: its page for administrators shows each, in both places.
func TestTheMockKnowsEverySetting(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t, mockserver.WithPages())
	w.Console(providertest.Stored{
		providertest.StatusObject: {"enable": "false"}, providertest.TwoFactorObject: providertest.StoredFactors("true"),
		providertest.EnrollmentObject: {"enrolUserInAuthenticationFlow": "true"},
	})
	address := w.Mock.URL() + "/?organization=bifrost"
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	providertest.Must(t, err)
	answer, err := http.DefaultTransport.RoundTrip(request)
	providertest.Must(t, err)
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	providertest.Must(t, err)
	for _, known := range providertest.KnownFlags {
		for _, name := range []string{known.Authenticator, known.Stands.Object + ": " + known.Stands.Key} {
			if !strings.Contains(string(page), name) {
				t.Errorf("the page does not show %s", name)
			}
		}
	}
}

// alone has one setting on and all others off.
func alone(on portal.Setting) map[portal.Setting]bool {
	all := map[portal.Setting]bool{}
	for _, attribute := range settings.Attributes {
		all[attribute.Setting] = attribute.Setting == on
	}
	return all
}
