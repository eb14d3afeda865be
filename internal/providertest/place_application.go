package providertest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// ApplicationPlace keeps the settings in the application "My Account": its switch, the options of its login flow, and
// the flow's script.
type ApplicationPlace struct{}

func (ApplicationPlace) String() string { return "application" }

const (
	ApplicationCalls    = "/api/server/v1/applications"
	ApplicationDocument = "application"
)

// flagOf returns the flag behind an option, if there is one.
func flagOf(option mockserver.StepOption) string {
	for _, known := range authenticatorFlags {
		if builtIn(option) && option.Authenticator == known.Authenticator {
			return known.flag
		}
	}
	return ""
}

func builtIn(option mockserver.StepOption) bool { return option.IDP == "" || option.IDP == "LOCAL" }

// proves reports that an option finds out who the user is.
func proves(option mockserver.StepOption) bool {
	idle := []string{
		"IdentifierExecutor", "SessionExecutor", "OrganizationIdentifierHandler", "SharedUserIdentifierExecutor",
		"backup-code-authenticator",
	}
	return !builtIn(option) || !slices.Contains(idle, option.Authenticator)
}

// flow is a login flow as a person reads it.
type flow struct {
	Steps              [][]mockserver.StepOption
	Subject, Attribute int
	second             []int // the steps that ask for a factor after somebody has proved who they are; from 1
	Script             script
}

// script is what a login script does.
type script struct {
	Text       string // of one that somebody wrote
	Runs       int    // how many steps it executes; -1: all, as there is none
	Enrollment Sight
}

// MyAccount is the application, without making one up where nobody has changed the one that there is from the start.
func MyAccount(organization *mockserver.Organization) mockserver.Application {
	for _, application := range organization.Applications {
		if application.Name == "My Account" {
			return application
		}
	}
	return mockserver.Application{Name: "My Account", ClientID: "MY_ACCOUNT"}
}

// FlowIn reads the flow of an organization. One that has none of its own asks for the password.
func FlowIn(organization *mockserver.Organization) flow {
	f := flow{Steps: [][]mockserver.StepOption{{{Authenticator: Password}}}, Subject: 1, Attribute: 1}
	f.Script = script{Runs: -1, Enrollment: SeenNotSet}
	if own := MyAccount(organization).AuthenticationSequence; own != nil && len(own.Steps) > 0 {
		f.Steps = nil
		for _, step := range own.Steps {
			f.Steps = append(f.Steps, step.Options)
		}
		f.Subject, f.Attribute = max(1, own.SubjectStepID), max(1, own.AttributeStepID)
		f.Script = readScript(own.Script)
	}
	f.Steps = Local(f.Steps)
	proved := false
	for i, options := range f.Steps {
		if proved && slices.ContainsFunc(options, func(o mockserver.StepOption) bool { return flagOf(o) != "" }) {
			f.second = append(f.second, i+1)
		}
		proved = proved || slices.ContainsFunc(options, proves)
	}
	return f
}

// A script that the Console writes, or one that says what users may do about TOTP, executes the steps in order. It is
// read without white space.
var (
	knownScript = regexp.MustCompile(`^varonLoginRequest=function\(context\)\{((?:executeStep\(\d+[^;]*\);)+)\};$`)
	knownStep   = regexp.MustCompile(
		`^executeStep\((\d+)(?:,\{authenticatorParams:\{common:\{'enrolUserInAuthenticationFlow':'(true|false)'\}\}\},` +
			`\{\})?\)$`)
)

func readScript(text string) script {
	bare := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
	if bare == "" {
		return script{Runs: -1, Enrollment: SeenNotSet}
	}
	match := knownScript.FindStringSubmatch(bare)
	if match == nil {
		return script{Text: text, Runs: -1, Enrollment: SeenNotSet}
	}
	read := script{Enrollment: SeenNotSet}
	for call := range strings.SplitSeq(strings.TrimSuffix(match[1], ";"), ";") {
		step := knownStep.FindStringSubmatch(call)
		if len(step) == 0 || step[1] != strconv.Itoa(read.Runs+1) {
			return script{Text: text, Runs: -1, Enrollment: SeenNotSet}
		}
		read.Runs++
		if step[2] != "" {
			read.Enrollment = Sight(step[2])
		}
	}
	return read
}

