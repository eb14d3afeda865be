package providertest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Set replaces groups of flags. "others" stands for a way to sign in beside the password, and for a description.
func (p ApplicationPlace) Set(organization *mockserver.Organization, flags Values) {
	seen := p.Read(organization)
	groups := groupsOf(flags)
	for _, group := range groups {
		for _, flag := range group {
			seen[flag] = FlagStateOf(textOn(flag, flags[flag]))
			if flags[flag] == nil && flag == "totp_enrollment_enabled" {
				seen[flag] = FlagNotSet
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

// Edit changes the application as the Console does.
func (p ApplicationPlace) Edit(organization *mockserver.Organization, e Edit) {
	seen := p.Read(organization)
	switch e.What {
	case "set":
		on := textOn(e.Flag, e.Value)
		if e.Flag == "enabled" {
			organization.MyAccountApplication().ApplicationEnabled = new(on)
			return
		}
		p.write(organization, p.consistent(seen, Live{e.Flag: FlagStateOf(on)}), false)
	case "unset":
		switch e.Flag {
		case "enabled":
			organization.MyAccountApplication().ApplicationEnabled = nil
		case "totp_enrollment_enabled":
			p.write(organization, seen.With(Live{e.Flag: FlagNotSet}), false)
		default:
			p.write(organization, p.consistent(seen, Live{e.Flag: FlagOff}), false)
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
			p.write(organization, seen.With(Live{"totp_enrollment_enabled": FlagNotSet}), false)
		}
	case "save":
		form := Live{}
		for _, flag := range FlagsOfType()[TwoFactor] {
			form[flag] = FlagStateOf(e.Form[flag] == true)
		}
		p.write(organization, seen.With(form), true)
	case "switch":
		organization.MyAccountApplication().ApplicationEnabled = new(e.Value == true)
	case "passkey", "script", "generated script":
		p.customize(organization, e.What)
	}
}

// consistent is what the flags become with a change, and with what the Console changes along with it: enrollment is off
// until somebody switches it on, as it is where nothing is stored.
func (ApplicationPlace) consistent(seen, changed Live) Live {
	after := seen.With(changed)
	if !after.On("totp_enabled") || !seen.On("totp_enabled") && changed["totp_enrollment_enabled"] == "" {
		after["totp_enrollment_enabled"] = FlagOff
	}
	return after
}

// write makes the flow what the states of the flags say, as the Console would. Its script is written by the Console, or
// there is none where none is needed.
func (p ApplicationPlace) write(organization *mockserver.Organization, seen Live, withScript bool) {
	application := organization.MyAccountApplication()
	f := FlowOf(organization)
	own := application.AuthenticationSequence
	if own == nil {
		own = &mockserver.AuthenticationSequence{}
	}
	var options []mockserver.StepOption
	for _, known := range authenticatorFlags {
		if seen.On(known.name) {
			options = append(options, mockserver.StepOption{IDP: "LOCAL", Authenticator: known.Authenticator})
		}
	}
	steps := slices.Clone(f.before())
	enrollment := FlagNotSet
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
	if withScript || enrollment != FlagNotSet {
		own.Script = savedScript(steps, enrollment)
	}
	application.AuthenticationSequence = own
}

// savedScript executes every step, and says in that of TOTP whether users may enroll, if that is to be said.
func savedScript(steps [][]mockserver.StepOption, enrollment FlagState) string {
	asksForTOTP := func(o mockserver.StepOption) bool { return flagOf(o) == "totp_enabled" }
	var text strings.Builder
	text.WriteString("var onLoginRequest = function(context) {\n")
	for i, options := range steps {
		arguments := ""
		if enrollment != FlagNotSet && slices.ContainsFunc(options, asksForTOTP) {
			arguments = fmt.Sprintf(
				", {\n  authenticatorParams: {common: {'enrolUserInAuthenticationFlow': '%s'}}\n}, {}", enrollment)
		}
		fmt.Fprintf(&text, "    executeStep(%d%s);\n", i+1, arguments)
	}
	text.WriteString("};\n")
	return text.String()
}

// connect makes users sign in with a connection, too; without a name with the password alone.
func (ApplicationPlace) connect(organization *mockserver.Organization, name string) {
	f := FlowOf(organization)
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

// customize makes a flow one that decides by itself, except for the script that does nothing but execute the steps.
func (ApplicationPlace) customize(organization *mockserver.Organization, how string) {
	f := FlowOf(organization)
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
