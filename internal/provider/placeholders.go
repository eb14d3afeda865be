package provider

import (
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

var (
	// placeholder is what examples have where a value belongs.
	placeholder = regexp.MustCompile(
		`(?i)^(<.*>|\[.*\]|(replace|change)[-_ ]?(me|this|it)|your[-_ ].*|x{4,}|\*{3,}|\.{3}|…|todo|tbd)$`)
	// quotedExpression is an expression that became a text, because it stands in quotes or was escaped.
	quotedExpression = regexp.MustCompile(
		`^\$\{.*\}$|^(var|local|data|module|ephemeral)(\.[A-Za-z_][A-Za-z0-9_-]*)+$`)
)

// doubtPlaceholder warns of a text that somebody forgot to replace. It does not repeat the text: it may be a secret all
// the same.
func doubtPlaceholder(at path.Path, name, text string) diag.Diagnostics {
	var advice string
	switch {
	case placeholder.MatchString(text):
		advice = "Its value looks like a placeholder of an example. Replace it with the real one."
	case quotedExpression.MatchString(text):
		advice = "Its value looks like an expression, and is a plain text. Write the expression without quotes, as in " +
			"var.name."
	default:
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(at, name+" is a placeholder", advice)}
}
