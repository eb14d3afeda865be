package provider

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

// classicPlace keeps the settings as texts in three objects of the configuration store.
type classicPlace struct{}

func (classicPlace) String() string { return "classic" }

// stands is where an object of the store has a flag.
type stands struct{ object, key string }

// textOn is what the Console makes of what is stored for a flag.
func textOn(flag string, stored any) bool {
	switch {
	case flag == "enabled":
		return stored == nil || fmt.Sprint(stored) != "false"
	case stored == nil:
		return false
	}
	return strings.EqualFold(fmt.Sprint(stored), "true")
}

func (classicPlace) shown(seen live) live { return seen }

func (classicPlace) showing(flags values) values { return flags }

func (classicPlace) read(organization *mockserver.Organization) live {
	seen := live{}
	for flag, at := range classicFlags {
		seen[flag] = sightOf(textOn(flag, organization.MyAccount[at.object][at.key]))
	}
	return seen
}

func (classicPlace) custom(*mockserver.Organization) bool { return false }

// objects are what the Console stores for flags.
func (classicPlace) objects(flags values) stored {
	objects := stored{}
	for _, group := range groupsOf(flags) {
		object := attributes{}
		for _, flag := range group {
			if text := flags[flag]; text != nil {
				object[classicFlags[flag].key] = fmt.Sprint(text)
			}
		}
		if others := flags["others"]; others != nil {
			object["future"] = others
		}
		objects[classicFlags[group[0]].object] = object
	}
	return objects
}

func (p classicPlace) set(organization *mockserver.Organization, flags values) {
	maps.Copy(organization.MyAccount, p.objects(flags))
}

func (p classicPlace) want(t tester, name string, got *mockserver.Organization, flags values) {
	t.Helper()
	if diff := cmp.Diff(p.objects(flags), got.MyAccount); diff != "" {
		t.Errorf("what %s stores differs (- want, + got):\n%s", name, diff)
	}
	if got.Applications != nil {
		t.Errorf("applications of %s were changed: %v", name, got.Applications)
	}
}

func (classicPlace) edit(organization *mockserver.Organization, e edit) {
	objects := organization.MyAccount
	put := func(object, key string) {
		changed := maps.Clone(objects[object])
		if changed == nil {
			changed = attributes{}
		}
		changed[key] = e.value
		objects[object] = changed
	}
	switch e.what {
	case "set":
		put(classicFlags[e.flag].object, classicFlags[e.flag].key)
	case "unset":
		changed := maps.Clone(objects[classicFlags[e.flag].object])
		delete(changed, classicFlags[e.flag].key)
		if changed != nil {
			objects[classicFlags[e.flag].object] = changed
		}
	case "add":
		put(e.object, "future")
	case "remove":
		delete(objects, e.object)
	case "save": // replaces both objects, whatever else is in them, and switches off what cannot stay on alone
		factors, anyFactor := storedFactors("false"), false
		for _, flag := range passcodeFlags {
			factors[classicFlags[flag].key] = fmt.Sprint(e.form[flag] == true)
			anyFactor = anyFactor || e.form[flag] == true
		}
		factors["backup_code_enabled"] = fmt.Sprint(e.form["backup_codes_enabled"] == true && anyFactor)
		objects[twoFactorObject] = factors
		enroll := e.form["totp_enrollment_enabled"] == true && e.form["totp_enabled"] == true
		objects[enrollmentObject] = attributes{"enrolUserInAuthenticationFlow": fmt.Sprint(enroll)}
	case "switch":
		objects[statusObject] = attributes{"enable": fmt.Sprint(e.value == true)}
	}
}

func (classicPlace) document(flag string) string { return classicFlags[flag].object }

func (classicPlace) written(request mockserver.Request) string {
	var body struct{ Name string }
	if request.Method != http.MethodPut || json.Unmarshal([]byte(request.Body), &body) != nil {
		return ""
	}
	return body.Name // which a sender does not have
}

// judge insists that attributes which are not written stay as they are, and that those which are have the form that
// everybody understands.
func (classicPlace) judge(t tester, where string, before, after *mockserver.Organization, written map[string]bool) {
	t.Helper()
	if diff := cmp.Diff(before.Applications, after.Applications); diff != "" {
		t.Errorf("%s: an application was changed:\n%s", where, diff)
	}
	for _, object := range []string{statusObject, twoFactorObject, enrollmentObject} {
		keys := map[string]bool{}
		for flag, at := range classicFlags {
			if at.object == object {
				keys[at.key] = written[flag]
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

func (classicPlace) look(flags ...string) []string {
	var calls []string
	for _, object := range []string{statusObject, twoFactorObject, enrollmentObject} {
		if slices.ContainsFunc(flags, func(flag string) bool { return classicFlags[flag].object == object }) {
			calls = append(calls, "GET "+object)
		}
	}
	return calls
}

func (p classicPlace) lookAgain(flags ...string) []string { return p.look(flags...) }

func (p classicPlace) change(flags ...string) []string {
	calls := p.look(flags...)
	for i, call := range calls {
		calls[i] = strings.Replace(call, "GET", "PUT", 1)
	}
	return calls
}

func (p classicPlace) writesOf(flags ...string) []string {
	documents := p.look(flags...)
	for i, call := range documents {
		documents[i] = strings.TrimPrefix(call, "GET ")
	}
	return documents
}

func (classicPlace) reads(organization string) mockserver.Match {
	return mockserver.Match{Method: http.MethodGet, PathPrefix: "/t/" + organization + storeCalls}
}

func (classicPlace) writes(organization string) mockserver.Match {
	return mockserver.Match{Method: http.MethodPut, PathPrefix: "/t/" + organization + storeCalls}
}

func (classicPlace) refusal() string { return "CONFIGM_00033" }

func (classicPlace) scopes() (view, update, api string) {
	return "internal_config_mgt_view", "internal_config_mgt_update", "Identity Configuration Management API"
}

func (classicPlace) remove(organization *mockserver.Organization) { organization.TypeMissing = true }

func (classicPlace) misfortune(h hitch) hitch { return h }
