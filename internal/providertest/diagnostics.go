package providertest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Diagnostics are the errors and warnings that the user gets to read.
type Diagnostics []*tfprotov6.Diagnostic

// Errors returns the errors among them.
func (d Diagnostics) Errors() Diagnostics { return d.of(tfprotov6.DiagnosticSeverityError) }

// Warnings returns the warnings among them.
func (d Diagnostics) Warnings() Diagnostics { return d.of(tfprotov6.DiagnosticSeverityWarning) }

func (d Diagnostics) of(severity tfprotov6.DiagnosticSeverity) Diagnostics {
	return slices.DeleteFunc(slices.Clone(d), func(one *tfprotov6.Diagnostic) bool { return one.Severity != severity })
}

// About returns those whose summary holds a fragment.
func (d Diagnostics) About(fragment string) Diagnostics {
	return slices.DeleteFunc(
		slices.Clone(d),
		func(one *tfprotov6.Diagnostic) bool { return !strings.Contains(one.Summary, fragment) },
	)
}

// WithoutSignOutWarning leaves out the warning that goes with every switch from on to off of the application. The model
// and the checks of the application insist on it.
func WithoutSignOutWarning(diags Diagnostics) Diagnostics {
	return slices.DeleteFunc(slices.Clone(diags), func(one *tfprotov6.Diagnostic) bool {
		return strings.HasPrefix(one.Summary, "Switching off the My Account portal of ")
	})
}

// String is all that the user gets to read, with the paths of the attributes.
func (d Diagnostics) String() string {
	var text strings.Builder
	for _, one := range d {
		fmt.Fprintf(&text, "%s: %s [%s]\n%s\n\n", one.Severity, one.Summary, pathText(one.Attribute), one.Detail)
	}
	return text.String()
}

// pathText writes a path as in HCL. The empty path is the empty text.
func pathText(path *tftypes.AttributePath) string {
	if path == nil {
		return ""
	}
	var text strings.Builder
	for _, step := range path.Steps() {
		switch step := step.(type) {
		case tftypes.AttributeName:
			text.WriteString("." + string(step))
		case tftypes.ElementKeyString:
			fmt.Fprintf(&text, "[%q]", string(step))
		case tftypes.ElementKeyInt:
			fmt.Fprintf(&text, "[%d]", int64(step))
		}
	}
	return strings.TrimPrefix(text.String(), ".")
}

// WantNoDiagnostics fails the test when there is anything to read.
func WantNoDiagnostics(t Tester, diags Diagnostics) {
	t.Helper()
	if len(diags) > 0 {
		t.Fatalf("unexpected diagnostics:\n%s", diags)
	}
}

// WantNoError fails the test when there is an error.
func WantNoError(t Tester, diags Diagnostics) {
	t.Helper()
	if len(diags.Errors()) > 0 {
		t.Fatalf("unexpected errors:\n%s", diags)
	}
}

// WantError insists on exactly one error, whose path, summary and detail together hold all the fragments.
func WantError(t Tester, diags Diagnostics, fragments ...string) {
	t.Helper()
	wantOne(t, "error", diags.Errors(), diags, fragments)
}

// WantWarning insists on exactly one warning likewise, and on no error.
func WantWarning(t Tester, diags Diagnostics, fragments ...string) {
	t.Helper()
	WantNoError(t, diags)
	wantOne(t, "warning", diags.Warnings(), diags, fragments)
}

func wantOne(t Tester, kind string, found, all Diagnostics, fragments []string) {
	t.Helper()
	if len(found) != 1 {
		t.Fatalf("got %d %ss, want one with %q:\n%s", len(found), kind, fragments, all)
	}
	for _, fragment := range fragments {
		if !strings.Contains(found.String(), fragment) {
			t.Errorf("the %s lacks %q:\n%s", kind, fragment, found)
		}
	}
}

// WantText insists that exactly one diagnostic has a summary that holds a fragment, and on parts of what it says.
func WantText(t Tester, diags Diagnostics, summary string, parts ...string) {
	t.Helper()
	found := diags.About(summary)
	if len(found) != 1 {
		t.Fatalf("%d diagnostics about %q, want 1:\n%s", len(found), summary, diags)
	}
	for _, part := range parts {
		if !strings.Contains(found.String(), part) {
			t.Errorf("%q is missing in:\n%s", part, found)
		}
	}
}

// WantAbsent insists that a text holds none of the fragments.
func WantAbsent(t Tester, text string, fragments ...string) {
	t.Helper()
	for _, fragment := range fragments {
		if strings.Contains(text, fragment) {
			t.Errorf("the text holds %q:\n%s", fragment, text)
		}
	}
}