// offers reports that a step asks for one of the factors behind the flags.
func (f flow) offers(step int, flags ...string) bool {
	return slices.ContainsFunc(f.Steps[step-1],
		func(o mockserver.StepOption) bool { return slices.Contains(flags, flagOf(o)) })
}

// Shown gives enrollment no value of its own where it is off only because TOTP is.
func (ApplicationPlace) Shown(seen Live) Live {
	if seen["totp_enabled"] != SeenOff {
		return seen
	}
	return seen.With(Live{"totp_enrollment_enabled": SeenNotSet})
}

func (ApplicationPlace) Showing(flags Values) Values {
	shown := maps.Clone(flags)
	if flags["totp_enabled"] == false {
		delete(shown, "totp_enrollment_enabled")
	}
	return shown
}

func (ApplicationPlace) Read(organization *mockserver.Organization) Live {
	f := FlowIn(organization)
	enabled := MyAccount(organization).ApplicationEnabled
	seen := Live{"enabled": SightOf(enabled == nil || *enabled), "totp_enrollment_enabled": SeenOff}
	for _, known := range authenticatorFlags {
		seen[known.flag] = SeenOff
		for _, step := range f.second {
			executed := f.Script.Runs < 0 || step <= f.Script.Runs
			usable := f.offers(step, PasscodeFlags...) // backup codes stand in for one
			if executed && usable && f.offers(step, known.flag) {
				seen[known.flag] = SeenOn
			}
		}
	}
	if seen.On("totp_enabled") {
		seen["totp_enrollment_enabled"] = f.Script.Enrollment
	}
	return seen
}

