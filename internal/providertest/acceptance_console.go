package providertest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// InConsole changes the application My Account of an organization, as somebody in the Console would:
//
//	enabled=false           the switch in its danger zone
//	factors=totp,email_otp  the last step of its login flow; without any, there is no such step
func (s *AccServer) InConsole(organization string, changes ...string) {
	s.t.Helper()
	s.Update(func(state *mockserver.State) {
		application := state.Organizations[organization].MyAccountApplication()
		for _, change := range changes {
			switch name, value, _ := strings.Cut(change, "="); name {
			case "enabled":
				application.ApplicationEnabled = new(value == "true")
			case "factors":
				application.AuthenticationSequence = consoleFlow(application.AuthenticationSequence, value)
			default:
				s.t.Errorf("nobody can change %s in the Console", change)
			}
		}
	})
}

// consoleFlow is a login flow that the Console has saved. It always has a script: where there was none, or one for
// another number of steps, the Console writes one that runs each step.
func consoleFlow(before *mockserver.AuthenticationSequence, factors string) *mockserver.AuthenticationSequence {
	if before == nil {
		before = &mockserver.AuthenticationSequence{}
	}
	steps := []mockserver.Step{{Options: []mockserver.StepOption{{Authenticator: "BasicAuthenticator"}}}}
	if len(before.Steps) > 0 {
		steps = slices.Clone(before.Steps[:1])
	}
	if factors != "" {
		var second mockserver.Step
		for name := range strings.SplitSeq(factors, ",") {
			i := slices.IndexFunc(KnownFlags, func(known KnownFlag) bool { return known.name == name+"_enabled" })
			second.Options = append(second.Options, mockserver.StepOption{Authenticator: KnownFlags[i].Authenticator})
		}
		steps = append(steps, second)
	}
	flow := &mockserver.AuthenticationSequence{Steps: steps, Script: before.Script}
	if flow.Script == "" || len(before.Steps) != len(steps) {
		flow.Script = ConsoleScript(len(steps))
	}
	return flow
}

// PrepareForExamples sets the organizations up so that hardly anything of them is what the examples declare. The login
// flow of bifrost is one that somebody has saved in the Console; the others have the server's own.
func (s *AccServer) PrepareForExamples() {
	s.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].Connections = map[string][]string{"Google": {"GoogleOIDCAuthenticator"}}
		state.Organizations["bifrost"].MyAccountApplication().AuthenticationSequence = &mockserver.AuthenticationSequence{
			Steps: []mockserver.Step{{Options: []mockserver.StepOption{
				{IDP: "Google", Authenticator: "GoogleOIDCAuthenticator"}, {Authenticator: "BasicAuthenticator"},
			}}},
		}
	})
	s.InConsole("bifrost", "factors=email_otp,backup_codes")
}

// Applications are the portals of all organizations as they are now, each in words.
func (s *AccServer) Applications() map[string]string {
	all := map[string]string{}
	for name, organization := range s.State().Organizations {
		application := organization.MyAccountApplication()
		text := fmt.Sprintf("disabled %t", application.ApplicationEnabled != nil && !*application.ApplicationEnabled)
		if flow := application.AuthenticationSequence; flow != nil && flow.Type != "DEFAULT" {
			text += fmt.Sprintf(", steps %v, script %s", optionsOf(flow.Steps), flow.Script)
		}
		all[name] = text
	}
	return all
}

// optionsOf are the authenticators of each step.
func optionsOf(steps []mockserver.Step) [][]string {
	var all [][]string
	for _, step := range steps {
		var options []string
		for _, option := range step.Options {
			options = append(options, option.Authenticator)
		}
		slices.Sort(options)
		all = append(all, options)
	}
	return all
}
