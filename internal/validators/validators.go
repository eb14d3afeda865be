// Package validators checks single arguments, and says of a wrong one what was probably meant.
package validators

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/words"
)

// Text accepts a text that its check finds nothing wrong with. Null and unknown values are not judged.
type Text struct {
	description string
	summary     string // of the error
	Check       func(text string) error
}

// New returns a validator. Its description completes "the value must be …", and its summary heads the error.
func New(description, summary string, check func(text string) error) Text {
	return Text{description, summary, check}
}

// Description says what is accepted.
func (v Text) Description(context.Context) string {
	return v.description
}

// MarkdownDescription is the same: there is nothing to mark up.
func (v Text) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

// ValidateString adds an error for a text that the check finds something wrong with.
func (v Text) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := v.Check(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, v.summary, words.UpperFirst(err.Error())+".")
	}
}

// Parsed returns a validator of what is read by a function. Its errors are the function's.
func Parsed[T any](description, summary string, parse func(text string) (T, error)) Text {
	return New(description, summary, func(text string) error {
		_, err := parse(text)
		return err
	})
}

// Choice accepts one of a few words. Where another one is given, it names the word that was probably meant.
func Choice(argument string, choices ...string) Text {
	return New("one of "+words.Quoted(choices, " and "), "Invalid "+argument, func(text string) error {
		if slices.Contains(choices, text) {
			return nil
		}
		meant := words.Nearest(text, choices)
		if meant == "" {
			return fmt.Errorf("%q is no value of %s. Write %s", text, argument, words.Quoted(choices, " or "))
		}
		others := slices.DeleteFunc(slices.Clone(choices), func(choice string) bool { return choice == meant })
		return fmt.Errorf("%q is no value of %s. Write %q; it can also be %s",
			text, argument, meant, words.Quoted(others, " or "))
	})
}

// NotEmpty refuses an empty text, which is no way to leave an argument out.
var NotEmpty = New("a text that is not empty", "Empty text", func(text string) error {
	if text == "" {
		return errors.New("it is empty. Give it a value, or leave it out (null)")
	}
	return nil
})

// Organization accepts what can be the name of an organization.
var Organization = New("the name of an organization", "Invalid organization", asgardeo.ValidateOrganization)

// Duration accepts a time limit.
func Duration(argument string) Text {
	return Parsed(`a duration above zero, such as "45s"`, "Invalid "+argument, ParseDuration)
}

// ParseDuration reads a time limit. Less than a millisecond is a slip of the unit, not a wish.
func ParseDuration(text string) (time.Duration, error) {
	duration, err := time.ParseDuration(text)
	if err != nil || duration < time.Millisecond {
		return 0, fmt.Errorf(
			`%q is not a time limit: expected is a number with a unit, above zero, such as "45s" or "2m"`, text)
	}
	return duration, nil
}

// Printable refuses what a terminal would act on. What the server has of it is left out of the state
// (words.WithoutControls), so that Terraform would find a difference each time.
var Printable = New("a text without control characters", "Control characters", func(text string) error {
	if words.WithoutControls(text) != text {
		return errors.New("it has control characters besides tab and line break")
	}
	return nil
})

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
