package provider

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// failedWrite is a write of settings that failed, or was refused.
type failedWrite struct {
	action  string // completes "Unable to …"
	err     error
	want    asgardeo.Settings
	written asgardeo.Written // all the same
	outcome string           // what comes of that, which it has a %s for
}

// diagnostics say what went wrong.
func (f failedWrite) diagnostics() diag.Diagnostics {
	var diags diag.Diagnostics
	var detail []string
	if refused, ok := errors.AsType[refusal](f.err); ok {
		diags.Append(refused.diags...)
	} else {
		detail = append(detail, explain(f.err))
	}
	if lines := f.lines(); len(lines) > 0 {
		detail = append(detail, fmt.Sprintf(f.outcome, strings.Join(lines, "\n")))
	}
	if len(detail) > 0 {
		diags.AddError("Unable to "+f.action, strings.Join(detail, "\n\n"))
	}
	return diags
}

// lines are what was written, or may have been.
func (f failedWrite) lines() []string {
	var lines []string
	for _, setting := range f.written.Changed {
		lines = append(lines, f.line(setting))
	}
	for _, setting := range f.written.Uncertain {
		lines = append(lines, f.line(setting)+" (perhaps: nothing confirms it)")
	}
	return lines
}

func (f failedWrite) line(setting asgardeo.Setting) string {
	before := asgardeo.Unknown
	if on, known := f.want[setting].Bool(); known {
		before = asgardeo.ValueOf(!on)
	}
	return transition(setting, before, valueText(f.want[setting]))
}
