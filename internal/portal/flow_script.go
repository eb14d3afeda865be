package portal

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
func (f Flow) form() scriptForm {
	form := scriptForm{runs: len(f.Steps), enrollment: NotSet}
	script := bare(f.Script)
	if script == "" {
		return form
	}
	plain := Flow{Steps: make([]Step, strings.Count(script, "executeStep("))}
	if len(plain.Steps) > 0 && script == bare(plain.generatedScript(NotSet)) {
		form.runs = len(plain.Steps)
		return form
	}
	// The Console leaves the script alone when somebody takes TOTP out of a step that other factors stay in.
	former := f.withTOTP()
	for _, enrollment := range []Value{On, Off} {
		now := script == bare(f.generatedScript(enrollment))
		if now || script == bare(former.generatedScript(enrollment)) {
			form.enrollment, form.idle = enrollment, !now
			return form
		}
	}
	form.own = true
	return form
}

// withTOTP returns the flow as if its last step offered TOTP.
func (f Flow) withTOTP() Flow {
	if len(f.Steps) == 0 {
		return f
	}
	f.Steps = slices.Clone(f.Steps)
	last := &f.Steps[len(f.Steps)-1]
	last.Options = append(slices.Clip(last.Options), Option{Authenticator: "totp"})
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

// generatedScript executes every step, to the byte as the Console's does. If enrollment is on or off, it says so in
// each step that asks for TOTP as second factor.
func (f Flow) generatedScript(enrollment Value) string {
	second := f.secondFactorSteps()
	var script strings.Builder
	script.WriteString(scriptHead)
	for i, step := range f.Steps {
		arguments := ""
		if on, known := enrollment.Bool(); known && step.offers(TOTP) && slices.Contains(second, i+1) {
			arguments = fmt.Sprintf(enrollmentArguments, on)
		}
		fmt.Fprintf(&script, "    executeStep(%d%s);\n", i+1, arguments)
	}
	script.WriteString(scriptTail)
	return script.String()
}

// HasOwnScript reports that somebody wrote the script: nobody can tell what it does.
func (f Flow) HasOwnScript() bool {
	return f.form().own
}

// ScriptOrGenerated is the flow's script, or one that executes every step where it has none.
func (f Flow) ScriptOrGenerated() string {
	if bare(f.Script) == "" {
		return f.generatedScript(NotSet)
	}
	return f.Script
}

// storedScript is the script that the server keeps with the application. What it shows with its own flow is not.
func (f Flow) storedScript() string {
	if f.Kind == ServerFlow {
		return ""
	}
	return f.Script
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

// scriptEffect is equal for two scripts that do the same with the flow's steps, and empty where that is to execute them
// all. The layout of a script that somebody wrote is theirs, except for the line ends, which change on the way.
func (f Flow) scriptEffect() string {
	switch form := f.form(); {
	case form.own:
		return strings.TrimRight(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(f.Script), "\n")
	case form.runs == len(f.Steps) && (form.enrollment == NotSet || form.idle):
		return ""
	}
	return bare(f.Script)
}
