package provider

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// The server stores any text, and whether a gateway can do anything with it shows when the first user waits for a passcode. What
// can be right all the same is a warning.

// doubts are warnings about known arguments of a configuration.
func (m *smsSenderModel) doubts() diag.Diagnostics {
	var diags diag.Diagnostics
	doubt := func(name, summary, detail string) {
		diags.AddAttributeWarning(path.Root(name), name+" "+summary, detail)
	}
	for _, secret := range []struct {
		name             string
		plain, writeOnly types.String
		version          types.Int64
	}{{"key", m.Key, m.KeyWO, m.KeyWOVersion}, {"secret", m.Secret, m.SecretWO, m.SecretWOVersion}, {"http_headers", types.StringNull(), m.HTTPHeadersWO, m.HTTPHeadersWOVersion}} {
		for _, given := range []struct {
			name  string
			value types.String
		}{{secret.name, secret.plain}, {secret.name + "_wo", secret.writeOnly}} {
			if text := given.value.ValueString(); text != strings.TrimSpace(text) {
				doubt(given.name, "begins or ends with white space", "Perhaps it is the line break at the end of a file. The gateway would take it for a part of the "+
					secret.name+". trimspace() removes it.")
			}
		}
		if secret.writeOnly.ValueString() != "" && secret.plain.IsNull() && secret.version.IsNull() {
			doubt(secret.name+"_wo", "without "+secret.name+"_wo_version", fmt.Sprintf("Terraform cannot see that a write-only value changed, so a new %[1]s would never be sent. "+
				"Set %[1]s_wo_version = 1, and raise it with every change of the %[1]s.", secret.name))
		}
	}
	m.doubtSender(doubt)
	m.doubtForeign(doubt)
	diags.Append(m.placeholders()...)
	if address, err := url.Parse(m.ProviderURL.ValueString()); err == nil && address.User != nil {
		doubt("provider_url", "has credentials", betterPlace)
	} else if err == nil && len(asgardeo.NamedCredentials(address.RawQuery)) > 0 {
		doubt("provider_url", "has credentials", "Its query seems to hold some. "+betterPlace)
	}
	if len(asgardeo.NamedCredentials(m.Body.ValueString())) > 0 {
		doubt("body", "has credentials", "One of its names says so. "+betterPlace)
	}
	if method := m.HTTPMethod.ValueString(); method != "" && !slices.Contains(httpMethods, method) {
		advice := "Write POST, PUT, GET, PATCH or DELETE, in capital letters."
		if meant := strings.ToUpper(method); slices.Contains(httpMethods, meant) {
			advice = fmt.Sprintf("Write %q, in capital letters.", meant)
		}
		doubt("http_method", "is none that gateways know", fmt.Sprintf("It is %q. %s", method, advice))
	}
	m.doubtHeaders(doubt)
	m.doubtSignature(doubt)
	m.doubtPlaceholders(doubt)
	return diags
}

// headers are the headers that a configuration gives, in either form.
func (m *smsSenderModel) headers() string {
	return firstSet(m.HTTPHeaders, m.HTTPHeadersWO).ValueString()
}

// doubtHeaders finds what the server drops without a word: it cuts the text at each comma, and each piece at each colon.
func (m *smsSenderModel) doubtHeaders(doubt func(name, summary, detail string)) {
	headers := m.headers()
	switch {
	case headers == "":
	case !strings.Contains(headers, ":"), strings.ContainsAny(headers, "\r\n"):
		doubt("http_headers", "has another form than expected", "Expected is a single line, such as \"X-Tenant: 1, X-Region: eu\". trimspace() removes a line break at the end.")
	case slices.ContainsFunc(strings.Split(headers, ","), func(piece string) bool {
		return strings.TrimSpace(piece) != "" && strings.Count(piece, ":") != 1
	}):
		doubt("http_headers", "has a value with a colon or a comma", "The server takes a comma for the end of a header and expects one colon in each: it drops what has none or several, such as an address, without an error.")
	}
}

