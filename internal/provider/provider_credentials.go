package provider

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// This file is about who the provider signs in as.

// credentialValidator accepts what can be a client ID, client secret or access token of the provider block.
func credentialValidator(argument string) textValidator {
	return textValidator{"a text without white space around it", "Invalid " + argument, func(text string) error {
		if text == "" {
			return emptyError(argument)
		}
		return checkCredential(argument, text)
	}}
}

// entryValidator is credentialValidator for an entry of credentials, which no variable stands in for. Its error says which entry
// is meant: the CLI shows no more than the provider block.
type entryValidator struct {
	textValidator
	argument string
}

func newEntryValidator(argument string) entryValidator {
	return entryValidator{credentialValidator(argument), argument}
}

func (v entryValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := checkCredential(v.argument, req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, v.summary, fmt.Sprintf("In %s, %s %s.",
			req.Path.ParentPath(), v.argument, strings.TrimPrefix(err.Error(), "it ")))
	}
}

// checkCredential finds the slips that the server would answer with "wrong credentials". It does not repeat what it checks.
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

// credentialsValidator accepts an organization's entry that is complete, or may yet turn out to be.
type credentialsValidator struct{}

func (credentialsValidator) Description(context.Context) string {
	return "both client_id and client_secret"
}

func (v credentialsValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (credentialsValidator) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	if req.ConfigValue.IsUnknown() {
		return
	}
	if req.ConfigValue.IsNull() {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid credentials", fmt.Sprintf("The entry %s is null. Give it client_id and client_secret, "+
			"or leave it out: in a for expression, with an if clause.", req.Path))
		return
	}
	var missing []string
	for _, name := range []string{"client_id", "client_secret"} {
		if req.ConfigValue.Attributes()[name].IsNull() {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		names := strings.Join(missing, " and ")
		resp.Diagnostics.AddAttributeError(req.Path.AtName(missing[0]), "Missing "+names, fmt.Sprintf("The entry %s has no %s. "+
			"Set both there: client_id and client_secret of an application in that organization.", req.Path, names))
	}
}

func (r *resolver) credentials(config providerModel) asgardeo.Credentials {
	var found asgardeo.Credentials
	client := !config.ClientID.IsNull() || !config.ClientSecret.IsNull() || !config.ClientPrivateKey.IsNull()
	if client || config.AccessToken.IsNull() {
		found.ClientID = r.credential("client_id", config.ClientID)
		if config.ClientPrivateKey.IsNull() || !config.ClientSecret.IsNull() {
			found.ClientSecret = r.credential("client_secret", config.ClientSecret)
		}
		if config.ClientSecret.IsNull() || !config.ClientPrivateKey.IsNull() {
			found.PrivateKey = r.privateKey(config.ClientPrivateKey)
		}
	}
	if !client || !config.AccessToken.IsNull() {
		found.AccessToken = r.credential("access_token", config.AccessToken)
	}
	if len(r.unknown) > 0 {
		return found
	}
	proof := found.ClientSecret != "" || found.PrivateKey != nil
	switch {
	case r.diags.HasError() && !config.ClientPrivateKey.IsNull():
		// A key that cannot be read is not a missing one.
	case found.AccessToken != "" && (found.ClientID != "" || proof):
		r.diags.AddError("Contradictory environment variables", fmt.Sprintf(
			"%s is set together with %s, %s or %s. Unset one or the other: an access token needs no client.",
			variable("access_token"), variable("client_id"), variable("client_secret"), variable("client_private_key")))
	case found.ClientSecret != "" && found.PrivateKey != nil:
		r.diags.AddError("Contradictory environment variables", fmt.Sprintf("Both %s and %s are set. Unset one of them: the application has one way to sign in.",
			variable("client_secret"), variable("client_private_key")))
	case found.AccessToken != "", found.ClientID != "" && proof:
	case found.ClientID != "":
		r.missing("client_secret")
	case proof:
		r.missing("client_id")
	case config.Credentials.IsNull():
		r.diags.AddError("Missing credentials", fmt.Sprintf(
			"The provider needs client_id and client_secret (or %s and %s) of an application that is authorized for the management API, "+
				"or access_token (or %s), or an entry for the organization in credentials.%s",
			variable("client_id"), variable("client_secret"), variable("access_token"), emptyVariables("client_id", "client_secret", "access_token")))
	}
	return found
}

