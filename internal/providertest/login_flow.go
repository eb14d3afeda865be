package providertest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Flow is a login flow as a person reads it.
type Flow struct {
	Steps              [][]mockserver.StepOption
	Subject, Attribute int
	second             []int // the steps that ask for a factor after somebody has proved who they are; from 1
	Script             Script
}

// FlowOf reads the login flow of an organization. One that has none of its own asks for the password.
func FlowOf(organization *mockserver.Organization) Flow {
	f := Flow{Steps: [][]mockserver.StepOption{{{Authenticator: Password}}}, Subject: 1, Attribute: 1}
	f.Script = Script{Runs: -1, Enrollment: FlagNotSet}
	if own := MyAccountApplication(organization).AuthenticationSequence; own != nil && len(own.Steps) > 0 {
		f.Steps = nil
		for _, step := range own.Steps {
			f.Steps = append(f.Steps, step.Options)
		}
		f.Subject, f.Attribute = max(1, own.SubjectStepID), max(1, own.AttributeStepID)
		f.Script = readScript(own.Script)
	}
	f.Steps = SortedOptions(f.Steps)
	proved := false
	for i, options := range f.Steps {
		if proved && slices.ContainsFunc(options, func(o mockserver.StepOption) bool { return flagOf(o) != "" }) {
			f.second = append(f.second, i+1)
		}
		proved = proved || slices.ContainsFunc(options, proves)
	}
	return f
}

// MyAccountApplication is the application of an organization, without making one up where nobody has changed the one
// that there is from the start.
func MyAccountApplication(organization *mockserver.Organization) mockserver.Application {
	for _, application := range organization.Applications {
		if application.Name == "My Account" {
			return application
		}
	}
	return mockserver.Application{Name: "My Account", ClientID: "MY_ACCOUNT"}
}

// offers reports whether a step asks for one of the factors behind the flags.
func (f Flow) offers(step int, flags ...string) bool {
	return slices.ContainsFunc(f.Steps[step-1],
		func(o mockserver.StepOption) bool { return slices.Contains(flags, flagOf(o)) })
}

// before returns the steps that come before the second factors.
func (f Flow) before() [][]mockserver.StepOption {
	if len(f.second) == 0 {
		return f.Steps
	}
	return f.Steps[:f.second[0]-1]
}

// SortedOptions makes steps comparable: it writes out what stands for the server's own authenticators, and sorts
// options, whose order the server changes.
func SortedOptions(steps [][]mockserver.StepOption) [][]mockserver.StepOption {
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

// LocalOption is the option of one of the server's own authenticators.
func LocalOption(authenticator string) mockserver.StepOption {
	return mockserver.StepOption{IDP: "LOCAL", Authenticator: authenticator}
}

// flagOf returns the flag behind an option, if there is one.
func flagOf(option mockserver.StepOption) string {
	for _, known := range authenticatorFlags {
		if builtIn(option) && option.Authenticator == known.Authenticator {
			return known.name
		}
	}
	return ""
}

// builtIn reports whether an option is one of the server's own authenticators.
func builtIn(option mockserver.StepOption) bool { return option.IDP == "" || option.IDP == "LOCAL" }

// proves reports whether an option finds out who the user is.
func proves(option mockserver.StepOption) bool {
	idle := []string{
		"IdentifierExecutor", "SessionExecutor", "OrganizationIdentifierHandler", "SharedUserIdentifierExecutor",
		"backup-code-authenticator",
	}
	return !builtIn(option) || !slices.Contains(idle, option.Authenticator)
}

// Script is what a login script does.
type Script struct {
	Text       string // of one that somebody wrote
	Runs       int    // how many steps it executes; -1: all, as there is none
	Enrollment FlagState
}

// A script that the Console writes, or one that says what users may do about TOTP, executes the steps in order. It is
// read without white space.
var (
	knownScript = regexp.MustCompile(`^varonLoginRequest=function\(context\)\{((?:executeStep\(\d+[^;]*\);)+)\};$`)
	knownStep   = regexp.MustCompile(
		`^executeStep\((\d+)(?:,\{authenticatorParams:\{common:\{'enrolUserInAuthenticationFlow':'(true|false)'\}\}\},` +
			`\{\})?\)$`)
)

// readScript finds out what a login script does.
func readScript(text string) Script {
	bare := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
	if bare == "" {
		return Script{Runs: -1, Enrollment: FlagNotSet}
	}
	match := knownScript.FindStringSubmatch(bare)
	if match == nil {
		return Script{Text: text, Runs: -1, Enrollment: FlagNotSet}
	}
	read := Script{Enrollment: FlagNotSet}
	for call := range strings.SplitSeq(strings.TrimSuffix(match[1], ";"), ";") {
		step := knownStep.FindStringSubmatch(call)
		if len(step) == 0 || step[1] != strconv.Itoa(read.Runs+1) {
			return Script{Text: text, Runs: -1, Enrollment: FlagNotSet}
		}
		read.Runs++
		if step[2] != "" {
			read.Enrollment = FlagState(step[2])
		}
	}
	return read
}