// doubtSignature looks at the header with which the server signs requests to a custom gateway.
func (m *smsSenderModel) doubtSignature(doubt func(name, summary, detail string)) {
	if m.ProviderName.ValueString() != "Custom" {
		return
	}
	key, secret := !firstSet(m.Key, m.KeyWO).IsNull(), !firstSet(m.Secret, m.SecretWO).IsNull()
	kind, header := authText(m.Authentication, "type").ValueString(), "Authorization"
	if kind == asgardeo.AuthAPIKey {
		header = authText(m.Authentication, "header").ValueString()
	}
	signed := kind != "" && kind != asgardeo.AuthNone || key && secret
	twice := slices.ContainsFunc(strings.Split(m.headers(), ","), func(piece string) bool {
		name, _, _ := strings.Cut(piece, ":")
		return strings.EqualFold(strings.TrimSpace(name), header)
	})
	switch {
	case signed && twice:
		doubt("http_headers", "has the header of the authentication", fmt.Sprintf("The server signs requests with %q, too, and either of the two may win. Leave it out of http_headers.", header))
	case key && secret:
		doubt("key", "and secret of a custom gateway become a header", "The server sends them with every request as \"Authorization: Basic …\". If that is meant, authentication of the type BASIC says so.")
	case key || secret:
		doubt("key", "or secret alone has no effect", "A custom gateway gets neither, unless both are set. Then the server sends them as \"Authorization: Basic …\".")
	}
}

const betterPlace = "Gateways, and proxies on the way, write addresses and bodies to their logs, and the state keeps them. If the gateway takes an Authorization header, " +
	"leave the credentials out and send them with authentication or http_headers. Protect the state in any case."

// doubtPlaceholders misses what makes a message: address and headers may have placeholders, too.
func (m *smsSenderModel) doubtPlaceholders(doubt func(name, summary, detail string)) {
	if m.Body.IsNull() || m.Body.IsUnknown() || m.ProviderURL.IsUnknown() || m.HTTPHeaders.IsUnknown() || m.HTTPHeadersWO.IsUnknown() {
		return
	}
	request := m.Body.ValueString() + m.ProviderURL.ValueString() + m.HTTPHeaders.ValueString() + m.HTTPHeadersWO.ValueString()
	if !strings.Contains(request, "{{mobile}}") {
		doubt("body", "has no {{mobile}}", "The gateway would not learn whom to send to.")
	}
	if !strings.Contains(request, "{{body}}") {
		doubt("body", "has no {{body}}", "The gateway would not learn what to send.")
	}
}

// gatewayValidator accepts the gateways that can be declared.
var gatewayValidator = textValidator{`"Twilio", "Vonage" or "Custom"`, "Invalid provider_name", func(text string) error {
	switch {
	case slices.Contains(senderProviders, text):
		return nil
	case strings.EqualFold(text, builtInSender):
		return fmt.Errorf("%q is the sender that Asgardeo provides itself, which cannot be declared. Choose \"Twilio\", \"Vonage\" or \"Custom\", which replaces it, "+
			"or leave it out, with its import, and read it with the data source asgardeo_sms_sender", text)
	}
	advice := "\"Custom\" is any other gateway that takes an HTTP request"
	if meant := nearest(text, senderProviders); meant != "" {
		advice = fmt.Sprintf("Write %q", meant)
	}
	return fmt.Errorf("%q is none of \"Twilio\", \"Vonage\" and \"Custom\", in exactly this spelling. %s", text, advice)
}}

// gatewayURLValidator accepts the address of a gateway. Its errors do not repeat what may have credentials in it.
var gatewayURLValidator = textValidator{"an http or https URL", "Invalid provider_url", func(text string) error {
	address, err := url.Parse(text)
	switch {
	case text != strings.TrimSpace(text):
		return errors.New("the URL begins or ends with white space, perhaps with the line break at the end of a file. trimspace() removes it")
	case text == "":
		return errors.New("it is empty. Give it a value, or leave it out (null)")
	case !strings.HasPrefix(text, "https://") && !strings.HasPrefix(text, "http://"):
		return errors.New("the URL does not begin with https://. Write the whole address, such as \"https://sms.example.com/v1/messages\"")
	case err != nil || address.Hostname() == "":
		return errors.New("the URL names no host, or has characters that URLs cannot have. Write one such as \"https://sms.example.com/v1/messages\"")
	}
	return nil
}}

// tokenEndpointValidator accepts the address of a token endpoint.
var tokenEndpointValidator = textValidator{"an http or https URL", "Invalid token_endpoint", gatewayURLValidator.check}

// filledValidator refuses what the server takes for blank.
var filledValidator = textValidator{"a text that is not blank", "Blank text", func(text string) error {
	if strings.TrimSpace(text) == "" {
		return errors.New("the server takes it for missing")
	}
	return nil
}}

