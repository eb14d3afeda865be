package provider

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

// place is where an installation keeps the settings.
type place interface {
	fmt.Stringer // as my_account_api says it

	// read returns what an administrator sees in the Console.
	read(*mockserver.Organization) live
	// shown is what an import, a data source and a takeover show of it.
	shown(live) live
	// showing is the same of flags, where null is left out.
	showing(values) values
	// set is what somebody does in the Console. Each group that one of the flags belongs to becomes what is given, and
	// the rest of the group what it is where nobody chose anything. With "others", members of others are there, too. A
	// text instead of true or false is stored as it is where texts are stored.
	set(*mockserver.Organization, values)
	// edit is what somebody does in the sequences of the model.
	edit(*mockserver.Organization, edit)
	// custom reports that the second factors are part of something that only a person can decide about.
	custom(*mockserver.Organization) bool
	// want compares an organization with what set makes of the flags where nobody chose anything before.
	want(t tester, organization string, got *mockserver.Organization, flags values)

	// document names what is read and written at once with a flag.
	document(flag string) string
	// written names the document that a request changed, and nothing if that is none.
	written(mockserver.Request) string
	// judge insists that a write of flags has changed nothing but them.
	judge(t tester, where string, before, after *mockserver.Organization, written map[string]bool)

	// look lists the calls of a process that looks at flags for the first time, lookAgain those of one that knows the
	// way, and change those that change flags once they were looked at.
	look(flags ...string) []string
	lookAgain(flags ...string) []string
	change(flags ...string) []string
	// writesOf names the documents that a change of flags writes, those first that must be on before the others.
	writesOf(flags ...string) []string
	// reads and writes match the calls that look at the settings and those that change them.
	reads(organization string) mockserver.Match
	writes(organization string) mockserver.Match
	// refusal is the code with which the server refuses a change that it does not understand.
	refusal() string
	// scopes names what reading and changing take, and the API under which the Console grants it.
	scopes() (view, update, api string)
	// remove makes the server one that has no such settings.
	remove(*mockserver.Organization)
	// misfortune turns a fault of the classic calls into one of the calls that do the same here.
	misfortune(hitch) hitch
}

// allPlaces has the one first that people have without asking for it.
var allPlaces = []place{applicationPlace{}, classicPlace{}}

// inBothPlaces runs a test for each place of the settings.
func inBothPlaces(t *testing.T, test func(t *testing.T, at place)) {
	t.Helper()
	for _, p := range allPlaces {
		t.Run(p.String(), func(t *testing.T) {
			t.Parallel()
			test(t, p)
		})
	}
}

// sight is what somebody sees of a flag.
type sight string

const (
	seenOn     sight = "true"
	seenOff    sight = "false"
	seenNotSet sight = "not set" // something wider than My Account decides
)

func sightOf(on bool) sight {
	if on {
		return seenOn
	}
	return seenOff
}

// alike takes what is not set for off. The classic place knows no difference.
func (s sight) alike(other sight) bool {
	return (s == seenOn) == (other == seenOn)
}

// equals compares with the value of an attribute, which is null where something is not set.
func (s sight) equals(value any) bool {
	return value == nil && s == seenNotSet || value == (s == seenOn) && s != seenNotSet
}

// live is what an organization has now.
type live map[string]sight

func (l live) on(flag string) bool { return l[flag] == seenOn }

// flagsOfType lists the flags of each resource: the schema has nothing else that is on or off.
var flagsOfType = sync.OnceValue(func() map[string][]string {
	flags := map[string][]string{}
	for _, typeName := range []string{portal, twoFactor} {
		for _, attribute := range schemaOf(typeName) {
			if attribute.Type.Is(tftypes.Bool) {
				flags[typeName] = append(flags[typeName], attribute.Name)
			}
		}
		slices.Sort(flags[typeName])
	}
	return flags
})

func allFlags() []string { return slices.Concat(flagsOfType()[portal], flagsOfType()[twoFactor]) }

// groupsOf returns the groups that given flags belong to.
func groupsOf(flags values) [][]string {
	return slices.DeleteFunc(slices.Clone(flagGroups), func(group []string) bool {
		return !slices.ContainsFunc(group, func(flag string) bool { return flags[flag] != nil })
	})
}

// newWorkspaceIn has a mock server that nobody has touched yet, with the organization "bifrost".
func newWorkspaceIn(t tester, p place, options ...mockserver.Option) *workspace {
	t.Helper()
	w := newWorkspace(t, options...)
	w.place = p
	w.provider["my_account_api"] = p.String()
	return w
}

// sets is what somebody does in the Console of "bifrost": see place.set.
func (w *workspace) sets(flags values) {
	w.setsIn("bifrost", flags)
}

func (w *workspace) setsIn(organization string, flags values) {
	w.mock.Update(func(state *mockserver.State) { w.place.set(state.Organizations[organization], flags) })
}

// wants insists that "bifrost" has these flags, and nothing else that anybody chose.
func (w *workspace) wants(flags values) {
	w.t.Helper()
	w.wantsIn("bifrost", flags)
}

func (w *workspace) wantsIn(organization string, flags values) {
	w.t.Helper()
	w.place.want(w.t, organization, w.mock.State().Organizations[organization], flags)
}

// sees insists on what the Console shows of some flags, whatever the others are.
func (w *workspace) sees(flags values) {
	w.t.Helper()
	got := w.place.read(w.mock.State().Organizations["bifrost"])
	for flag, on := range flags {
		if !got[flag].alike(sightOf(on == true)) {
			w.t.Errorf("%s is %s, want %v", flag, got[flag], on)
		}
	}
}

// kept returns everything that the organization "bifrost" has, to compare it with later.
func (w *workspace) kept() *mockserver.Organization {
	return w.mock.State().Organizations["bifrost"]
}

// wantKept insists that nothing was changed since.
func (w *workspace) wantKept(before *mockserver.Organization) {
	w.t.Helper()
	if diff := cmp.Diff(before, w.kept()); diff != "" {
		w.t.Errorf("the server was changed (- before, + after):\n%s", diff)
	}
}

// refuses makes the server refuse changes of the settings for good, after it has let some pass. It does not look like a
// fault that is worth another try.
func (w *workspace) refuses(after int) {
	match := w.place.writes("bifrost")
	if after > 0 {
		w.mock.AddFault(mockserver.Fault{Match: match, Times: after, Action: mockserver.ActionLatency, LatencyMS: 1})
	}
	w.mock.AddFault(mockserver.Fault{
		Match: match, Times: -1, Action: mockserver.ActionStatus, Status: http.StatusBadRequest,
		Body: fmt.Sprintf(`{"code":%q,"message":"Bad Request","description":"Invalid request."}`, w.place.refusal()),
	})
}

// besidesSignOut leaves out the warning that goes with every switch from on to off of the application. The model and
// the checks of the application insist on it.
func besidesSignOut(diags diagnostics) diagnostics {
	return slices.DeleteFunc(slices.Clone(diags), func(one *tfprotov6.Diagnostic) bool {
		return strings.HasPrefix(one.Summary, "Switching off the My Account portal of ")
	})
}

// with returns a copy with other values.
func (l live) with(changed live) live {
	merged := maps.Clone(l)
	maps.Copy(merged, changed)
	return merged
}
