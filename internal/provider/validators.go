package provider

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

var objectAsOptions = basetypes.ObjectAsOptions{}

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

// organizationValidator accepts what can be the name of an organization.
var organizationValidator = textValidator{"the name of an organization", "Invalid organization", asgardeo.ValidateOrganization}

// baseURLValidator accepts the address of an installation.
var baseURLValidator = textValidator{"an http or https URL without the organization", "Invalid base_url", func(text string) error {
	if _, err := asgardeo.ParseBaseURL(text); err != nil {
		return fmt.Errorf("the URL cannot be used: %w. Expected is the address of the server alone, such as \"https://is.example.com:9443\"", err)
	}
	return nil
}}

// durationValidator accepts a time limit.
var durationValidator = textValidator{`a duration above zero, such as "45s"`, "Invalid duration", func(text string) error {
	_, err := parseDuration(text)
	return err
}}

// credentialsValidator accepts an organization's entry that is complete, or may yet turn out to be.
type credentialsValidator struct{}

func (credentialsValidator) Description(context.Context) string {
	return "both client_id and client_secret"
}

func (v credentialsValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (credentialsValidator) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	for _, name := range []string{"client_id", "client_secret"} {
		if req.ConfigValue.Attributes()[name].IsNull() {
			resp.Diagnostics.AddAttributeError(req.Path.AtName(name), "Missing "+name, "An entry of credentials needs both client_id and client_secret.")
		}
	}
}

// parseDuration reads a time limit. Less than a millisecond is a slip of the unit, not a wish.
func parseDuration(text string) (time.Duration, error) {
	duration, err := time.ParseDuration(strings.TrimSpace(text))
	if err != nil || duration < time.Millisecond {
		return 0, fmt.Errorf("%q is not a time limit: expected is a number with a unit, above zero, such as \"45s\" or \"2m\"", text)
	}
	return duration, nil
}

// upperFirst starts a sentence.
func upperFirst(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
