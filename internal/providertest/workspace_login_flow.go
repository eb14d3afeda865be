package providertest

import (
	"fmt"
	"strings"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// The authenticators of login flows, as StepsOf reads them: the server's own, and one of the connection Google.
const (
	Password = "BasicAuthenticator"
	Passkey  = "FIDOAuthenticator"
	EmailOTP = "email-otp-authenticator"
	SMSOTP   = "sms-otp-authenticator"
	Backup   = "backup-code-authenticator"
	Google   = "Google/GoogleOIDCAuthenticator"
)

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

// ConsoleScript is what the Console stores for a flow of n steps when nobody has written a script.
func ConsoleScript(n int) string {
	return savedScript(make([][]mockserver.StepOption, n), FlagNotSet)
}

// StepsOf reads a login flow in one line: steps are parted by "|", options by blanks, and a connection's option is
// written connection/authenticator.
func StepsOf(text string) []mockserver.Step {
	var steps []mockserver.Step
	for i, step := range strings.Split(text, "|") {
		steps = append(steps, mockserver.Step{ID: i + 1})
		for option := range strings.FieldsSeq(step) {
			connection, authenticator, federated := strings.Cut(option, "/")
			if !federated {
				connection, authenticator = "LOCAL", option
			}
			steps[i].Options = append(steps[i].Options, mockserver.StepOption{IDP: connection, Authenticator: authenticator})
		}
	}
	return steps
}

// FlowConfig is the configuration of a login flow, in the notation of StepsOf.
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

// Application returns a copy of the portal's application in "bifrost".
func (w *Workspace) Application() *mockserver.Application {
	return w.Mock.State().Organizations["bifrost"].MyAccountApplication()
}

// Edit changes the application as somebody in the Console would.
func (w *Workspace) Edit(change func(*mockserver.Application)) {
	w.Mock.Update(func(state *mockserver.State) { change(state.Organizations["bifrost"].MyAccountApplication()) })
}

// SwitchPortal switches the application.
func (w *Workspace) SwitchPortal(on bool) {
	w.Edit(func(a *mockserver.Application) { a.ApplicationEnabled = new(on) })
}

// SetFlow gives the application a login flow of its own, in the notation of StepsOf.
func (w *Workspace) SetFlow(steps, script string) {
	w.Edit(func(a *mockserver.Application) {
		a.AuthenticationSequence = &mockserver.AuthenticationSequence{
			Type: "USER_DEFINED", Steps: StepsOf(steps), Script: script,
		}
	})
}

// Flow returns type and steps of the stored login flow, such as "USER_DEFINED BasicAuthenticator | totp".
func (w *Workspace) Flow() string {
	sequence := w.Application().AuthenticationSequence
	if sequence == nil {
		return "DEFAULT"
	}
	var steps []string
	for _, step := range sequence.Steps {
		var options []string
		for _, option := range step.Options {
			name := option.Authenticator
			if option.IDP != "LOCAL" && option.IDP != "" {
				name = option.IDP + "/" + name
			}
			options = append(options, name)
		}
		steps = append(steps, strings.Join(options, " "))
	}
	return strings.TrimSpace(sequence.Type + " " + strings.Join(steps, " | "))
}

// WantFlow insists on the stored login flow, as Flow writes it.
func (w *Workspace) WantFlow(want string) {
	w.T.Helper()
	if got := w.Flow(); got != want {
		w.T.Errorf("the login flow is\n%s, want\n%s", got, want)
	}
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

// Script is the stored login script without white space.
func (w *Workspace) Script() string {
	sequence := w.Application().AuthenticationSequence
	if sequence == nil {
		return ""
	}
	return strings.Join(strings.Fields(sequence.Script), "")
}

// ApplicationID is the id that the server has for the application.
func (w *Workspace) ApplicationID() string {
	w.T.Helper()
	data, diags := w.Start().Read(LoginFlowType, Values{})
	WantNoDiagnostics(w.T, diags)
	return data["application_id"].(string)
}