// announceExisting warns that the organization has a sender before a plan creates one. It tells nothing where this process has
// planned a sender of the organization already: Terraform plans a replacement in two calls, and the first one has seen the old sender.
// Not to be able to look is no reason to fail or to warn: the create will tell.
func (d *providerData) announceExisting(ctx context.Context, name types.String) diag.Diagnostics {
	if d == nil || name.IsUnknown() || d.plansSender(name) || d.hasSenderThatStayed(name.ValueString()) {
		return nil
	}
	organization := d.reach(name.ValueString())
	if organization == nil {
		return nil
	}
	senders, err := organization.RecentSMSSenders(ctx)
	live, exists := asgardeo.FindSender(senders, asgardeo.SMSSenderName)
	if err != nil || !exists {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic(fmt.Sprintf("Organization %q has an SMS sender already", organization.Name()), fmt.Sprintf(
		"Its provider_name is %.100q. There can be no second one: the create will be refused, unless this run deletes the first one before, as it does with a tainted resource. To change the one there is, import it:\n\n"+
			"  terraform import asgardeo_sms_sender.<name> %s\n\nIf it is in the state under another address, use a moved block instead: imported twice, it would be deleted with the block that goes.", live.Provider, organization.Name()))}
}

// announceUpdate tells what an update of the live sender would lose: what another gateway or host must not get is left behind, and what
// the server would forget is refused. It judges with what the refresh has just read; the update looks again before it writes.
func (d *providerData) announceUpdate(plan, config, state smsSenderModel) diag.Diagnostics {
	organization := d.reach(plan.Organization.ValueString())
	if organization == nil || plan.sendsNothing(state, config) {
		return nil
	}
	live, exists := asgardeo.FindSender(organization.SeenSMSSenders(), asgardeo.SMSSenderName)
	if !exists {
		return nil
	}
	declared := !config.Authentication.IsNull() || !state.Authentication.IsNull()
	moves := plan.ProviderURL.IsUnknown() || plan.ProviderName.IsUnknown()
	switch {
	case live.BuiltIn() && plan.ProviderName.ValueString() != live.Provider:
		return announceSwap(organization.Name())
	case moves, plan.rewired(live.Provider, live.ProviderURL):
		return leftBehind(live, config, organization.Name())
	case live.Irreplaceable() && !declared:
		return keptAuthentication(live, organization.Name())
	}
	return nil
}

// checkServerAuthentication refuses an authentication where the server is known to have no place for it.
func (d *providerData) checkServerAuthentication(name types.String, authentication types.Object) diag.Diagnostics {
	organization := d.reach(name.ValueString())
	if authentication.IsNull() || organization == nil || !organization.WithoutAuthentication() {
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("authentication"),
		"The server has no authentication of SMS senders", authenticationMissingText)}
}

const authenticationMissingText = "Asgardeo has it, and WSO2 Identity Server 7.3 and later. With an older server, leave authentication out and send an Authorization header with http_headers."

// leftBehind lists what the server has of another gateway's, or another host's, and the configuration does not declare.
func leftBehind(live asgardeo.SMSSender, config smsSenderModel, organization string) diag.Diagnostics {
	var names []string
	for _, stored := range []struct {
		name     string
		there    bool
		declared bool
	}{
		{"key", live.Key != "", config.key() != "" || !config.Authentication.IsNull()},
		{"secret", live.Secret != "", config.secret() != "" || !config.Authentication.IsNull()},
		{"http_headers", live.Properties.Get(asgardeo.SenderHTTPHeaders) != "", !firstSet(config.HTTPHeaders, config.HTTPHeadersWO).IsNull()},
		{"authentication", live.Irreplaceable(), !config.Authentication.IsNull()},
	} {
		if stored.there && !stored.declared {
			names = append(names, stored.name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(path.Root("provider_url"), fmt.Sprintf("The SMS sender of %q goes to another gateway", organization), fmt.Sprintf(
		"What the server has of the present one is no business of another one, and does not go along: %s. If the new one needs it, declare it.", strings.Join(names, ", ")))}
}

// announceAuthentication tells who imports a sender what changes of it will need.
func announceAuthentication(live asgardeo.SMSSender, organization string) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root("authentication"), fmt.Sprintf("The SMS sender of %q has an authentication", organization), fmt.Sprintf(
		"Its type is %.100q, and the server does not tell its secrets. Before Terraform can change the sender, declare authentication with them: the server keeps nothing that a change does not send.", live.Authentication.Type))
}
