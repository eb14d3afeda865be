package session

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// OneError, oneErrorAt, oneWarning and oneWarningAt return an error or a warning alone.
func OneError(title, detail string) diag.Diagnostics {
	return diag.Diagnostics{diag.NewErrorDiagnostic(title, detail)}
}

func OneErrorAt(at path.Path, title, detail string) diag.Diagnostics {
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(at, title, detail)}
}

func OneWarning(title, detail string) diag.Diagnostics {
	return diag.Diagnostics{diag.NewWarningDiagnostic(title, detail)}
}

func OneWarningAt(at path.Path, title, detail string) diag.Diagnostics {
	return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(at, title, detail)}
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