// privateKeyValidator only looks whether there is something: a file is read when the provider is configured.
var privateKeyValidator = textValidator{"PEM text or the path of a file", "Invalid client_private_key", func(text string) error {
	if text == "" {
		return emptyError("client_private_key")
	}
	return nil
}}

// privateKey reads the key from PEM text or from a file. No message repeats the value: a slip may have put the key where a path
// was meant.
func (r *resolver) privateKey(value types.String) *asgardeo.PrivateKey {
	given := r.text("client_private_key", value)
	if given == "" {
		return nil
	}
	text := []byte(given)
	if !strings.Contains(given, "-----BEGIN") {
		var err error
		if text, err = readRegular(given); err != nil {
			if cause, ok := errors.AsType[*os.PathError](err); ok {
				err = cause.Err
			}
			r.invalid("client_private_key", value, "it is neither PEM text nor the path of a readable file: "+err.Error())
			return nil
		}
	}
	key, err := asgardeo.ParsePrivateKey(text)
	if err != nil {
		r.invalid("client_private_key", value, err.Error())
	}
	return key
}

// credential returns a client ID, client secret or access token that may be right.
func (r *resolver) credential(argument string, value types.String) string {
	text := r.text(argument, value)
	if text == "" {
		return ""
	}
	if err := checkCredential(argument, text); err != nil {
		r.invalid(argument, value, err.Error())
	}
	name := argument
	if value.IsNull() {
		name = variable(argument)
	}
	r.diags.Append(doubtPlaceholder(path.Root(argument), name, text)...)
	return text
}

func (r *resolver) missing(argument string) {
	other := map[string]string{"client_id": "client_secret", "client_secret": "client_id"}[argument]
	r.diags.AddAttributeError(path.Root(argument), "Missing "+argument, fmt.Sprintf(
		"%s is set, but %s is not: set the argument %s or the variable %s.%s", other, argument, argument, variable(argument), emptyVariables(argument)))
}

func (r *resolver) organizationCredentials(ctx context.Context, config providerModel) map[string]asgardeo.Credentials {
	if config.Credentials.IsUnknown() {
		r.unknown = append(r.unknown, "credentials")
		return nil
	}
	var models map[string]types.Object
	r.diags.Append(config.Credentials.ElementsAs(ctx, &models, false)...)
	found := make(map[string]asgardeo.Credentials, len(models))
	for organization, object := range models {
		var model credentialsModel
		if object.IsUnknown() {
			r.unknown = append(r.unknown, fmt.Sprintf("credentials[%q]", organization))
			continue
		}
		r.diags.Append(object.As(ctx, &model, basetypes.ObjectAsOptions{})...)
		if model.ClientID.IsUnknown() || model.ClientSecret.IsUnknown() {
			r.unknown = append(r.unknown, fmt.Sprintf("credentials[%q]", organization))
			continue
		}
		entry := path.Root("credentials").AtMapKey(organization)
		for name, value := range map[string]string{"client_id": model.ClientID.ValueString(), "client_secret": model.ClientSecret.ValueString()} {
			r.diags.Append(doubtPlaceholder(entry.AtName(name), fmt.Sprintf("%s of %s", name, entry), value)...)
		}
		found[organization] = asgardeo.Credentials{ClientID: model.ClientID.ValueString(), ClientSecret: model.ClientSecret.ValueString()}
	}
	slices.Sort(r.unknown)
	return found
}
