package session_test

import (
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// TestOrganizationOfAForgedState: a name that no configuration could have reaches no server.
func TestOrganizationOfAForgedState(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	o := w.Create(portalType, values{"enabled": true}) // the control: a good one does
	w.Calls()
	for _, name := range []string{"../../t/victim", "bifrost?x=", "bifrost/api", "Bifrost", ""} {
		o.State["organization"] = name
		diags := w.Start().Refresh(o)
		if len(diags.Errors()) != 1 {
			t.Errorf("%q: %s", name, diags)
		}
		w.WantCalls()
		if o.State == nil {
			t.Fatalf("%q: the state is gone", name)
		}
	}
}
