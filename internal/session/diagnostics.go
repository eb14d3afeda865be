package session

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
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

// UnableTo explains a call that failed, or says why a check refused it. The action completes "Unable to …".
func UnableTo(action string, err error) diag.Diagnostics {
	if refused, ok := errors.AsType[Refusal](err); ok {
		return refused.Diagnostics
	}
	return OneError("Unable to "+action, explain.Error(err))
}

// NotRefreshed says why a resource stays as it is in the state.
func (r *Resource) NotRefreshed(organization types.String) diag.Diagnostics {
	return OneWarning(
		fmt.Sprintf("The %s of %q: not refreshed", r.Thing, organization.ValueString()),
		fmt.Sprintf(notRefreshed, strings.Join(r.UnknownArguments, ", ")))
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

// Known reports that a value is there, and is known.
func Known(value attr.Value) bool {
	return !value.IsNull() && !value.IsUnknown()
}

// NameInText is an organization's name in a message, also while it is not known.
func NameInText(organization types.String) string {
	if organization.IsUnknown() {
		return "an organization that is not known yet"
	}
	return fmt.Sprintf("%q", organization.ValueString())
}
