package providertest

import (
	"fmt"
	"strings"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// FlowConfig writes a flow down as configuration, in the notation of setFlow.
func FlowConfig(steps string) Values {
	var declared []any
	for _, step := range StepsOf(steps) {
		options := []any{}
		for _, option := range step.Options {
			written := Values{"authenticator": option.Authenticator}
			if option.IDP != "LOCAL" {
				written["connection"] = option.IDP
			}
			options = append(options, written)
		}
		declared = append(declared, Values{"options": options})
	}
	return Values{"steps": declared}
}

// WholeFlow returns everything of the stored flow: type, steps, ids and script.
func (w *Workspace) WholeFlow() string {
	sequence := w.Application().AuthenticationSequence
	if sequence == nil || sequence.Type == "DEFAULT" && sequence.Script == "" {
		return "DEFAULT"
	}
	return fmt.Sprint(w.Flow(), " ", max(1, sequence.SubjectStepID), " ", max(1, sequence.AttributeStepID), " ",
		sequence.Script)
}

// Conditional runs the second step for some users only.
const Conditional = `var onLoginRequest = function(context) {
    executeStep(1, {
        onSuccess: function(context) {
            if (context.request.headers["X-Risk"]) {
                executeStep(2);
            }
        }
    });
};
`

// ApplicationID is the id that the server has for the application.
func (w *Workspace) ApplicationID() string {
	w.T.Helper()
	data, diags := w.Start().Read(LoginFlowType, Values{})
	WantNoDiagnostics(w.T, diags)
	return data["application_id"].(string)
}

// PlanWithoutRefresh is "terraform plan -refresh=false".
func (w *Workspace) PlanWithoutRefresh(o *Object, config Values) *Plan {
	w.T.Helper()
	result := w.Start().Plan(o, config)
	WantNoError(w.T, result.Diags)
	return result
}

// LoginFlow is the configuration of a login flow, in the notation of stepsOf, with further arguments.
func (s *AccServer) LoginFlow(steps, arguments string) string {
	return s.Config(LoginFlowBlock(steps, arguments))
}

func LoginFlowBlock(steps, arguments string) string {
	var text strings.Builder
	for _, step := range StepsOf(steps) {
		text.WriteString("    {\n      options = [\n")
		for _, option := range step.Options {
			connection := ""
			if option.IDP != "LOCAL" {
				connection = fmt.Sprintf(", connection = %q", option.IDP)
			}
			fmt.Fprintf(&text, "        { authenticator = %q%s },\n", option.Authenticator, connection)
		}
		text.WriteString("      ]\n    },\n")
	}
	return fmt.Sprintf("resource %q \"this\" {\n  steps = [\n%s  ]\n%s\n}\n", LoginFlowType, text.String(), arguments)
}

// SetsFlow gives the application a login flow, as somebody in the Console would.
func (s *AccServer) SetsFlow(steps, script string) {
	s.Update(func(state *mockserver.State) {
		application := state.Organizations[mockserver.DefaultOrganization].MyAccountApplication()
		application.AuthenticationSequence = &mockserver.AuthenticationSequence{
			Type: "USER_DEFINED", Steps: StepsOf(steps), Script: script,
		}
	})
}

// HasFlow checks the steps that are stored.
func (s *AccServer) HasFlow(want string) func() {
	return func() {
		s.t.Helper()
		w := &Workspace{T: s.t, Mock: s.Server}
		w.WantFlow(want)
	}
}
