package smssender

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/validators"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/words"
)

// ValidateConfig asks for what each gateway needs, and for second thoughts. Secrets are not needed: an imported sender
// has them on the server.
func (c *connection) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(missingArguments(config.ProviderName.ValueString(), setArgument, map[string]bool{
			"sender": config.Sender.IsNull(), "body": config.Body.IsNull(), "provider_url": config.ProviderURL.IsNull(),
		})...)
		for _, secret := range []secretArgument{config.key(), config.secret(), config.headers()} {
			resp.Diagnostics.Append(secret.checkForms()...)
		}
		resp.Diagnostics.Append(config.checkAuthentication()...)
	}
	if !resp.Diagnostics.HasError() { // which may be what the doubts are about
		resp.Diagnostics.Append(config.doubts()...)
	}
}

// neededArguments are what gateways need. Key and secret may be on the server.
var neededArguments = map[string][]string{
	"Twilio": {"key", "secret", "sender"}, "Vonage": {"key", "secret", "sender"}, "Custom": {"body", "provider_url"},
}

// missingArguments asks for what is missing and a gateway needs. The advice comes after the argument's name, and may
// repeat it.
func missingArguments(gateway, advice string, missing map[string]bool) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, name := range neededArguments[gateway] {
		if missing[name] {
			diags.AddAttributeError(path.Root(name), "Missing "+name,
				fmt.Sprintf("An SMS sender with provider_name = %q needs %s"+advice, gateway, name))
		}
	}
	return diags
}

// checkAuthentication finds what each type needs and what it has no use for.
func (m *model) checkAuthentication() diag.Diagnostics {
	at, gateway := path.Root("authentication"), m.ProviderName.ValueString()
	switch {
	case !session.Known(m.Authentication):
		return nil
	case signsInWithKey(gateway):
		return session.OneErrorAt(at, "Unexpected authentication", fmt.Sprintf(authenticationOfGateway, gateway))
	}
	var diags diag.Diagnostics
	var beside []string
	for _, secret := range []secretArgument{m.key(), m.secret()} {
		if secret.isSet() {
			beside = append(beside, secret.name)
		}
	}
	if names := strings.Join(beside, " and "); names != "" {
		diags.AddAttributeError(path.Root(beside[0]), "Unexpected "+names, fmt.Sprintf(keyBesideAuthentication, names))
	}
	kind := within(m.Authentication, "type").plain
	if session.Known(kind) && !slices.Contains(authTypes, kind.ValueString()) {
		return diags // the validator of the type says so
	}
	for _, argument := range authArguments {
		diags.Append(argument.check(kind, within(m.Authentication, argument.name))...)
	}
	if strings.HasPrefix(within(m.Authentication, "token_endpoint").text(), "http:") {
		diags.AddAttributeWarning(at.AtName("token_endpoint"), "token_endpoint is not encrypted",
			"The client secret would cross the network in clear text. Use https.")
	}
	return diags
}

// check finds what is wrong with an argument of a type of authentication.
func (a authArgument) check(kind types.String, given secretArgument) diag.Diagnostics {
	at, belongs := given.parent.AtName(a.name), slices.Contains(a.owners, kind.ValueString())
	advice := ". Set %[2]s."
	if a.secret {
		advice = setSecret
	}
	diags := given.checkForms()
	switch {
	case diags.HasError(), kind.IsUnknown():
	case belongs && !a.optional && !given.isSet():
		diags.AddAttributeError(at, "Missing "+a.name,
			fmt.Sprintf("authentication of the type %s needs %s"+advice, kind.ValueString(), a.name))
	case !belongs && given.isSet():
		diags.AddAttributeError(at, "Unexpected "+a.name,
			fmt.Sprintf("authentication of the type %s has no %s.", kind.ValueString(), a.name))
	}
	if !given.writeOnly.IsNull() && given.version.IsNull() {
		diags.AddAttributeWarning(given.parent.AtName(a.name+"_wo"), a.name+"_wo without "+a.name+"_wo_version",
			fmt.Sprintf(authenticationVersionMissing, a.name))
	}
	return diags
}

// gateways are those that can be declared: what the Console offers.
var gateways = asgardeo.Gateways

var gatewayValidator = validators.New(words.Quoted(gateways, " or "), "Invalid provider_name", func(text string) error {
	switch {
	case slices.Contains(gateways, text):
		return nil
	case strings.EqualFold(text, asgardeo.BuiltInGateway):
		return fmt.Errorf(builtInDeclared, text)
	}
	advice := "\"Custom\" is any other gateway that takes an HTTP request"
	if meant := words.Nearest(text, gateways); meant != "" {
		advice = fmt.Sprintf("Write %q", meant)
	}
	return fmt.Errorf("%q is none of %s, in exactly this spelling. %s", text, words.Quoted(gateways, " and "), advice)
})

// gatewayURLValidator accepts the address of a gateway. Its errors do not repeat what may have credentials in it.
var gatewayURLValidator = validators.New("an http or https URL", "Invalid provider_url", func(text string) error {
	address, err := url.Parse(text)
	switch {
	case text != strings.TrimSpace(text):
		return errors.New("the URL begins or ends with white space, perhaps with the line break at the end of a file. " +
			"trimspace() removes it")
	case text == "":
		return errors.New("it is empty. Give it a value, or leave it out (null)")
	case !strings.HasPrefix(text, "https://") && !strings.HasPrefix(text, "http://"):
		return errors.New("the URL does not begin with https://. Write the whole address, such as " + exampleURL)
	case err != nil || address.Hostname() == "":
		return errors.New("the URL names no host, or has characters that URLs cannot have. Write one such as " + exampleURL)
	}
	return nil
})

const exampleURL = `"https://sms.example.com/v1/messages"`

// filledValidator refuses what the server takes for blank.
var filledValidator = validators.New("a text that is not blank", "Blank text", func(text string) error {
	if strings.TrimSpace(text) == "" {
		return errors.New("the server takes it for missing")
	}
	return nil
})