// Custom is a flow that does something else than to ask everybody for a second factor in the end.
func (ApplicationPlace) Custom(organization *mockserver.Organization) bool {
	f := FlowIn(organization)
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

// before returns the steps that come before the second factors.
func (f flow) before() [][]mockserver.StepOption {
	if len(f.second) == 0 {
		return f.Steps
	}
	return f.Steps[:f.second[0]-1]
}

// write makes the flow what the sights say, as the Console would. Its script is written by the Console, or there is
// none where none is needed.
func (p ApplicationPlace) write(organization *mockserver.Organization, seen Live, withScript bool) {
	application := organization.MyAccountApplication()
	f := FlowIn(organization)
	own := application.AuthenticationSequence
	if own == nil {
		own = &mockserver.AuthenticationSequence{}
	}
	var options []mockserver.StepOption
	for _, known := range authenticatorFlags {
		if seen.On(known.flag) {
			options = append(options, mockserver.StepOption{IDP: "LOCAL", Authenticator: known.Authenticator})
		}
	}
	steps := slices.Clone(f.before())
	enrollment := SeenNotSet
	if len(options) > 0 && (len(options) > 1 || !seen.On("backup_codes_enabled")) {
		steps = append(steps, options)
		if seen.On("totp_enabled") {
			enrollment = seen["totp_enrollment_enabled"]
		}
	} else if len(own.Steps) == 0 {
		return // still without a flow of its own
	}
	*own = mockserver.AuthenticationSequence{
		Type: "USER_DEFINED", SubjectStepID: own.SubjectStepID, AttributeStepID: own.AttributeStepID,
		RequestPathAuthenticators: own.RequestPathAuthenticators,
	}
	for i, options := range steps {
		own.Steps = append(own.Steps, mockserver.Step{ID: i + 1, Options: options})
	}
	if withScript || enrollment != SeenNotSet {
		own.Script = savedScript(steps, enrollment)
	}
	application.AuthenticationSequence = own
}

// savedScript executes every step, and says in that of TOTP whether users may enroll, if that is to be said.
func savedScript(steps [][]mockserver.StepOption, enrollment Sight) string {
	text := "var onLoginRequest = function(context) {\n"
	for i, options := range steps {
		arguments := ""
		if asks := func(o mockserver.StepOption) bool { return flagOf(o) == "totp_enabled" }; enrollment != SeenNotSet &&
			slices.ContainsFunc(options, asks) {
			arguments = fmt.Sprintf(
				", {\n  authenticatorParams: {common: {'enrolUserInAuthenticationFlow': '%s'}}\n}, {}", enrollment)
		}
		text += fmt.Sprintf("    executeStep(%d%s);\n", i+1, arguments)
	}
	return text + "};\n"
}

// Set replaces groups of flags. "others" stands for a way to sign in beside the password, and for a description.
func (p ApplicationPlace) Set(organization *mockserver.Organization, flags Values) {
	seen := p.Read(organization)
	groups := groupsOf(flags)
	for _, group := range groups {
		for _, flag := range group {
			seen[flag] = SightOf(textOn(flag, flags[flag]))
			if flags[flag] == nil && flag == "totp_enrollment_enabled" {
				seen[flag] = SeenNotSet
			}
		}
	}
	others, _ := flags["others"].(string)
	application := organization.MyAccountApplication()
	if flags["enabled"] != nil {
		application.ApplicationEnabled, application.Description = new(seen.On("enabled")), others
	}
	for _, group := range groups {
		if group[0] != "enabled" {
			p.connect(organization, others)
			p.write(organization, seen, false)
		}
	}
}

// connect makes users sign in with a connection, too; without a name with the password alone.
func (ApplicationPlace) connect(organization *mockserver.Organization, name string) {
	f := FlowIn(organization)
	first := slices.DeleteFunc(slices.Clone(f.Steps[0]), func(o mockserver.StepOption) bool { return !builtIn(o) })
	if name != "" {
		organization.Connections[name] = []string{"GoogleOIDCAuthenticator"}
		first = append([]mockserver.StepOption{{IDP: name, Authenticator: "GoogleOIDCAuthenticator"}}, first...)
	}
	application := organization.MyAccountApplication()
	own := application.AuthenticationSequence
	switch {
	case own == nil && name == "":
		return
	case own == nil || len(own.Steps) == 0:
		application.AuthenticationSequence = &mockserver.AuthenticationSequence{
			Type: "USER_DEFINED", Steps: []mockserver.Step{{ID: 1, Options: first}},
		}
	default:
		own.Steps[0].Options = first
	}
}

func (p ApplicationPlace) want(t Tester, name string, got *mockserver.Organization, flags Values) {
	t.Helper()
	want := Live{}
	for _, flag := range AllFlags() {
		want[flag] = SightOf(textOn(flag, flags[flag]))
	}
	is := p.Read(got)
	if is["totp_enrollment_enabled"] == SeenNotSet {
		is["totp_enrollment_enabled"] = SeenOff // the classic place knows no difference
	}
	if diff := cmp.Diff(want, is); diff != "" {
		t.Errorf("the flags of %s differ (- want, + got):\n%s", name, diff)
	}
	if p.Custom(got) {
		t.Errorf("%s has a flow that is more than second factors: %+v", name, FlowIn(got))
	}
	// With and without others, what comes before the second factors is as set makes it.
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
	if diff := cmp.Diff(Local([][]mockserver.StepOption{first}), Local(FlowIn(got).before())); diff != "" {
		t.Errorf("the steps of %s before the second factors differ (- want, + got):\n%s", name, diff)
	}
	if got := MyAccount(got).Description; got != description {
		t.Errorf("the description of %s is %q, want %q", name, got, description)
	}
	if len(got.MyAccount) > 0 {
		t.Errorf("the classic settings of %s were changed: %v", name, got.MyAccount)
	}
}

// Local writes out what stands for the server's own authenticators, and gives up the order, which the server changes.
func Local(steps [][]mockserver.StepOption) [][]mockserver.StepOption {
	var all [][]mockserver.StepOption
	for _, options := range steps {
		options = slices.Clone(options)
		for i := range options {
			if options[i].IDP == "" {
				options[i].IDP = "LOCAL"
			}
		}
		slices.SortFunc(options, func(a, b mockserver.StepOption) int {
			return strings.Compare(a.IDP+" "+a.Authenticator, b.IDP+" "+b.Authenticator)
		})
		all = append(all, options)
	}
	return all
}

func (p ApplicationPlace) Edit(organization *mockserver.Organization, e Edit) {
	seen := p.Read(organization)
	switch e.What {
	case "set":
		on := textOn(e.Flag, e.Value)
		if e.Flag == "enabled" {
			organization.MyAccountApplication().ApplicationEnabled = new(on)
			return
		}
		p.write(organization, p.consistent(seen, Live{e.Flag: SightOf(on)}), false)
	case "unset":
		switch e.Flag {
		case "enabled":
			organization.MyAccountApplication().ApplicationEnabled = nil
		case "totp_enrollment_enabled":
			p.write(organization, seen.With(Live{e.Flag: SeenNotSet}), false)
		default:
			p.write(organization, p.consistent(seen, Live{e.Flag: SeenOff}), false)
		}
	case "add":
		if e.Object == StatusObject {
			organization.MyAccountApplication().Description = fmt.Sprint(e.Value)
			return
		}
		p.connect(organization, "Google")
	case "remove":
		switch e.Object {
		case StatusObject:
			organization.MyAccountApplication().ApplicationEnabled = nil
		case TwoFactorObject:
			organization.MyAccountApplication().AuthenticationSequence = nil
		default:
			p.write(organization, seen.With(Live{"totp_enrollment_enabled": SeenNotSet}), false)
		}
	case "save":
		form := Live{}
		for _, flag := range FlagsOfType()[TwoFactor] {
			form[flag] = SightOf(e.Form[flag] == true)
		}
		p.write(organization, seen.With(form), true)
	case "switch":
		organization.MyAccountApplication().ApplicationEnabled = new(e.Value == true)
	case "passkey", "script", "generated script":
		p.customize(organization, e.What)
	}
}

// consistent is what the sights become with a change, and with what the Console changes along with it: enrollment is
// off until somebody switches it on, as it is where nothing is stored.
func (ApplicationPlace) consistent(seen, changed Live) Live {
	after := seen.With(changed)
	if !after.On("totp_enabled") || !seen.On("totp_enabled") && changed["totp_enrollment_enabled"] == "" {
		after["totp_enrollment_enabled"] = SeenOff
	}
	return after
}

// customize makes a flow one that decides by itself, except for the script that does nothing but execute the steps.
func (ApplicationPlace) customize(organization *mockserver.Organization, how string) {
	f := FlowIn(organization)
	application := organization.MyAccountApplication()
	own := application.AuthenticationSequence
	if own == nil || len(own.Steps) == 0 {
		own = &mockserver.AuthenticationSequence{
			Type: "USER_DEFINED", Steps: []mockserver.Step{{ID: 1, Options: []mockserver.StepOption{{Authenticator: Password}}}},
		}
		application.AuthenticationSequence = own
	}
	switch {
	case how == "script":
		own.Script = "var onLoginRequest = function(context) {\n    executeStep(1);\n    if (context.request) {}\n};"
	case how == "generated script":
		own.Script = savedScript(f.Steps, f.Script.Enrollment)
	case len(f.second) > 0 && !slices.Contains(own.Steps[f.second[0]-1].Options, LocalOption(Passkey)):
		step := &own.Steps[f.second[0]-1]
		step.Options = append(step.Options, LocalOption(Passkey))
	}
}

func LocalOption(authenticator string) mockserver.StepOption {
	return mockserver.StepOption{IDP: "LOCAL", Authenticator: authenticator}
}

func (ApplicationPlace) Document(string) string { return ApplicationDocument }

func (ApplicationPlace) Written(request mockserver.Request) string {
	if request.Method != http.MethodPatch {
		return ""
	}
	return ApplicationDocument
}

// Judge insists that everything stays that is not a flag: what comes before the second factors, who the user is, how
// the application is called, and the classic settings.
func (p ApplicationPlace) Judge(t Tester, where string, before, after *mockserver.Organization,
	written map[string]bool) {
	t.Helper()
	if diff := cmp.Diff(before.MyAccount, after.MyAccount); diff != "" {
		t.Errorf("%s: the classic settings were changed:\n%s", where, diff)
	}
	if diff := cmp.Diff(p.strangers(before), p.strangers(after)); diff != "" {
		t.Errorf("%s: something else was changed (- before, + after):\n%s", where, diff)
	}
	was, is := FlowIn(before), FlowIn(after)
	if !p.Custom(before) {
		if p.Custom(after) {
			t.Errorf("%s: the flow decides by itself now: %+v", where, is)
		}
		return
	}
	if diff := cmp.Diff(was, is, cmp.AllowUnexported(flow{}, script{})); diff != "" {
		t.Errorf("%s: a flow was changed that decides by itself (- before, + after):\n%s", where, diff)
	}
}

// strangers is everything that is not a flag.
func (ApplicationPlace) strangers(organization *mockserver.Organization) map[string]any {
	application, f := MyAccount(organization), FlowIn(organization)
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
		"before": Local(f.before()), "subject": f.Subject, "attribute": f.Attribute, "request path": requestPath,
		"name": application.Name, "description": application.Description, "client": application.ClientID,
		"access": application.Access == "READ", "shared": application.Shared, "others": others,
		"connections": maps.Clone(organization.Connections), "governance": organization.Governance,
	}
}

