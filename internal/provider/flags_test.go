package provider_test

import (
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// TestEverySettingIsEverywhere compares the list of the settings with the schema of what manages and shows them, and
// with what the tests know of them.
func TestEverySettingIsEverywhere(t *testing.T) {
	t.Parallel()
	described := map[string]bool{} // the attributes
	p := providertest.NewProcess(t)
	var shown []string
	for _, typeName := range []string{portalType, twoFactorType} {
		for _, attribute := range switches(p.Schemas.ResourceSchemas[typeName]) {
			if described[attribute.Name] || attribute.Description == "" {
				t.Errorf("%s is described twice, or not at all", attribute.Name)
			}
			described[attribute.Name] = true
		}
		for _, attribute := range switches(p.Schemas.DataSourceSchemas[typeName]) {
			shown = append(shown, attribute.Name)
		}
	}
	wantSame(t, "settings of the portal", described, handover.NamesOf(portal.EverySetting()))
	wantSame(t, "flags in the tests", described, slices.Collect(maps.Keys(providertest.ClassicFlags)))
	wantSame(t, "switches in the resources", described, providertest.AllFlags())
	wantSame(t, "switches in the data sources", described, shown)
}

// switches are the attributes that are on or off.
func switches(of *tfprotov6.Schema) []*tfprotov6.SchemaAttribute {
	return slices.DeleteFunc(slices.Clone(of.Block.Attributes), func(attribute *tfprotov6.SchemaAttribute) bool {
		return !attribute.Type.Is(tftypes.Bool)
	})
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
		for _, setting := range portal.EverySetting() {
			w := providertest.NewWorkspaceIn(t, at)
			w.WithSender()
			typeName, config := twoFactorType, values{}
			if setting == portal.PortalEnabled {
				typeName = portalType
			}
			config[handover.NameOf(setting)] = setting != portal.PortalEnabled
			if setting != portal.PortalEnabled {
				for _, rule := range portal.Violations(alone(setting)) {
					config[handover.NameOf(rule.Needs[0])] = true
				}
			}
			w.Create(typeName, config)
			w.WantShown(config)
			shown, diags := w.Start().Read(typeName, values{})
			providertest.WantNoDiagnostics(t, diags)
			for _, name := range handover.NamesOf(portal.EverySetting()) {
				if value, known := shown[name].(bool); known && value != (config[name] == true) {
					t.Errorf("with %v, %s is shown as %t", config, name, value)
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
		for _, name := range []string{known.Authenticator, known.StoredAt.Object + ": " + known.StoredAt.Key} {
			if !strings.Contains(string(page), name) {
				t.Errorf("the page does not show %s", name)
			}
		}
	}
}

// alone has one setting on and all others off.
func alone(on portal.Setting) map[portal.Setting]bool {
	all := map[portal.Setting]bool{}
	for _, setting := range portal.EverySetting() {
		all[setting] = setting == on
	}
	return all
}
