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
func (r *senderResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	var config senderModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(config.missing()...)
		for _, secret := range append(config.credentials(), config.headers()) {
			resp.Diagnostics.Append(secret.checkForms()...)
		}
		resp.Diagnostics.Append(config.checkAuthentication()...)
	}
	if !resp.Diagnostics.HasError() { // which may be what the doubts are about
		resp.Diagnostics.Append(config.doubts()...)
	}
}

// missing finds arguments that the chosen gateway needs and that are left out. Unknown ones are not.
func (m *senderModel) missing() diag.Diagnostics {
	var diags diag.Diagnostics
	needed := map[string][]string{"Twilio": {"sender"}, "Vonage": {"sender"}, "Custom": {"body", "provider_url"}}
	gateway := m.ProviderName.ValueString()
	for _, name := range needed[gateway] {
		if m.arguments()[name].IsNull() {
			diags.Append(missingArgument(gateway, name, setArgument)...)
		}
	}
	return diags
}

// missingSecrets finds secrets that a new sender needs.
func (m *senderModel) missingSecrets() diag.Diagnostics {
	var diags diag.Diagnostics
	gateway := m.ProviderName.ValueString()
	for _, secret := range m.credentials() {
		if signsInWithKey(gateway) && secret.given().IsNull() {
			diags.Append(missingArgument(gateway, secret.name, ". "+setSecret)...)
		}
	}
	return diags
}

// lostSecrets refuses an update that would leave a sender without the secrets it needs.
func lostSecrets(sender asgardeo.SMSSender) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, name := range []string{"key", "secret"} {
		if signsInWithKey(sender.Provider) && storedSecrets(sender)[name] == "" {
			diags.Append(missingArgument(sender.Provider, name, nothingToSend)...)
		}
	}
	return diags
}

// checkAuthentication finds what each type needs and what it has no use for.
func (m *senderModel) checkAuthentication() diag.Diagnostics {
	at, gateway := path.Root("authentication"), m.ProviderName.ValueString()
	switch {
	case !session.Known(m.Authentication):
		return nil
	case signsInWithKey(gateway):
		return session.OneErrorAt(at, "Unexpected authentication", fmt.Sprintf(authenticationOfGateway, gateway))
	}
	var diags diag.Diagnostics
	var beside []string
	for _, secret := range m.credentials() {
		if !secret.given().IsNull() {
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
	for _, argument := range authenticationArguments {
		diags.Append(argument.check(kind, within(m.Authentication, argument.name))...)
	}
	if strings.HasPrefix(within(m.Authentication, "token_endpoint").text(), "http:") {
		diags.AddAttributeWarning(at.AtName("token_endpoint"), "token_endpoint is not encrypted",
			"The client secret would cross the network in clear text. Use https.")
	}
	return diags
}

// check finds what is wrong with an argument of a type of authentication.
func (a authenticationArgument) check(kind types.String, secret secretArgument) diag.Diagnostics {
	at, kindName := secret.parent.AtName(a.name), kind.ValueString()
	advice := "Set %[2]s."
	if a.secret {
		advice = setSecret
	}
	diags := secret.checkForms()
	switch given := !secret.given().IsNull(); {
	case diags.HasError(), kind.IsUnknown():
	case !given && slices.Contains(a.needed, kindName):
		diags.AddAttributeError(at, "Missing "+a.name, fmt.Sprintf(
			"authentication of the type %s needs %s. "+advice, kindName, a.name))
	case given && !slices.Contains(a.needed, kindName) && !slices.Contains(a.allowed, kindName):
		diags.AddAttributeError(at, "Unexpected "+a.name, fmt.Sprintf(
			"authentication of the type %s has no %s.", kindName, a.name))
	}
	if !secret.writeOnly.IsNull() && secret.version.IsNull() {
		diags.AddAttributeWarning(secret.parent.AtName(a.name+"_wo"), a.name+"_wo without "+a.name+"_wo_version",
			fmt.Sprintf(authenticationVersionMissing, a.name))
	}
	return diags
}

// gatewayValidator accepts the gateways that can be declared: those that the Console offers.
var gatewayValidator = validators.New(`"Twilio", "Vonage" or "Custom"`, "Invalid provider_name", checkGateway)

func checkGateway(text string) error {
	gateways := []string{"Twilio", "Vonage", "Custom"}
	switch {
	case slices.Contains(gateways, text):
		return nil
	case strings.EqualFold(text, builtInSender):
		return fmt.Errorf(builtInDeclared, text)
	}
	advice := "\"Custom\" is any other gateway that takes an HTTP request"
	if meant := words.Nearest(text, gateways); meant != "" {
		advice = fmt.Sprintf("Write %q", meant)
	}
	return fmt.Errorf("%q is none of \"Twilio\", \"Vonage\" and \"Custom\", in exactly this spelling. %s", text, advice)
}

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

// tokenEndpointValidator accepts the address of a token endpoint.
var tokenEndpointValidator = validators.New("an http or https URL", "Invalid token_endpoint", gatewayURLValidator.Check)

// filledValidator refuses what the server takes for blank.
var filledValidator = validators.New("a text that is not blank", "Blank text", func(text string) error {
	if strings.TrimSpace(text) == "" {
		return errors.New("the server takes it for missing")
	}
	return nil
})
