package providertest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// This file looks at the errors and warnings that the user gets to read.

type Diagnostics []*tfprotov6.Diagnostic

func (d Diagnostics) of(severity tfprotov6.DiagnosticSeverity) Diagnostics {
	return slices.DeleteFunc(slices.Clone(d), func(one *tfprotov6.Diagnostic) bool { return one.Severity != severity })
}

func (d Diagnostics) Errors() Diagnostics { return d.of(tfprotov6.DiagnosticSeverityError) }

func (d Diagnostics) Warnings() Diagnostics { return d.of(tfprotov6.DiagnosticSeverityWarning) }

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

// WantAbsent insists that a text holds none of the fragments.
func WantAbsent(t Tester, text string, fragments ...string) {
	t.Helper()
	for _, fragment := range fragments {
		if strings.Contains(text, fragment) {
			t.Errorf("the text holds %q:\n%s", fragment, text)
		}
	}
}

// About keeps the diagnostics whose summary holds a fragment.
func (d Diagnostics) About(fragment string) Diagnostics {
	return slices.DeleteFunc(
		slices.Clone(d),
		func(one *tfprotov6.Diagnostic) bool { return !strings.Contains(one.Summary, fragment) },
	)
}
