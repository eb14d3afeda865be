package providertest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// ApplicationPlace keeps the settings in the application "My Account": its switch, the options of its login flow, and
// the flow's script.
type ApplicationPlace struct{}

// NoTypeAnswer is the body with which a store without My Account answers.
const NoTypeAnswer = `{"code":"CONFIGM_00008","message":"Not Found"}`

// noApplicationAnswer is the body with which a server without the application answers.
const noApplicationAnswer = `{"code":"APP-60006","message":"Not Found"}`

// String is what the provider's my_account_api is here.
func (ApplicationPlace) String() string { return "application" }

// Read finds out whom the login flow asks for what.
func (ApplicationPlace) Read(organization *mockserver.Organization) Live {
	f := FlowOf(organization)
	enabled := MyAccountApplication(organization).ApplicationEnabled
	seen := Live{"enabled": FlagStateOf(enabled == nil || *enabled), "totp_enrollment_enabled": FlagOff}
	for _, known := range authenticatorFlags {
		seen[known.name] = FlagOff
		for _, step := range f.second {
			executed := f.Script.Runs < 0 || step <= f.Script.Runs
			usable := f.offers(step, PasscodeFlags...) // backup codes stand in for one
			if executed && usable && f.offers(step, known.name) {
				seen[known.name] = FlagOn
			}
		}
	}
	if seen.On("totp_enabled") {
		seen["totp_enrollment_enabled"] = f.Script.Enrollment
	}
	return seen
}

// Shown gives enrollment no value of its own where it is off only because TOTP is.
func (ApplicationPlace) Shown(seen Live) Live {
	if seen["totp_enabled"] != FlagOff {
		return seen
	}
	return seen.With(Live{"totp_enrollment_enabled": FlagNotSet})
}

// ShownValues leaves out enrollment where Shown gives it no value of its own.
func (ApplicationPlace) ShownValues(flags Values) Values {
	shown := maps.Clone(flags)
	if flags["totp_enabled"] == false {
		delete(shown, "totp_enrollment_enabled")
	}
	return shown
}

// Custom reports whether the flow does something else than to ask everybody for a second factor in the end.
func (ApplicationPlace) Custom(organization *mockserver.Organization) bool {
	f := FlowOf(organization)
	if f.Script.Text != "" || f.Script.Runs >= 0 && f.Script.Runs != len(f.Steps) {
		return true
	}
	if len(f.second) == 0 {
		return false
	}
	last := len(f.Steps)
	if len(f.second) > 1 || f.second[0] != last || f.Subject == last || f.Attribute == last {
		return true
	}
	for _, option := range f.Steps[last-1] {
		first := func(options []mockserver.StepOption) bool { return slices.Contains(options, option) }
		if flagOf(option) == "" || slices.ContainsFunc(f.Steps[:last-1], first) {
			return true
		}
	}
	return !f.offers(last, PasscodeFlags...)
}

// want compares the flags, and insists that everything beside them is as Set makes it, and that nothing is in the
// store.
func (p ApplicationPlace) want(t Tester, name string, got *mockserver.Organization, flags Values) {
	t.Helper()
	want := Live{}
	for _, flag := range AllFlags() {
		want[flag] = FlagStateOf(textOn(flag, flags[flag]))
	}
	is := p.Read(got)
	if is["totp_enrollment_enabled"] == FlagNotSet {
		is["totp_enrollment_enabled"] = FlagOff // the classic place knows no difference
	}
	if diff := cmp.Diff(want, is); diff != "" {
		t.Errorf("the flags of %s differ (- want, + got):\n%s", name, diff)
	}
	if p.Custom(got) {
		t.Errorf("%s has a flow that is more than second factors: %+v", name, FlowOf(got))
	}
	// With and without others, what comes before the second factors is as Set makes it.
	others, _ := flags["others"].(string)
	first := []mockserver.StepOption{{IDP: "LOCAL", Authenticator: Password}}
	description := ""
	for _, group := range groupsOf(flags) {
		switch {
		case group[0] == "enabled" && flags["description"] != nil:
			description = fmt.Sprint(flags["description"])
		case group[0] == "enabled":
			description = others
		case others != "" && len(first) == 1:
			first = append([]mockserver.StepOption{{IDP: others, Authenticator: "GoogleOIDCAuthenticator"}}, first...)
		}
	}
	if diff := cmp.Diff(SortedOptions([][]mockserver.StepOption{first}), SortedOptions(FlowOf(got).before())); diff != "" {
		t.Errorf("the steps of %s before the second factors differ (- want, + got):\n%s", name, diff)
	}
	if got := MyAccountApplication(got).Description; got != description {
		t.Errorf("the description of %s is %q, want %q", name, got, description)
	}
	if len(got.MyAccount) > 0 {
		t.Errorf("the classic settings of %s were changed: %v", name, got.MyAccount)
	}
}

