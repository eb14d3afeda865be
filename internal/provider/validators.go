package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// textValidator accepts a text that its check finds nothing wrong with. Null and unknown values are not judged.
type textValidator struct {
	description string
	summary     string // of the error
	check       func(text string) error
}

func (v textValidator) Description(context.Context) string {
	return v.description
}

func (v textValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (v textValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := v.check(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, v.summary, upperFirst(err.Error())+".")
	}
}

// choiceValidator accepts one of a few words. Where another one is given, it names the word that was probably meant.
func choiceValidator(argument string, choices ...string) textValidator {
	return textValidator{"one of " + quoted(choices, " and "), "Invalid " + argument, func(text string) error {
		if slices.Contains(choices, text) {
			return nil
		}
		meant := nearest(text, choices)
		if meant == "" {
			return fmt.Errorf("%q is no value of %s. Write %s", text, argument, quoted(choices, " or "))
		}
		others := slices.DeleteFunc(slices.Clone(choices), func(choice string) bool { return choice == meant })
		return fmt.Errorf("%q is no value of %s. Write %q; it can also be %s", text, argument, meant, quoted(others, " or "))
	}}
}

// notEmptyValidator refuses an empty text, which is no way to leave an argument out.
var notEmptyValidator = textValidator{"a text that is not empty", "Empty text", func(text string) error {
	if text == "" {
		return errors.New("it is empty. Give it a value, or leave it out (null)")
	}
	return nil
}}

// organizationValidator accepts what can be the name of an organization.
var organizationValidator = textValidator{
	"the name of an organization", "Invalid organization", asgardeo.ValidateOrganization,
}

// durationValidator accepts a time limit.
func durationValidator(argument string) textValidator {
	return textValidator{`a duration above zero, such as "45s"`, "Invalid " + argument, func(text string) error {
		_, err := parseDuration(text)
		return err
	}}
}

// parseDuration reads a time limit. Less than a millisecond is a slip of the unit, not a wish.
func parseDuration(text string) (time.Duration, error) {
	duration, err := time.ParseDuration(text)
	if err != nil || duration < time.Millisecond {
		return 0, fmt.Errorf(
			`%q is not a time limit: expected is a number with a unit, above zero, such as "45s" or "2m"`, text)
	}
	return duration, nil
}

// printableValidator refuses what a terminal would act on. What the server has of it is left out of the state
// (withoutControls), so that Terraform would find a difference each time.
var printableValidator = textValidator{
	"a text without control characters", "Control characters", func(text string) error {
		if withoutControls(text) != text {
			return errors.New("it has control characters besides tab and line break")
		}
		return nil
	},
}
