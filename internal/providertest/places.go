package providertest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// The provider keeps the same settings in one of two places. What a test has to know of a place is behind one
// interface; everything else that a test says holds in both. None of this is shared with the provider or its client.

// Place is where an installation keeps the settings.
type Place interface {
	fmt.Stringer // as my_account_api says it

	// Read returns what an administrator sees in the Console.
	Read(*mockserver.Organization) Live
	// Shown is what an import, a data source and a takeover show of it.
	Shown(Live) Live
	// Showing is the same of flags, where null is left out.
	Showing(Values) Values
	// Set is what somebody does in the Console. Each group that one of the flags belongs to becomes what is given, and
	// the rest of the group what it is where nobody chose anything. With "others", members of others are there, too. A
	// text instead of true or false is stored as it is where texts are stored.
	Set(*mockserver.Organization, Values)
	// Edit is what somebody does in the sequences of the model.
	Edit(*mockserver.Organization, Edit)
	// Custom reports that the second factors are part of something that only a person can decide about.
	Custom(*mockserver.Organization) bool
	// want compares an organization with what set makes of the flags where nobody chose anything before.
	want(t Tester, organization string, got *mockserver.Organization, flags Values)

	// Document names what is read and written at once with a flag.
	Document(flag string) string
	// Written names the document that a request changed, and nothing if that is none.
	Written(mockserver.Request) string
	// Judge insists that a write of flags has changed nothing but them.
	Judge(t Tester, where string, before, after *mockserver.Organization, written map[string]bool)

	// Look lists the calls of a process that looks at flags for the first time, lookAgain those of one that knows the
	// way, and change those that change flags once they were looked at.
	Look(flags ...string) []string
	LookAgain(flags ...string) []string
	Change(flags ...string) []string
	// WritesOf names the documents that a change of flags writes, those first that must be on before the others.
	WritesOf(flags ...string) []string
	// Reads and writes match the calls that look at the settings and those that change them.
	Reads(organization string) mockserver.Match
	Writes(organization string) mockserver.Match
	// Refusal is the code with which the server refuses a change that it does not understand.
	Refusal() string
	// Scopes names what reading and changing take, and the API under which the Console grants it.
	Scopes() (view, update, api string)
	// Remove makes the server one that has no such settings.
	Remove(*mockserver.Organization)
	// Misfortune turns a fault of the classic calls into one of the calls that do the same here.
	Misfortune(Hitch) Hitch
}

// AllPlaces has the one first that people have without asking for it.
var AllPlaces = []Place{ApplicationPlace{}, ClassicPlace{}}

// InBothPlaces runs a test for each place of the settings.
func InBothPlaces(t *testing.T, test func(t *testing.T, at Place)) {
	t.Helper()
	for _, p := range AllPlaces {
		t.Run(p.String(), func(t *testing.T) {
			t.Parallel()
			test(t, p)
		})
	}
}

// Sight is what somebody sees of a flag.
type Sight string

const (
	SeenOn     Sight = "true"
	SeenOff    Sight = "false"
	SeenNotSet Sight = "not set" // something wider than My Account decides
)

func SightOf(on bool) Sight {
	if on {
		return SeenOn
	}
	return SeenOff
}

// Alike takes what is not set for off. The classic place knows no difference.
func (s Sight) Alike(other Sight) bool {
	return (s == SeenOn) == (other == SeenOn)
}

// Equals compares with the value of an attribute, which is null where something is not set.
func (s Sight) Equals(value any) bool {
	return value == nil && s == SeenNotSet || value == (s == SeenOn) && s != SeenNotSet
}

// Live is what an organization has now.
type Live map[string]Sight

func (l Live) On(flag string) bool { return l[flag] == SeenOn }

