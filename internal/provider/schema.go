package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/validators"
)

// maxRetriesLimit is more patience than any pipeline has: half a minute for each retry.
const maxRetriesLimit = 100

func blockSchema() schema.Schema {
	attributes := map[string]schema.Attribute{
		"allow_http": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Allow a `base_url` with `http://` that leads to another machine. Secrets and tokens then " +
				"travel in clear text. Default: `false`. " + session.FromVariable("allow_http"),
		},
		"max_retries": schema.Int64Attribute{
			Optional: true,
			MarkdownDescription: fmt.Sprintf("How often a request is repeated that met a busy or faulty server or network. `0` "+
				"switches repetition off. Default: `%d`, which waits for more than a minute in all. ",
				asgardeo.DefaultMaxRetries) + session.FromVariable("max_retries"),
			Validators: []validator.Int64{int64validator.Between(0, maxRetriesLimit)},
		},
		"requests_per_minute": schema.Int64Attribute{
			Optional: true,
			MarkdownDescription: fmt.Sprintf("How many requests Terraform sends in any minute at the most. `0` switches pacing "+
				"off. Default: `%d`, Asgardeo's limit for one client address: lower it where others share the address. ",
				asgardeo.DefaultRequestsPerMinute) + session.FromVariable("requests_per_minute"),
			Validators: []validator.Int64{int64validator.AtLeast(0)},
		},
		"skip_sms_sender_check": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Do not check that the organization has an SMS sender before SMS OTP is switched on. " +
				"Default: `false`. " + session.FromVariable("skip_sms_sender_check"),
		},
		"credentials": credentialsAttribute,
	}
	text := func(name string, check validators.Text, description string) {
		attributes[name] = schema.StringAttribute{
			Optional:            true,
			Sensitive:           slices.Contains([]string{"client_secret", "client_private_key", "access_token"}, name),
			MarkdownDescription: description + " " + session.FromVariable(name),
			Validators:          []validator.String{check},
		}
	}
	text("organization", validators.Organization, "Name of the organization (the tenant domain, in WSO2 Identity "+
		"Server), as in the Console's address after `/t/`. Resources and data sources without an `organization` of their "+
		"own belong to it.")
	text("region", validators.Parsed("one of Asgardeo's regions", "Invalid region", asgardeo.RegionEndpoint),
		"Asgardeo's region that holds the organization: `us` or `eu`. Default: `us`. Conflicts with `base_url`.")
	text("base_url", validators.New("an http or https URL without the organization", "Invalid base_url", checkBaseURL),
		"Address of a WSO2 Identity Server, or of the mock server, without `/t/{organization}`, such as "+
			"`https://is.example.com:9443`. Conflicts with `region`.")
	text("client_id", credentialValidator("client_id"),
		"Client ID of the application that Terraform signs in with (client credentials grant).")
	text("client_secret", credentialValidator("client_secret"),
		"Client secret of that application. Better set with its variable.")
	text("client_private_key", pemValidator("client_private_key"), "RSA private key of that application, instead of "+
		"`client_secret`: PEM text, or the path of a PEM file. The server has the certificate, and no secret is shared "+
		"(Console: *Protocol*, client authentication method *Private Key JWT*).")
	text("access_token", credentialValidator("access_token"), "Access token for the management API, instead of "+
		"`client_id` and `client_secret`. It is used as it is and never renewed.")
	text("ca_certificate", pemValidator("ca_certificate"),
		"Certificate authority to trust besides those of the system: PEM text, or the path of a PEM file.")
	text("request_timeout", validators.Duration("request_timeout"), fmt.Sprintf(
		"How long one request may take, as a duration such as `45s` or `2m`. Default: `%s`.", asgardeo.DefaultRequestTimeout))
	text("my_account_api", validators.Parsed("a place of the My Account settings", "Invalid my_account_api", parseAPI),
		"Where the organizations keep the settings of My Account: `application` (in the application \"My Account\", its "+
			"switch and its login flow, as the Console does) or `classic` (in the configuration store, as Consoles did until "+
			"2024). Default: `application`.")
	return schema.Schema{MarkdownDescription: blockDescription, Attributes: attributes}
}

const blockDescription = "Manages the My Account self-service portal of organizations in [WSO2 Identity " +
	"Platform](https://wso2.com/asgardeo/) (formerly Asgardeo) or WSO2 Identity Server: the portal itself, its " +
	"two-factor authentication options, and the SMS sender that SMS OTP needs.\n\nEvery argument except `credentials` " +
	"can be set with an environment variable instead. An argument in the configuration overrides its variable."

var credentialsAttribute = schema.MapNestedAttribute{
	Optional:  true,
	Sensitive: true,
	MarkdownDescription: "Credentials of further organizations, by the organization's name, so that one provider block " +
		"serves a fleet. An entry for `organization` overrides `client_id` and `client_secret`, and `access_token`.",
	Validators: []validator.Map{mapvalidator.KeysAre(validators.Organization)},
	NestedObject: schema.NestedAttributeObject{
		Validators: []validator.Object{entryValidator{}},
		// Both are required, which is the validator's business: the framework takes the attributes of an entry that
		// is not known yet, such as a variable during "terraform validate", for missing.
		Attributes: map[string]schema.Attribute{
			"client_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Client ID of an application in that organization. Every entry needs it.",
			},
			"client_secret": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "Client secret of that application. Every entry needs it.",
			},
		},
	},
}

func checkBaseURL(text string) error {
	if _, err := asgardeo.ParseBaseURL(text); err != nil {
		return fmt.Errorf(badBaseURL, err)
	}
	return nil
}

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
