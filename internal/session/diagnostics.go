package session

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/explain"
)

// OneError returns an error alone.
func OneError(title, detail string) diag.Diagnostics {
	return diag.Diagnostics{diag.NewErrorDiagnostic(title, detail)}
}

// OneErrorAt returns an error about an attribute alone.
func OneErrorAt(at path.Path, title, detail string) diag.Diagnostics {
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(at, title, detail)}
}

// OneWarning returns a warning alone.
func OneWarning(title, detail string) diag.Diagnostics {
	return diag.Diagnostics{diag.NewWarningDiagnostic(title, detail)}
}

// OneWarningAt returns a warning about an attribute alone.
func OneWarningAt(at path.Path, title, detail string) diag.Diagnostics {
	return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(at, title, detail)}
}

// UnableTo is the diagnostic for a failed call. The action completes "Unable to …".
func UnableTo(action string, err error) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Unable to "+action, explain.Error(err))
}

// NotRefreshed says why a resource stays as it is in the state.
func (d *Data) NotRefreshed(thing string, organization types.String) diag.Diagnostic {
	return diag.NewWarningDiagnostic(
		fmt.Sprintf("The %s of %q: not refreshed", thing, organization.ValueString()),
		fmt.Sprintf(notRefreshed, strings.Join(d.UnknownArguments, ", ")))
}

// AsWarnings lowers errors about what the plan does not change.
func AsWarnings(found diag.Diagnostics) diag.Diagnostics {
	var warnings diag.Diagnostics
	for _, diagnostic := range found {
		if at, ok := diagnostic.(diag.DiagnosticWithPath); ok {
			warnings.AddAttributeWarning(at.Path(), diagnostic.Summary(), diagnostic.Detail())
			continue
		}
		warnings.AddWarning(diagnostic.Summary(), diagnostic.Detail())
	}
	return warnings
}

// Refusal carries diagnostics of a check through the client.
type Refusal struct {
	Diagnostics diag.Diagnostics
}

func (r Refusal) Error() string {
	return r.Diagnostics.Errors()[0].Summary()
}
