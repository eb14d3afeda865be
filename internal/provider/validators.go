package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/validators"
)

var regionValidator = validators.Parsed("one of Asgardeo's regions", "Invalid region", asgardeo.RegionEndpoint)

var baseURLValidator = validators.New("an http or https URL without the organization", "Invalid base_url",
	func(text string) error {
		if _, err := asgardeo.ParseBaseURL(text); err != nil {
			return fmt.Errorf(badBaseURL, err)
		}
		return nil
	})

var myAccountAPIValidator = validators.Parsed(
	"a place of the My Account settings", "Invalid my_account_api", parseAPI)

// pemValidator only looks whether there is something: a file is read when the provider is configured.
func pemValidator(argument string) validators.Text {
	return validators.New("PEM text or the path of a file", "Invalid "+argument, func(text string) error {
		return checkNotEmpty(argument, text)
	})
}

// checkNotEmpty is for an argument that a variable can stand in for.
func checkNotEmpty(argument, text string) error {
	if text == "" {
		return errors.New("it is empty: leave it out to use " + session.VariableName(argument))
	}
	return nil
}

// credentialValidator accepts what can be a client ID, client secret or access token of the provider block.
func credentialValidator(argument string) validators.Text {
	return validators.New("a text without white space around it", "Invalid "+argument, func(text string) error {
		return cmp.Or(checkNotEmpty(argument, text), checkCredential(argument, text))
	})
}

// checkCredential finds the slips that the server would answer with "wrong credentials". It does not repeat what it
// checks.
func checkCredential(argument, text string) error {
	trimmed := strings.TrimSpace(text)
	switch scheme, _, several := strings.Cut(text, " "); {
	case text == "":
		return errors.New("it is empty")
	case trimmed == "":
		return errors.New("it is nothing but white space")
	case text != trimmed && strings.TrimRight(text, "\r\n") == trimmed:
		return errors.New("it ends with a line break; secret stores often add one")
	case text != trimmed:
		return errors.New("it begins or ends with white space")
	case argument != "access_token":
		return nil
	case several && strings.EqualFold(scheme, "Bearer"):
		return errors.New(`it begins with "Bearer": only the token itself belongs there`)
	case strings.ContainsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return errors.New("it has white space or a control character in it, as no token does")
	}
	return nil
}

// entryValidator accepts an entry of credentials that is complete, or may yet turn out to be. Its errors say which
// entry is meant: the CLI shows no more than the provider block.
type entryValidator struct{}

func (entryValidator) Description(context.Context) string {
	return "both client_id and client_secret"
}

func (v entryValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (entryValidator) ValidateObject(
	_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse,
) {
	if req.ConfigValue.IsUnknown() {
		return
	}
	if req.ConfigValue.IsNull() {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid credentials", fmt.Sprintf(nullEntry, req.Path))
		return
	}
	var missing []string
	for _, name := range []string{"client_id", "client_secret"} {
		value, _ := req.ConfigValue.Attributes()[name].(types.String)
		if value.IsNull() {
			missing = append(missing, name)
		} else if err := checkCredential(name, value.ValueString()); err != nil && !value.IsUnknown() {
			resp.Diagnostics.AddAttributeError(req.Path.AtName(name), "Invalid "+name, fmt.Sprintf(
				"In %s, %s %s.", req.Path, name, strings.TrimPrefix(err.Error(), "it ")))
		}
	}
	if len(missing) > 0 {
		names := strings.Join(missing, " and ")
		resp.Diagnostics.AddAttributeError(req.Path.AtName(missing[0]), "Missing "+names,
			fmt.Sprintf(incompleteEntry, req.Path, names))
	}
}
