package providertest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// ClassicPlace keeps the settings as texts in three objects of the configuration store.
type ClassicPlace struct{}

// String is what the provider's my_account_api is here.
func (ClassicPlace) String() string { return "classic" }

// Read takes each text of the store as the Console does.
func (ClassicPlace) Read(organization *mockserver.Organization) Live {
	seen := Live{}
	for flag, at := range ClassicFlags {
		seen[flag] = FlagStateOf(textOn(flag, organization.MyAccount[at.Object][at.Key]))
	}
	return seen
}

// Shown is the same: everything is shown as it is.
func (ClassicPlace) Shown(seen Live) Live { return seen }

// ShownValues is the same: everything is shown as it is.
func (ClassicPlace) ShownValues(flags Values) Values { return flags }

// Set replaces the object of each group.
func (p ClassicPlace) Set(organization *mockserver.Organization, flags Values) {
	maps.Copy(organization.MyAccount, p.objects(flags))
}

// objects are what the Console stores for flags.
func (ClassicPlace) objects(flags Values) Stored {
	objects := Stored{}
	for _, group := range groupsOf(flags) {
		object := Attributes{}
		for _, flag := range group {
			if text := flags[flag]; text != nil {
				object[ClassicFlags[flag].Key] = fmt.Sprint(text)
			}
		}
		if others := flags["others"]; others != nil {
			object["future"] = others
		}
		objects[ClassicFlags[group[0]].Object] = object
	}
	return objects
}

// Edit changes the objects of the store, whole or by the attribute.
func (ClassicPlace) Edit(organization *mockserver.Organization, e Edit) {
	objects := organization.MyAccount
	put := func(object, key string) {
		changed := maps.Clone(objects[object])
		if changed == nil {
			changed = Attributes{}
		}
		changed[key] = e.Value
		objects[object] = changed
	}
	switch e.What {
	case "set":
		put(ClassicFlags[e.Flag].Object, ClassicFlags[e.Flag].Key)
	case "unset":
		changed := maps.Clone(objects[ClassicFlags[e.Flag].Object])
		delete(changed, ClassicFlags[e.Flag].Key)
		if changed != nil {
			objects[ClassicFlags[e.Flag].Object] = changed
		}
	case "add":
		put(e.Object, "future")
	case "remove":
		delete(objects, e.Object)
	case "save": // replaces both objects, whatever else is in them, and switches off what cannot stay on alone
		factors, anyFactor := StoredFactors("false"), false
		for _, flag := range PasscodeFlags {
			factors[ClassicFlags[flag].Key] = fmt.Sprint(e.Form[flag] == true)
			anyFactor = anyFactor || e.Form[flag] == true
		}
		factors["backup_code_enabled"] = fmt.Sprint(e.Form["backup_codes_enabled"] == true && anyFactor)
		objects[TwoFactorObject] = factors
		enroll := e.Form["totp_enrollment_enabled"] == true && e.Form["totp_enabled"] == true
		objects[EnrollmentObject] = Attributes{"enrolUserInAuthenticationFlow": fmt.Sprint(enroll)}
	case "switch":
		objects[StatusObject] = Attributes{"enable": fmt.Sprint(e.Value == true)}
	}
}

// Custom is false: the store holds nothing but what was chosen.
func (ClassicPlace) Custom(*mockserver.Organization) bool { return false }

// want compares the objects of the store, and insists that there is no trace of an application.
func (p ClassicPlace) want(t Tester, name string, got *mockserver.Organization, flags Values) {
	t.Helper()
	if diff := cmp.Diff(p.objects(flags), got.MyAccount); diff != "" {
		t.Errorf("what %s stores differs (- want, + got):\n%s", name, diff)
	}
	if got.Applications != nil {
		t.Errorf("applications of %s were changed: %v", name, got.Applications)
	}
}

// Document names the object that has the flag.
func (ClassicPlace) Document(flag string) string { return ClassicFlags[flag].Object }

// DocumentWrittenBy names the object in the body of a PUT.
func (ClassicPlace) DocumentWrittenBy(request mockserver.Request) string {
	var body struct{ Name string }
	if request.Method != http.MethodPut || json.Unmarshal([]byte(request.Body), &body) != nil {
		return ""
	}
	return body.Name // which a sender does not have
}

// WantOnlyWritten insists that attributes which are not written stay as they are, and that those which are have the
// form that everybody understands.
func (ClassicPlace) WantOnlyWritten(t Tester, where string, before, after *mockserver.Organization,
	written map[string]bool,
) {
	t.Helper()
	if diff := cmp.Diff(before.Applications, after.Applications); diff != "" {
		t.Errorf("%s: an application was changed:\n%s", where, diff)
	}
	for _, object := range []string{StatusObject, TwoFactorObject, EnrollmentObject} {
		keys := map[string]bool{}
		for flag, at := range ClassicFlags {
			if at.Object == object {
				keys[at.Key] = written[flag]
			}
		}
		was, is := before.MyAccount[object], after.MyAccount[object]
		for key := range is {
			text := fmt.Sprint(is[key])
			earlier, existed := was[key]
			if existed && fmt.Sprint(earlier) == text || keys[key] && (text == "true" || text == "false") {
				continue
			}
			t.Errorf("%s: %s/%s became %q:\nbefore %v\nafter  %v", where, object, key, text, was, is)
		}
		for key := range was {
			if _, still := is[key]; !still && (was[key] != nil || !keys[key]) {
				t.Errorf("%s: %s/%s is lost:\nbefore %v\nafter  %v", where, object, key, was, is)
			}
		}
	}
}

// Look has one call for each object.
func (ClassicPlace) Look(flags ...string) []string {
	var calls []string
	for _, object := range []string{StatusObject, TwoFactorObject, EnrollmentObject} {
		if slices.ContainsFunc(flags, func(flag string) bool { return ClassicFlags[flag].Object == object }) {
			calls = append(calls, "GET "+object)
		}
	}
	return calls
}

// LookAgain is Look: there is no way to find first.
func (p ClassicPlace) LookAgain(flags ...string) []string { return p.Look(flags...) }

// Change has one call for each object.
func (p ClassicPlace) Change(flags ...string) []string {
	calls := p.Look(flags...)
	for i, call := range calls {
		calls[i] = strings.Replace(call, "GET", "PUT", 1)
	}
	return calls
}

// DocumentsWrittenFor names the objects.
func (p ClassicPlace) DocumentsWrittenFor(flags ...string) []string {
	documents := p.Look(flags...)
	for i, call := range documents {
		documents[i] = strings.TrimPrefix(call, "GET ")
	}
	return documents
}

// Reads matches the calls that read objects.
func (ClassicPlace) Reads(organization string) mockserver.Match {
	return mockserver.Match{Method: http.MethodGet, PathPrefix: "/t/" + organization + StoreCalls}
}

// Writes matches the calls that replace objects.
func (ClassicPlace) Writes(organization string) mockserver.Match {
	return mockserver.Match{Method: http.MethodPut, PathPrefix: "/t/" + organization + StoreCalls}
}

// Refusal is the store's code.
func (ClassicPlace) Refusal() string { return "CONFIGM_00033" }

// Scopes are those of the store.
func (ClassicPlace) Scopes() (view, update, api string) {
	return "internal_config_mgt_view", "internal_config_mgt_update", "Identity Configuration Management API"
}

// RemoveSettings removes the type of the objects.
func (ClassicPlace) RemoveSettings(organization *mockserver.Organization) {
	organization.TypeMissing = true
}

// TranslateHitch leaves a fault as it is.
func (ClassicPlace) TranslateHitch(h Hitch) Hitch { return h }
