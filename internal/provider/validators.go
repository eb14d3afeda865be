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

// organizationValidator accepts what can be the name of an organization.
type organizationValidator struct{}

func (organizationValidator) Description(context.Context) string {
	return "the name of an organization"
}

func (v organizationValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (organizationValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := asgardeo.ValidateOrganization(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid organization", upperFirst(err.Error())+".")
	}
}

// baseURLValidator accepts the address of an installation.
type baseURLValidator struct{}

func (baseURLValidator) Description(context.Context) string {
	return "an http or https URL without the organization"
}

func (v baseURLValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (baseURLValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := asgardeo.ParseBaseURL(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid base_url", fmt.Sprintf(
			"The URL cannot be used: %s. Expected is the address of the server alone, such as \"https://is.example.com:9443\".", err))
	}
}

// durationValidator accepts a time limit.
type durationValidator struct{}

func (durationValidator) Description(context.Context) string {
	return `a duration above zero, such as "45s"`
}

func (v durationValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (durationValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := parseDuration(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid duration", upperFirst(err.Error())+".")
	}
}

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
