package asgardeo

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// scriptForm is what a login script does, as far as this package can tell.
type scriptForm struct {
	own        bool  // somebody wrote it: nobody can tell what it does
	runs       int   // how many steps it executes, from the first
	enrollment Value // what it says about TOTP enrollment; NotSet where it says nothing
	idle       bool  // it says so in a step that offers no TOTP anymore
}

// form recognizes the scripts that the Console generates, and those that this package does. White space means nothing,
// as in the Console. Without a script all steps are executed.
func (f LoginFlow) form() scriptForm {
	script := bare(f.Script)
	if script == "" {
		return scriptForm{runs: len(f.Steps), enrollment: NotSet}
	}
	if runs := plainSteps(script); runs > 0 {
		return scriptForm{runs: runs, enrollment: NotSet}
	}
	for _, enrollment := range []Value{On, Off} {
		if script == bare(f.generatedScript(enrollment)) {
			return scriptForm{runs: len(f.Steps), enrollment: enrollment}
		}
	}
	// The Console leaves the script alone when somebody takes TOTP out of a step that other factors stay in.
	former := f.withTOTP()
	for _, enrollment := range []Value{On, Off} {
		if script == bare(former.generatedScript(enrollment)) {
			return scriptForm{runs: len(f.Steps), enrollment: enrollment, idle: true}
		}
	}
	return scriptForm{own: true, runs: len(f.Steps), enrollment: NotSet}
}

// withTOTP returns the flow as if its last step offered TOTP.
func (f LoginFlow) withTOTP() LoginFlow {
	if len(f.Steps) == 0 {
		return f
	}
	steps := slices.Clone(f.Steps)
	last := &steps[len(steps)-1]
	last.Options = slices.Concat(last.Options, []LoginOption{{Authenticator: "totp"}})
	f.Steps = steps
	return f
}

const (
	scriptHead = "var onLoginRequest = function(context) {\n"
	scriptTail = "};\n"
	// enrollmentArguments of executeStep override what the organization says about enrollment.
	enrollmentArguments = `, {
        authenticatorParams: {
            common: {
                'enrolUserInAuthenticationFlow': '%t'
            }
        }
    }, {}`
)

// generatedScript executes every step. If enrollment is on or off, it says so in each step that asks for TOTP as
// second factor; otherwise it is, to the byte, what the Console generates.
func (f LoginFlow) generatedScript(enrollment Value) string {
	asking := f.secondFactorSteps()
	var script strings.Builder
	script.WriteString(scriptHead)
	for i, step := range f.Steps {
		arguments := ""
		if on, known := enrollment.Bool(); known && step.offers(TOTP) && slices.Contains(asking, i+1) {
			arguments = fmt.Sprintf(enrollmentArguments, on)
		}
		fmt.Fprintf(&script, "    executeStep(%d%s);\n", i+1, arguments)
	}
	script.WriteString(scriptTail)
	return script.String()
}

// plainSteps returns how many steps a bare script executes, one after the other and nothing else; 0 for other scripts.
func plainSteps(script string) int {
	rest, found := strings.CutPrefix(script, bare(scriptHead))
	runs := 0
	for found {
		if rest, found = strings.CutPrefix(rest, fmt.Sprintf("executeStep(%d);", runs+1)); found {
			runs++
		}
	}
	if rest != bare(scriptTail) {
		return 0
	}
	return runs
}

// bare removes white space from a script, and the difference between the two kinds of quotes.
func bare(script string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case r == '"':
			return '\''
		}
		return r
	}, script)
}

func blank(script string) bool {
	return strings.TrimSpace(script) == ""
}

// comparableScript is equal for two scripts that differ in nothing but layout. The layout of a script that somebody
// wrote is theirs, except for the line ends, which change on the way.
func (f LoginFlow) comparableScript() string {
	if !f.form().own {
		return bare(f.Script)
	}
	return strings.TrimRight(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(f.Script), "\n")
}

// scriptMeaning is equal for two scripts that do the same with the flow's steps. It is empty where that is to execute
// them all and nothing else, be it with a generated script or without one.
func (f LoginFlow) scriptMeaning() string {
	form := f.form()
	if says := form.enrollment != NotSet && !form.idle; !form.own && form.runs == len(f.Steps) && !says {
		return ""
	}
	return f.comparableScript()
}
