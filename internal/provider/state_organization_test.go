package provider

import "testing"

// TestOrganizationOfAForgedState: a name that no configuration could have reaches no server.
func TestOrganizationOfAForgedState(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	o := w.create(portal, values{"enabled": true}) // the control: a good one does
	w.calls()
	for _, name := range []string{"../../t/victim", "bifrost?x=", "bifrost/api", "Bifrost", ""} {
		o.state["organization"] = name
		diags := w.start().refresh(o)
		if len(diags.errors()) != 1 {
			t.Errorf("%q: %s", name, diags)
		}
		w.wantCalls()
		if o.state == nil {
			t.Fatalf("%q: the state is gone", name)
		}
	}
}