// Document is always the application.
func (ApplicationPlace) Document(string) string { return ApplicationDocument }

// DocumentWrittenBy is the application for a PATCH.
func (ApplicationPlace) DocumentWrittenBy(request mockserver.Request) string {
	if request.Method != http.MethodPatch {
		return ""
	}
	return ApplicationDocument
}

// WantOnlyWritten insists that everything stays that is not a flag: what comes before the second factors, who the user
// is, how the application is called, and the classic settings.
func (p ApplicationPlace) WantOnlyWritten(t Tester, where string, before, after *mockserver.Organization,
	written map[string]bool) {
	t.Helper()
	if diff := cmp.Diff(before.MyAccount, after.MyAccount); diff != "" {
		t.Errorf("%s: the classic settings were changed:\n%s", where, diff)
	}
	if diff := cmp.Diff(p.whatIsNoFlag(before), p.whatIsNoFlag(after)); diff != "" {
		t.Errorf("%s: something else was changed (- before, + after):\n%s", where, diff)
	}
	was, is := FlowOf(before), FlowOf(after)
	if !p.Custom(before) {
		if p.Custom(after) {
			t.Errorf("%s: the flow decides by itself now: %+v", where, is)
		}
		return
	}
	if diff := cmp.Diff(was, is, cmp.AllowUnexported(Flow{}, Script{})); diff != "" {
		t.Errorf("%s: a flow was changed that decides by itself (- before, + after):\n%s", where, diff)
	}
}

// strangers is everything that is not a flag.
func (ApplicationPlace) whatIsNoFlag(organization *mockserver.Organization) map[string]any {
	application, f := MyAccountApplication(organization), FlowOf(organization)
	var requestPath []string
	if own := application.AuthenticationSequence; own != nil {
		requestPath = own.RequestPathAuthenticators
	}
	var others []mockserver.Application
	for _, other := range organization.Applications {
		if other.Name != application.Name {
			others = append(others, other)
		}
	}
	return map[string]any{
		"before": SortedOptions(f.before()), "subject": f.Subject, "attribute": f.Attribute, "request path": requestPath,
		"name": application.Name, "description": application.Description, "client": application.ClientID,
		"access": application.Access == "READ", "shared": application.Shared, "others": others,
		"connections": maps.Clone(organization.Connections), "governance": organization.Governance,
	}
}

// Look looks the application up and reads it.
func (ApplicationPlace) Look(flags ...string) []string {
	if len(flags) == 0 {
		return nil
	}
	return []string{"GET applications", "GET application"}
}

// LookAgain reads the application.
func (ApplicationPlace) LookAgain(flags ...string) []string {
	if len(flags) == 0 {
		return nil
	}
	return []string{"GET application"}
}

// Change has the answer to a change read back: it does not say whether anything was changed.
func (ApplicationPlace) Change(flags ...string) []string {
	if len(flags) == 0 {
		return nil
	}
	return []string{"PATCH application", "GET application"} // which says whether it was changed
}

// DocumentsWrittenFor is always the application.
func (ApplicationPlace) DocumentsWrittenFor(...string) []string { return []string{ApplicationDocument} }

// Reads matches the calls that read the application. The lookup is none of them.
func (ApplicationPlace) Reads(organization string) mockserver.Match {
	return mockserver.Match{Method: http.MethodGet, PathPrefix: "/t/" + organization + ApplicationCalls + "/"}
}

// Writes matches the calls that change the application.
func (ApplicationPlace) Writes(organization string) mockserver.Match {
	return mockserver.Match{Method: http.MethodPatch, PathPrefix: "/t/" + organization + ApplicationCalls}
}

// Refusal is the code of the API for applications.
func (ApplicationPlace) Refusal() string { return "UE-10000" }

// Scopes are those of applications.
func (ApplicationPlace) Scopes() (view, update, api string) {
	return "internal_application_mgt_view", "internal_application_mgt_update", "Application Management API"
}

// RemoveSettings removes all applications.
func (ApplicationPlace) RemoveSettings(organization *mockserver.Organization) {
	organization.Applications = []mockserver.Application{}
}

// TranslateHitch lets a fault of the store happen to the calls of applications.
func (ApplicationPlace) TranslateHitch(h Hitch) Hitch {
	object, settings := strings.CutPrefix(h.Path, StoreCalls)
	if !settings {
		return h
	}
	h.Path = ApplicationCalls
	if object != "" {
		h.Path += "/" // the lookup is another call
	}
	if h.Method == http.MethodPut {
		h.Method = http.MethodPatch
	}
	if h.Fault.Body == NoTypeAnswer {
		h.Fault.Body = noApplicationAnswer
	}
	return h
}
