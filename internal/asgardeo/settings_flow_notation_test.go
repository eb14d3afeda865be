package asgardeo

import (
	"strings"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// Login flows in a short notation, as the tests of package portal write them.

const (
	consoleScript2 = "var onLoginRequest = function(context) {\n    executeStep(1);\n    executeStep(2);\n};\n"

	sms   = "sms-otp-authenticator"
	basic = "BasicAuthenticator"
)

// flowOf writes a flow down: steps are parted by "|", options by blanks, and "Google/OIDC" is the authenticator OIDC of
// the connection Google. The flow is the application's own, and step 1 identifies the user.
func flowOf(steps, script string) portal.Flow {
	flow := portal.Flow{Kind: portal.OwnFlow, Script: script, SubjectStep: 1, AttributeStep: 1}
	for options := range strings.SplitSeq(steps, "|") {
		var step portal.Step
		for name := range strings.FieldsSeq(options) {
			connection, authenticator, federated := strings.Cut(name, "/")
			if !federated {
				connection, authenticator = "", name
			}
			step.Options = append(step.Options, portal.Option{Connection: connection, Authenticator: authenticator})
		}
		flow.Steps = append(flow.Steps, step)
	}
	return flow
}

// notationOf is the opposite of flowOf.
func notationOf(flow portal.Flow) string {
	var steps []string
	for _, step := range flow.Steps {
		var options []string
		for _, option := range step.Options {
			name := option.Authenticator
			if option.Connection != "" {
				name = option.Connection + "/" + name
			}
			options = append(options, name)
		}
		steps = append(steps, strings.Join(options, " "))
	}
	return strings.Join(steps, " | ")
}

// ofServer turns a flow into one that the server shows because the application has none.
func ofServer(flow portal.Flow) portal.Flow {
	flow.Kind = portal.ServerFlow
	return flow
}

func identifiedIn(flow portal.Flow, subject, attributes int) portal.Flow {
	flow.SubjectStep, flow.AttributeStep = subject, attributes
	return flow
}

// enrollmentScript2 is a script for two steps that says in the second whether users enroll.
func enrollmentScript2(value string) string {
	return "var onLoginRequest = function(context) {\n  executeStep(1);\n  executeStep(2, {" +
		"authenticatorParams:{common:{'enrolUserInAuthenticationFlow':'" + value + "'}}}, {});\n};"
}