// FlagsOfType lists the flags of each resource: the schema has nothing else that is on or off.
var FlagsOfType = sync.OnceValue(func() map[string][]string {
	flags := map[string][]string{}
	for _, typeName := range []string{Portal, TwoFactor} {
		for _, attribute := range schemaOf(typeName) {
			if attribute.Type.Is(tftypes.Bool) {
				flags[typeName] = append(flags[typeName], attribute.Name)
			}
		}
		slices.Sort(flags[typeName])
	}
	return flags
})

func AllFlags() []string { return slices.Concat(FlagsOfType()[Portal], FlagsOfType()[TwoFactor]) }

// groupsOf returns the groups that given flags belong to.
func groupsOf(flags Values) [][]string {
	return slices.DeleteFunc(slices.Clone(flagGroups), func(group []string) bool {
		return !slices.ContainsFunc(group, func(flag string) bool { return flags[flag] != nil })
	})
}

// NewWorkspaceIn has a mock server that nobody has touched yet, with the organization "bifrost".
func NewWorkspaceIn(t Tester, p Place, options ...mockserver.Option) *Workspace {
	t.Helper()
	w := NewWorkspace(t, options...)
	w.Place = p
	w.Provider["my_account_api"] = p.String()
	return w
}

// Sets is what somebody does in the Console of "bifrost": see place.set.
func (w *Workspace) Sets(flags Values) {
	w.SetsIn("bifrost", flags)
}

func (w *Workspace) SetsIn(organization string, flags Values) {
	w.Mock.Update(func(state *mockserver.State) { w.Place.Set(state.Organizations[organization], flags) })
}

// Wants insists that "bifrost" has these flags, and nothing else that anybody chose.
func (w *Workspace) Wants(flags Values) {
	w.T.Helper()
	w.WantsIn("bifrost", flags)
}

func (w *Workspace) WantsIn(organization string, flags Values) {
	w.T.Helper()
	w.Place.want(w.T, organization, w.Mock.State().Organizations[organization], flags)
}

// Sees insists on what the Console shows of some flags, whatever the others are.
func (w *Workspace) Sees(flags Values) {
	w.T.Helper()
	got := w.Place.Read(w.Mock.State().Organizations["bifrost"])
	for flag, on := range flags {
		if !got[flag].Alike(SightOf(on == true)) {
			w.T.Errorf("%s is %s, want %v", flag, got[flag], on)
		}
	}
}

// Kept returns everything that the organization "bifrost" has, to compare it with later.
func (w *Workspace) Kept() *mockserver.Organization {
	return w.Mock.State().Organizations["bifrost"]
}

// WantKept insists that nothing was changed since.
func (w *Workspace) WantKept(before *mockserver.Organization) {
	w.T.Helper()
	if diff := cmp.Diff(before, w.Kept()); diff != "" {
		w.T.Errorf("the server was changed (- before, + after):\n%s", diff)
	}
}

// Refuses makes the server refuse changes of the settings for good, after it has let some pass. It does not look like a
// fault that is worth another try.
func (w *Workspace) Refuses(after int) {
	match := w.Place.Writes("bifrost")
	if after > 0 {
		w.Mock.AddFault(mockserver.Fault{Match: match, Times: after, Action: mockserver.ActionLatency, LatencyMS: 1})
	}
	w.Mock.AddFault(mockserver.Fault{
		Match: match, Times: -1, Action: mockserver.ActionStatus, Status: http.StatusBadRequest,
		Body: fmt.Sprintf(`{"code":%q,"message":"Bad Request","description":"Invalid request."}`, w.Place.Refusal()),
	})
}

// BesidesSignOut leaves out the warning that goes with every switch from on to off of the application. The model and
// the checks of the application insist on it.
func BesidesSignOut(diags Diagnostics) Diagnostics {
	return slices.DeleteFunc(slices.Clone(diags), func(one *tfprotov6.Diagnostic) bool {
		return strings.HasPrefix(one.Summary, "Switching off the My Account portal of ")
	})
}

// With returns a copy with other values.
func (l Live) With(changed Live) Live {
	merged := maps.Clone(l)
	maps.Copy(merged, changed)
	return merged
}
