package mockserver

import (
	"fmt"
	"slices"
	"strings"
)

// sequencePatch is the body of a change of the login flow. A script that is left out stays as it is.
func sequencePatch(flow sequenceBody) any {
	return map[string]sequenceBody{"authenticationSequence": flow}
}

// hasFactor says whether a step for second factors has one.
func hasFactor(flow sequenceBody, authenticator string) bool {
	return slices.ContainsFunc(secondSteps(flow.Steps), func(i int) bool {
		return flow.Steps[i].offers(optionBody{IDP: localIDP, Authenticator: authenticator})
	})
}

// withFactor switches a second factor in a login flow as the Console does: in the step that asks for one, which comes
// and goes with its last option. Where that changes the number of steps, the script is written anew, unless it is
// somebody's own.
func withFactor(flow sequenceBody, authenticator string, on bool) sequenceBody {
	script := readScript(flow.Script)
	said := ""
	for _, value := range script.enrollment {
		said = max(said, value)
	}
	steps := slices.Clone(flow.Steps)
	factor := optionBody{IDP: localIDP, Authenticator: authenticator}
	second := secondSteps(steps)
	if on {
		if len(second) == 0 {
			steps = append(steps, stepBody{ID: len(steps) + 1})
			second = []int{len(steps) - 1}
		}
		last := &steps[second[len(second)-1]]
		last.Options = append(slices.Clone(last.Options), factor)
	} else {
		for _, i := range second {
			steps[i].Options = slices.DeleteFunc(slices.Clone(steps[i].Options), factor.is)
		}
		steps = slices.DeleteFunc(steps, func(s stepBody) bool { return len(s.Options) == 0 })
		for i := range steps {
			steps[i].ID = i + 1
		}
	}
	changed := len(steps) != len(flow.Steps)
	flow.Type, flow.Steps, flow.Script = sequenceUserDefined, steps, ""
	if changed && !script.own {
		flow.Script = consoleScript(steps, said)
	}
	return flow
}

func (o optionBody) is(other optionBody) bool {
	return o.IDP == other.IDP && o.Authenticator == other.Authenticator
}

func (s stepBody) offers(option optionBody) bool { return slices.ContainsFunc(s.Options, option.is) }

// secondSteps are the places of the steps for second factors: those behind one that finds out who the user is.
func secondSteps(steps []stepBody) []int {
	var second []int
	identified := false
	for i, step := range steps {
		if identified {
			second = append(second, i)
		}
		identified = identified || slices.ContainsFunc(step.Options, func(o optionBody) bool {
			return StepOption{o.IDP, o.Authenticator}.identifies()
		})
	}
	return second
}

// enrollmentArguments say in a login script whether users can enroll in TOTP in a step.
const enrollmentArguments = `, {
        authenticatorParams: {
            common: {
                'enrolUserInAuthenticationFlow': '%s'
            }
        }
    }, {}`

// consoleScript executes every step. What it says about TOTP enrollment, "true", "false" or nothing, it says in each
// step with TOTP as second factor.
func consoleScript(steps []stepBody, enrollment string) string {
	var script strings.Builder
	script.WriteString("var onLoginRequest = function(context) {\n")
	second, totp := secondSteps(steps), optionBody{IDP: localIDP, Authenticator: totpAuthenticator}
	for i, step := range steps {
		arguments := ""
		if enrollment != "" && slices.Contains(second, i) && step.offers(totp) {
			arguments = fmt.Sprintf(enrollmentArguments, enrollment)
		}
		fmt.Fprintf(&script, "    executeStep(%d%s);\n", i+1, arguments)
	}
	script.WriteString("};\n")
	return script.String()
}
