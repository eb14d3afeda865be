package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// oneError, oneErrorAt, oneWarning and oneWarningAt return an error or a warning alone.
func oneError(title, detail string) diag.Diagnostics {
	return diag.Diagnostics{diag.NewErrorDiagnostic(title, detail)}
}

func oneErrorAt(at path.Path, title, detail string) diag.Diagnostics {
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(at, title, detail)}
}

func oneWarning(title, detail string) diag.Diagnostics {
	return diag.Diagnostics{diag.NewWarningDiagnostic(title, detail)}
}

func oneWarningAt(at path.Path, title, detail string) diag.Diagnostics {
	return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(at, title, detail)}
}

// asWarnings lowers errors about what the plan does not change.
func asWarnings(found diag.Diagnostics) diag.Diagnostics {
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
