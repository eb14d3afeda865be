package providertest

import (
	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// SetsIn is Sets for another organization.
func (w *Workspace) SetsIn(organization string, flags Values) {
	w.Mock.Update(func(state *mockserver.State) { w.Place.Set(state.Organizations[organization], flags) })
}

// Sets is what somebody does in the Console of "bifrost": see Place.Set.
func (w *Workspace) Sets(flags Values) {
	w.SetsIn("bifrost", flags)
}

// WantsIn is Wants for another organization.
func (w *Workspace) WantsIn(organization string, flags Values) {
	w.T.Helper()
	w.Place.want(w.T, organization, w.Mock.State().Organizations[organization], flags)
}

// Wants insists that "bifrost" has these flags, and nothing else that anybody chose.
func (w *Workspace) Wants(flags Values) {
	w.T.Helper()
	w.WantsIn("bifrost", flags)
}

// WantShown insists on what the Console shows of some flags, whatever the others are.
func (w *Workspace) WantShown(flags Values) {
	w.T.Helper()
	got := w.Place.Read(w.Mock.State().Organizations["bifrost"])
	for flag, on := range flags {
		if !got[flag].Alike(FlagStateOf(on == true)) {
			w.T.Errorf("%s is %s, want %v", flag, got[flag], on)
		}
	}
}

// Organization returns everything that the organization "bifrost" has, to look at it or to compare it with later.
func (w *Workspace) Organization() *mockserver.Organization {
	return w.Mock.State().Organizations["bifrost"]
}

// WantOrganization insists that the organization "bifrost" is as it was before.
func (w *Workspace) WantOrganization(before *mockserver.Organization) {
	w.T.Helper()
	if diff := cmp.Diff(before, w.Organization()); diff != "" {
		w.T.Errorf("the server was changed (- before, + after):\n%s", diff)
	}
}

// WantUnchanged insists that the whole server is as it was before.
func (w *Workspace) WantUnchanged(before mockserver.State) {
	w.T.Helper()
	if after := w.Mock.State(); !Same(before, after) {
		w.T.Errorf("the server was changed from %v to %v", before, after)
	}
}

// Attributes are the content of an object in the store of the classic place.
type Attributes = mockserver.Attributes

// Stored are the objects in the store of the classic place, by their names.
type Stored = map[string]Attributes

// Console changes the objects of "bifrost" as somebody in the Console would: nil attributes remove an object.
func (w *Workspace) Console(changes Stored) {
	w.Mock.Update(func(state *mockserver.State) {
		objects := state.Organizations["bifrost"].MyAccount
		for name, changed := range changes {
			if changed == nil {
				delete(objects, name)
				continue
			}
			objects[name] = changed
		}
	})
}

// WantStored compares what the server stores of "bifrost".
func (w *Workspace) WantStored(want Stored) {
	w.T.Helper()
	if diff := cmp.Diff(want, w.Mock.State().Organizations["bifrost"].MyAccount); diff != "" {
		w.T.Errorf("the server's state differs (- want, + got):\n%s", diff)
	}
}
