package validators

import (
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

var (
	// Placeholder is what examples have where a value belongs.
	Placeholder = regexp.MustCompile(
		`(?i)^(<.*>|\[.*\]|(replace|change)[-_ ]?(me|this|it)|your[-_ ].*|x{4,}|\*{3,}|\.{3}|…|todo|tbd)$`)
	// QuotedExpression is an expression that became a text, because it stands in quotes or was escaped.
	QuotedExpression = regexp.MustCompile(
		`^\$\{.*\}$|^(var|local|data|module|ephemeral)(\.[A-Za-z_][A-Za-z0-9_-]*)+$`)
)

// WarnOfPlaceholder warns of a text that somebody forgot to replace. It does not repeat the text: it may be a secret
// all the same.
func WarnOfPlaceholder(at path.Path, name, text string) diag.Diagnostics {
	var advice string
	switch {
	case Placeholder.MatchString(text):
		advice = "Its value looks like a placeholder of an example. Replace it with the real one."
	case QuotedExpression.MatchString(text):
		advice = "Its value looks like an expression, and is a plain text. Write the expression without quotes, as in " +
			"var.name."
	default:
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(at, name+" is a placeholder", advice)}
}