func (ApplicationPlace) Look(flags ...string) []string {
	if len(flags) == 0 {
		return nil
	}
	return []string{"GET applications", "GET application"}
}

func (ApplicationPlace) LookAgain(flags ...string) []string {
	if len(flags) == 0 {
		return nil
	}
	return []string{"GET application"}
}

func (ApplicationPlace) Change(flags ...string) []string {
	if len(flags) == 0 {
		return nil
	}
	return []string{"PATCH application", "GET application"} // which says whether it was changed
}

func (ApplicationPlace) WritesOf(...string) []string { return []string{ApplicationDocument} }

func (ApplicationPlace) Reads(organization string) mockserver.Match {
	return mockserver.Match{Method: http.MethodGet, PathPrefix: "/t/" + organization + ApplicationCalls + "/"}
}

func (ApplicationPlace) Writes(organization string) mockserver.Match {
	return mockserver.Match{Method: http.MethodPatch, PathPrefix: "/t/" + organization + ApplicationCalls}
}

func (ApplicationPlace) Refusal() string { return "UE-10000" }

func (ApplicationPlace) Scopes() (view, update, api string) {
	return "internal_application_mgt_view", "internal_application_mgt_update", "Application Management API"
}

func (ApplicationPlace) Remove(organization *mockserver.Organization) {
	organization.Applications = []mockserver.Application{}
}

func (ApplicationPlace) Misfortune(h Hitch) Hitch {
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
	if h.Fault.Body == TextNoType {
		h.Fault.Body = textNoApplication
	}
	return h
}

const (
	TextNoType        = `{"code":"CONFIGM_00008","message":"Not Found"}`
	textNoApplication = `{"code":"APP-60006","message":"Not Found"}`
)

// membersOf returns the members of the changes of the application, each change in one text.
func membersOf(t Tester, requests []mockserver.Request) []string {
	t.Helper()
	var changes []string
	for _, request := range requests {
		if request.Method != http.MethodPatch {
			continue
		}
		var body map[string]json.RawMessage
		Must(t, json.Unmarshal([]byte(request.Body), &body))
		changes = append(changes, strings.Join(slices.Sorted(maps.Keys(body)), " "))
	}
	return changes
}
