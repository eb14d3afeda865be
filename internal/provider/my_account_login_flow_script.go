package provider

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

var (
	// scriptAside are the parts of a script that are no code: comments and texts.
	scriptAside = regexp.MustCompile(
		`(?s)//[^\r\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|` + "`(?:\\\\.|[^`\\\\])*`")
	scriptLoop = regexp.MustCompile(`\b(?:for|while|forEach)\b`)
	scriptCall = regexp.MustCompile(`\bexecuteStep\s*\(\s*([^,)\s]*)`)
)

// judgeScript has doubts about a script. What it does is not known, so nothing here is an error.
func judgeScript(script string, steps int) diag.Diagnostics {
	var diags diag.Diagnostics
	doubt := func(summary, format string, args ...any) {
		diags.AddAttributeWarning(path.Root("script"), summary, fmt.Sprintf(format, args...))
	}
	code := scriptAside.ReplaceAllString(script, `""`)
	if loop := scriptLoop.FindString(code); loop != "" {
		doubt("Loop in the script", "The script has a loop (%s), and most servers refuse such scripts. Write the steps out, or use "+
			"the functions that the server offers for lists.", loop)
	}
	called, computed := map[int]bool{}, false
	for _, call := range scriptCall.FindAllStringSubmatch(code, -1) {
		number, err := strconv.Atoi(call[1])
		if err != nil {
			computed = true
			continue
		}
		called[number] = true
	}
	var missing []string
	for number := 1; number <= steps; number++ {
		if !called[number] {
			missing = append(missing, strconv.Itoa(number))
		}
		delete(called, number)
	}
	if len(missing) > 0 && !computed {
		doubt("Step that the script never runs", "Nowhere in the script is executeStep called for step %s, so no user gets there. Call "+
			"it, or take the step out of steps.", strings.Join(missing, ", "))
	}
	for number := range called {
		doubt("Step that does not exist", "The script calls executeStep(%d), but the flow has %s, counted from 1. Users who get there "+
			"cannot sign in.", number, counted(steps, "step"))
		break
	}
	return diags
}
