package provider

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

// applicationPlace keeps the settings in the application "My Account": its switch, the options of its login flow, and
// the flow's script.
type applicationPlace struct{}

func (applicationPlace) String() string { return "application" }

const (
	applicationCalls    = "/api/server/v1/applications"
	applicationDocument = "application"
)

// flagOf returns the flag behind an option, if there is one.
func flagOf(option mockserver.StepOption) string {
	for _, known := range authenticatorFlags {
		if builtIn(option) && option.Authenticator == known.authenticator {
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
	steps              [][]mockserver.StepOption
	subject, attribute int
	second             []int // the steps that ask for a factor after somebody has proved who they are; from 1
	script             script
}

// script is what a login script does.
type script struct {
	text       string // of one that somebody wrote
	runs       int    // how many steps it executes; -1: all, as there is none
	enrollment sight
}

// myAccount is the application, without making one up where nobody has changed the one that there is from the start.
func myAccount(organization *mockserver.Organization) mockserver.Application {
	for _, application := range organization.Applications {
		if application.Name == "My Account" {
			return application
		}
	}
	return mockserver.Application{Name: "My Account", ClientID: "MY_ACCOUNT"}
}

// flowIn reads the flow of an organization. One that has none of its own asks for the password.
func flowIn(organization *mockserver.Organization) flow {
	f := flow{steps: [][]mockserver.StepOption{{{Authenticator: password}}}, subject: 1, attribute: 1}
	f.script = script{runs: -1, enrollment: seenNotSet}
	if own := myAccount(organization).AuthenticationSequence; own != nil && len(own.Steps) > 0 {
		f.steps = nil
		for _, step := range own.Steps {
			f.steps = append(f.steps, step.Options)
		}
		f.subject, f.attribute = max(1, own.SubjectStepID), max(1, own.AttributeStepID)
		f.script = readScript(own.Script)
	}
	f.steps = local(f.steps)
	proved := false
	for i, options := range f.steps {
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
		return script{runs: -1, enrollment: seenNotSet}
	}
	match := knownScript.FindStringSubmatch(bare)
	if match == nil {
		return script{text: text, runs: -1, enrollment: seenNotSet}
	}
	read := script{enrollment: seenNotSet}
	for call := range strings.SplitSeq(strings.TrimSuffix(match[1], ";"), ";") {
		step := knownStep.FindStringSubmatch(call)
		if len(step) == 0 || step[1] != strconv.Itoa(read.runs+1) {
			return script{text: text, runs: -1, enrollment: seenNotSet}
		}
		read.runs++
		if step[2] != "" {
			read.enrollment = sight(step[2])
		}
	}
	return read
}

// offers reports that a step asks for one of the factors behind the flags.
func (f flow) offers(step int, flags ...string) bool {
	return slices.ContainsFunc(f.steps[step-1],
		func(o mockserver.StepOption) bool { return slices.Contains(flags, flagOf(o)) })
}

// shown gives enrollment no value of its own where it is off only because TOTP is.
func (applicationPlace) shown(seen live) live {
	if seen["totp_enabled"] != seenOff {
		return seen
	}
	return seen.with(live{"totp_enrollment_enabled": seenNotSet})
}

func (applicationPlace) showing(flags values) values {
	shown := maps.Clone(flags)
	if flags["totp_enabled"] == false {
		delete(shown, "totp_enrollment_enabled")
	}
	return shown
}

func (applicationPlace) read(organization *mockserver.Organization) live {
	f := flowIn(organization)
	enabled := myAccount(organization).ApplicationEnabled
	seen := live{"enabled": sightOf(enabled == nil || *enabled), "totp_enrollment_enabled": seenOff}
	for _, known := range authenticatorFlags {
		seen[known.flag] = seenOff
		for _, step := range f.second {
			executed := f.script.runs < 0 || step <= f.script.runs
			usable := f.offers(step, passcodeFlags...) // backup codes stand in for one
			if executed && usable && f.offers(step, known.flag) {
				seen[known.flag] = seenOn
			}
		}
	}
	if seen.on("totp_enabled") {
		seen["totp_enrollment_enabled"] = f.script.enrollment
	}
	return seen
}

// custom is a flow that does something else than to ask everybody for a second factor in the end.
func (applicationPlace) custom(organization *mockserver.Organization) bool {
	f := flowIn(organization)
	if f.script.text != "" || f.script.runs >= 0 && f.script.runs != len(f.steps) {
		return true
	}
	if len(f.second) == 0 {
		return false
	}
	last := len(f.steps)
	if len(f.second) > 1 || f.second[0] != last || f.subject == last || f.attribute == last {
		return true
	}
	for _, option := range f.steps[last-1] {
		first := func(options []mockserver.StepOption) bool { return slices.Contains(options, option) }
		if flagOf(option) == "" || slices.ContainsFunc(f.steps[:last-1], first) {
			return true
		}
	}
	return !f.offers(last, passcodeFlags...)
}

// before returns the steps that come before the second factors.
func (f flow) before() [][]mockserver.StepOption {
	if len(f.second) == 0 {
		return f.steps
	}
	return f.steps[:f.second[0]-1]
}

// write makes the flow what the sights say, as the Console would. Its script is written by the Console, or there is
// none where none is needed.
func (p applicationPlace) write(organization *mockserver.Organization, seen live, withScript bool) {
	application := organization.MyAccountApplication()
	f := flowIn(organization)
	own := application.AuthenticationSequence
	if own == nil {
		own = &mockserver.AuthenticationSequence{}
	}
	var options []mockserver.StepOption
	for _, known := range authenticatorFlags {
		if seen.on(known.flag) {
			options = append(options, mockserver.StepOption{IDP: "LOCAL", Authenticator: known.authenticator})
		}
	}
	steps := slices.Clone(f.before())
	enrollment := seenNotSet
	if len(options) > 0 && (len(options) > 1 || !seen.on("backup_codes_enabled")) {
		steps = append(steps, options)
		if seen.on("totp_enabled") {
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
	if withScript || enrollment != seenNotSet {
		own.Script = savedScript(steps, enrollment)
	}
	application.AuthenticationSequence = own
}

// savedScript executes every step, and says in that of TOTP whether users may enroll, if that is to be said.
func savedScript(steps [][]mockserver.StepOption, enrollment sight) string {
	text := "var onLoginRequest = function(context) {\n"
	for i, options := range steps {
		arguments := ""
		if asks := func(o mockserver.StepOption) bool { return flagOf(o) == "totp_enabled" }; enrollment != seenNotSet &&
			slices.ContainsFunc(options, asks) {
			arguments = fmt.Sprintf(
				", {\n  authenticatorParams: {common: {'enrolUserInAuthenticationFlow': '%s'}}\n}, {}", enrollment)
		}
		text += fmt.Sprintf("    executeStep(%d%s);\n", i+1, arguments)
	}
	return text + "};\n"
}

// set replaces groups of flags. "others" stands for a way to sign in beside the password, and for a description.
func (p applicationPlace) set(organization *mockserver.Organization, flags values) {
	seen := p.read(organization)
	groups := groupsOf(flags)
	for _, group := range groups {
		for _, flag := range group {
			seen[flag] = sightOf(textOn(flag, flags[flag]))
			if flags[flag] == nil && flag == "totp_enrollment_enabled" {
				seen[flag] = seenNotSet
			}
		}
	}
	others, _ := flags["others"].(string)
	application := organization.MyAccountApplication()
	if flags["enabled"] != nil {
		application.ApplicationEnabled, application.Description = new(seen.on("enabled")), others
	}
	for _, group := range groups {
		if group[0] != "enabled" {
			p.connect(organization, others)
			p.write(organization, seen, false)
		}
	}
}

// connect makes users sign in with a connection, too; without a name with the password alone.
func (applicationPlace) connect(organization *mockserver.Organization, name string) {
	f := flowIn(organization)
	first := slices.DeleteFunc(slices.Clone(f.steps[0]), func(o mockserver.StepOption) bool { return !builtIn(o) })
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

func (p applicationPlace) want(t tester, name string, got *mockserver.Organization, flags values) {
	t.Helper()
	want := live{}
	for _, flag := range allFlags() {
		want[flag] = sightOf(textOn(flag, flags[flag]))
	}
	is := p.read(got)
	if is["totp_enrollment_enabled"] == seenNotSet {
		is["totp_enrollment_enabled"] = seenOff // the classic place knows no difference
	}
	if diff := cmp.Diff(want, is); diff != "" {
		t.Errorf("the flags of %s differ (- want, + got):\n%s", name, diff)
	}
	if p.custom(got) {
		t.Errorf("%s has a flow that is more than second factors: %+v", name, flowIn(got))
	}
	// With and without others, what comes before the second factors is as set makes it.
	others, _ := flags["others"].(string)
	first := []mockserver.StepOption{{IDP: "LOCAL", Authenticator: password}}
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
	if diff := cmp.Diff(local([][]mockserver.StepOption{first}), local(flowIn(got).before())); diff != "" {
		t.Errorf("the steps of %s before the second factors differ (- want, + got):\n%s", name, diff)
	}
	if got := myAccount(got).Description; got != description {
		t.Errorf("the description of %s is %q, want %q", name, got, description)
	}
	if len(got.MyAccount) > 0 {
		t.Errorf("the classic settings of %s were changed: %v", name, got.MyAccount)
	}
}

// local writes out what stands for the server's own authenticators, and gives up the order, which the server changes.
func local(steps [][]mockserver.StepOption) [][]mockserver.StepOption {
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

func (p applicationPlace) edit(organization *mockserver.Organization, e edit) {
	seen := p.read(organization)
	switch e.what {
	case "set":
		on := textOn(e.flag, e.value)
		if e.flag == "enabled" {
			organization.MyAccountApplication().ApplicationEnabled = new(on)
			return
		}
		p.write(organization, p.consistent(seen, live{e.flag: sightOf(on)}), false)
	case "unset":
		switch e.flag {
		case "enabled":
			organization.MyAccountApplication().ApplicationEnabled = nil
		case "totp_enrollment_enabled":
			p.write(organization, seen.with(live{e.flag: seenNotSet}), false)
		default:
			p.write(organization, p.consistent(seen, live{e.flag: seenOff}), false)
		}
	case "add":
		if e.object == statusObject {
			organization.MyAccountApplication().Description = fmt.Sprint(e.value)
			return
		}
		p.connect(organization, "Google")
	case "remove":
		switch e.object {
		case statusObject:
			organization.MyAccountApplication().ApplicationEnabled = nil
		case twoFactorObject:
			organization.MyAccountApplication().AuthenticationSequence = nil
		default:
			p.write(organization, seen.with(live{"totp_enrollment_enabled": seenNotSet}), false)
		}
	case "save":
		form := live{}
		for _, flag := range flagsOfType()[twoFactor] {
			form[flag] = sightOf(e.form[flag] == true)
		}
		p.write(organization, seen.with(form), true)
	case "switch":
		organization.MyAccountApplication().ApplicationEnabled = new(e.value == true)
	case "passkey", "script", "generated script":
		p.customize(organization, e.what)
	}
}

// consistent is what the sights become with a change, and with what the Console changes along with it: enrollment is
// off until somebody switches it on, as it is where nothing is stored.
func (applicationPlace) consistent(seen, changed live) live {
	after := seen.with(changed)
	if !after.on("totp_enabled") || !seen.on("totp_enabled") && changed["totp_enrollment_enabled"] == "" {
		after["totp_enrollment_enabled"] = seenOff
	}
	return after
}

// customize makes a flow one that decides by itself, except for the script that does nothing but execute the steps.
func (applicationPlace) customize(organization *mockserver.Organization, how string) {
	f := flowIn(organization)
	application := organization.MyAccountApplication()
	own := application.AuthenticationSequence
	if own == nil || len(own.Steps) == 0 {
		own = &mockserver.AuthenticationSequence{
			Type: "USER_DEFINED", Steps: []mockserver.Step{{ID: 1, Options: []mockserver.StepOption{{Authenticator: password}}}},
		}
		application.AuthenticationSequence = own
	}
	switch {
	case how == "script":
		own.Script = "var onLoginRequest = function(context) {\n    executeStep(1);\n    if (context.request) {}\n};"
	case how == "generated script":
		own.Script = savedScript(f.steps, f.script.enrollment)
	case len(f.second) > 0 && !slices.Contains(own.Steps[f.second[0]-1].Options, localOption(passkey)):
		step := &own.Steps[f.second[0]-1]
		step.Options = append(step.Options, localOption(passkey))
	}
}

func localOption(authenticator string) mockserver.StepOption {
	return mockserver.StepOption{IDP: "LOCAL", Authenticator: authenticator}
}

func (applicationPlace) document(string) string { return applicationDocument }

func (applicationPlace) written(request mockserver.Request) string {
	if request.Method != http.MethodPatch {
		return ""
	}
	return applicationDocument
}

// judge insists that everything stays that is not a flag: what comes before the second factors, who the user is, how
// the application is called, and the classic settings.
func (p applicationPlace) judge(t tester, where string, before, after *mockserver.Organization,
	written map[string]bool) {
	t.Helper()
	if diff := cmp.Diff(before.MyAccount, after.MyAccount); diff != "" {
		t.Errorf("%s: the classic settings were changed:\n%s", where, diff)
	}
	if diff := cmp.Diff(p.strangers(before), p.strangers(after)); diff != "" {
		t.Errorf("%s: something else was changed (- before, + after):\n%s", where, diff)
	}
	was, is := flowIn(before), flowIn(after)
	if !p.custom(before) {
		if p.custom(after) {
			t.Errorf("%s: the flow decides by itself now: %+v", where, is)
		}
		return
	}
	if diff := cmp.Diff(was, is, cmp.AllowUnexported(flow{}, script{})); diff != "" {
		t.Errorf("%s: a flow was changed that decides by itself (- before, + after):\n%s", where, diff)
	}
}

// strangers is everything that is not a flag.
func (applicationPlace) strangers(organization *mockserver.Organization) map[string]any {
	application, f := myAccount(organization), flowIn(organization)
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
		"before": local(f.before()), "subject": f.subject, "attribute": f.attribute, "request path": requestPath,
		"name": application.Name, "description": application.Description, "client": application.ClientID,
		"access": application.Access == "READ", "shared": application.Shared, "others": others,
		"connections": maps.Clone(organization.Connections), "governance": organization.Governance,
	}
}

func (applicationPlace) look(flags ...string) []string {
	if len(flags) == 0 {
		return nil
	}
	return []string{"GET applications", "GET application"}
}

func (applicationPlace) lookAgain(flags ...string) []string {
	if len(flags) == 0 {
		return nil
	}
	return []string{"GET application"}
}

func (applicationPlace) change(flags ...string) []string {
	if len(flags) == 0 {
		return nil
	}
	return []string{"PATCH application", "GET application"} // which says whether it was changed
}

func (applicationPlace) writesOf(...string) []string { return []string{applicationDocument} }

func (applicationPlace) reads(organization string) mockserver.Match {
	return mockserver.Match{Method: http.MethodGet, PathPrefix: "/t/" + organization + applicationCalls + "/"}
}

func (applicationPlace) writes(organization string) mockserver.Match {
	return mockserver.Match{Method: http.MethodPatch, PathPrefix: "/t/" + organization + applicationCalls}
}

func (applicationPlace) refusal() string { return "UE-10000" }

func (applicationPlace) scopes() (view, update, api string) {
	return "internal_application_mgt_view", "internal_application_mgt_update", "Application Management API"
}

func (applicationPlace) remove(organization *mockserver.Organization) {
	organization.Applications = []mockserver.Application{}
}

func (applicationPlace) misfortune(h hitch) hitch {
	object, settings := strings.CutPrefix(h.path, storeCalls)
	if !settings {
		return h
	}
	h.path = applicationCalls
	if object != "" {
		h.path += "/" // the lookup is another call
	}
	if h.method == http.MethodPut {
		h.method = http.MethodPatch
	}
	if h.fault.Body == textNoType {
		h.fault.Body = textNoApplication
	}
	return h
}

const (
	textNoType        = `{"code":"CONFIGM_00008","message":"Not Found"}`
	textNoApplication = `{"code":"APP-60006","message":"Not Found"}`
)

// membersOf returns the members of the changes of the application, each change in one text.
func membersOf(t tester, requests []mockserver.Request) []string {
	t.Helper()
	var changes []string
	for _, request := range requests {
		if request.Method != http.MethodPatch {
			continue
		}
		var body map[string]json.RawMessage
		must(t, json.Unmarshal([]byte(request.Body), &body))
		changes = append(changes, strings.Join(slices.Sorted(maps.Keys(body)), " "))
	}
	return changes
}
