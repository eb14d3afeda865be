package providertest

import (
	"fmt"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Place is where an installation keeps the settings.
type Place interface {
	fmt.Stringer // what the provider's my_account_api is here

	// Read returns what an administrator sees in the Console.
	Read(*mockserver.Organization) Live
	// Shown is what an import, a data source and a takeover show of it.
	Shown(Live) Live
	// ShownValues is the same of flags, where null is left out.
	ShownValues(Values) Values
	// Set is what somebody does in the Console. Each group that one of the flags belongs to becomes what is given, and
	// the rest of the group what it is where nobody chose anything. With "others", what is not the provider's is there,
	// too. A text instead of true or false is stored as it is where texts are stored.
	Set(*mockserver.Organization, Values)
	// Edit is what somebody does in the sequences of the model.
	Edit(*mockserver.Organization, Edit)
	// Custom reports whether the second factors are part of something that only a person can decide about.
	Custom(*mockserver.Organization) bool
	// want compares an organization with what Set makes of the flags where nobody chose anything before.
	want(t Tester, organization string, got *mockserver.Organization, flags Values)

	// Document names what is read and written at once with a flag.
	Document(flag string) string
	// DocumentWrittenBy names the document that a request changed, and nothing if that is none.
	DocumentWrittenBy(mockserver.Request) string
	// WantOnlyWritten insists that a write of flags has changed nothing but them.
	WantOnlyWritten(t Tester, where string, before, after *mockserver.Organization, written map[string]bool)

	// Look lists the calls of a process that reads flags for the first time.
	Look(flags ...string) []string
	// LookAgain lists the calls of a process that has read flags before.
	LookAgain(flags ...string) []string
	// Change lists the calls that change flags once they were read.
	Change(flags ...string) []string
	// DocumentsWrittenFor names the documents that a change of flags writes, those first that must be on before the
	// others.
	DocumentsWrittenFor(flags ...string) []string
	// Reads matches the calls that read the settings.
	Reads(organization string) mockserver.Match
	// Writes matches the calls that change the settings.
	Writes(organization string) mockserver.Match
	// Refusal is the code with which the server refuses a change that it does not understand.
	Refusal() string
	// Scopes names the scopes that reading and changing take, and the API under which the Console grants it.
	Scopes() (view, update, api string)
	// RemoveSettings makes the server one that has no such settings.
	RemoveSettings(*mockserver.Organization)
	// TranslateHitch turns a fault of the classic calls into one of the calls that do the same here.
	TranslateHitch(Hitch) Hitch
}

// AllPlaces lists the places. The first is the one that people have without asking for it.
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
