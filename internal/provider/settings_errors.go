package provider

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// What a write of settings says when it fails.

// refusal carries diagnostics of a check through the client.
type refusal struct {
	diags diag.Diagnostics
}

func (r refusal) Error() string {
	return r.diags.Errors()[0].Summary()
}

// addWriteError says what went wrong. The outcome says what comes of what was written all the same, which it has a %s for.
func (k *settingsKind) addWriteError(
	diags *diag.Diagnostics, action string, err error, want asgardeo.Settings, written asgardeo.Written, outcome string,
) {
	var lines []string
	line := func(setting asgardeo.Setting) string {
		before := asgardeo.Unknown
		if on, known := want[setting].Bool(); known {
			before = asgardeo.ValueOf(!on)
		}
		return transition(setting, before, valueText(want[setting]))
	}
	for _, setting := range written.Changed {
		lines = append(lines, line(setting))
	}
	for _, setting := range written.Uncertain {
		lines = append(lines, line(setting)+" (perhaps: nothing confirms it)")
	}
	var detail []string
	if refused, ok := errors.AsType[refusal](err); ok {
		diags.Append(refused.diags...)
	} else {
		detail = append(detail, explain(err))
	}
	if len(lines) > 0 {
		detail = append(detail, fmt.Sprintf(outcome, strings.Join(lines, "\n")))
	}
	if len(detail) == 0 {
		return
	}
	diags.AddError("Unable to "+action, strings.Join(detail, "\n\n"))
}
