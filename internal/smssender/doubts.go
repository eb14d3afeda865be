package smssender

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/validators"
)

// The server stores any text, and whether a gateway can do anything with it shows when the first user waits for a
// passcode. What can be right all the same is a warning.

var (
	httpMethods = []string{"POST", "PUT", "GET", "PATCH", "DELETE"}
	// twilioNumber is a number, a short code, or the SID of a messaging service; twilioName an alphanumeric sender ID, if
	// it has a letter.
	twilioNumber = regexp.MustCompile(`^(\+[1-9]\d{0,14}|\d{4,6}|MG[0-9a-fA-F]{32})$`)
	twilioName   = regexp.MustCompile(`^[0-9 &+_-]*[A-Za-z][A-Za-z0-9 &+_-]*$`)
)

// doubts are warnings about known arguments of a configuration.
func (m *senderModel) doubts() diag.Diagnostics {
	return slices.Concat(m.doubtSecrets(), m.doubtSender(), m.doubtForeign(), m.doubtPlaceholders(),
		m.doubtOpenCredentials(), m.doubtMethod(), m.doubtHeaders(), m.doubtSignature(), m.doubtMessage())
}

func doubt(name, summary, detail string) diag.Diagnostics {
	return session.OneWarningAt(path.Root(name), name+" "+summary, detail)
}

// doubtSecrets finds the line break of a file, and write-only values that would never be sent again.
func (m *senderModel) doubtSecrets() diag.Diagnostics {
	var diags diag.Diagnostics
	headers := m.headers()
	headers.plain = types.StringNull() // see doubtHeaders
	for _, secret := range append(m.credentials(), headers) {
		for name, value := range secret.forms() {
			if text := value.ValueString(); text != strings.TrimSpace(text) {
				diags.Append(doubt(name, "begins or ends with white space", fmt.Sprintf(whiteSpace, secret.name))...)
			}
		}
		if secret.writeOnly.ValueString() != "" && secret.plain.IsNull() && secret.version.IsNull() {
			diags.Append(doubt(secret.name+"_wo", "without "+secret.name+"_wo_version",
				fmt.Sprintf(versionMissing, secret.name))...)
		}
	}
	return diags
}

// doubtSender warns of a number that the gateway will not know.
func (m *senderModel) doubtSender() diag.Diagnostics {
	text := m.Sender.ValueString()
	switch {
	case text == "":
		return nil
	case strings.TrimSpace(text) == "":
		return doubt("sender", "is blank", "Gateways expect the number or name that messages come from.")
	case m.ProviderName.ValueString() != "Twilio",
		validators.Placeholder.MatchString(text),
		validators.QuotedExpression.MatchString(text),
		twilioNumber.MatchString(text),
		len(text) <= 11 && twilioName.MatchString(text):
		return nil
	}
	return doubt("sender", "is none that Twilio knows", twilioSender)
}

// doubtForeign warns of what belongs to another gateway: the server keeps it and makes no use of it.
func (m *senderModel) doubtForeign() diag.Diagnostics {
	var diags diag.Diagnostics
	gateway := m.ProviderName.ValueString()
	if !signsInWithKey(gateway) {
		return nil
	}
	arguments := m.arguments()
	arguments["http_headers_wo"] = m.HTTPHeadersWO
	for _, name := range []string{"provider_url", "body", "http_method", "http_headers", "http_headers_wo"} {
		if !session.Known(arguments[name]) {
			continue
		}
		advice := fmt.Sprintf("Messages go to %s with key, secret and sender alone. Remove %s", gateway, name)
		if name == "provider_url" {
			advice += ", unless the server insists on it, as those from before October 2023 do"
		}
		diags.Append(doubt(name, "has no effect with "+gateway, advice+".")...)
	}
	return diags
}

// doubtPlaceholders warns of values that somebody forgot to replace.
func (m *senderModel) doubtPlaceholders() diag.Diagnostics {
	diags := validators.WarnOfPlaceholder(path.Root("sender"), "sender", m.Sender.ValueString())
	secrets := m.credentials()
	for _, argument := range authenticationArguments {
		secrets = append(secrets, within(m.Authentication, argument.name))
	}
	for _, secret := range secrets {
		for name, value := range secret.forms() {
			at := secret.parent.AtName(name)
			diags.Append(validators.WarnOfPlaceholder(at, at.String(), value.ValueString())...)
		}
	}
	return diags
}

// doubtOpenCredentials finds credentials where others may see them.
func (m *senderModel) doubtOpenCredentials() diag.Diagnostics {
	var diags diag.Diagnostics
	address, err := url.Parse(m.ProviderURL.ValueString())
	switch {
	case err != nil:
	case address.User != nil:
		diags = doubt("provider_url", "has credentials", betterPlace)
	case len(redact.NamedCredentials(address.RawQuery)) > 0:
		diags = doubt("provider_url", "has credentials", "Its query seems to hold some. "+betterPlace)
	}
	if len(redact.NamedCredentials(m.Body.ValueString())) > 0 {
		diags.Append(doubt("body", "has credentials", "One of its names says so. "+betterPlace)...)
	}
	return diags
}

func (m *senderModel) doubtMethod() diag.Diagnostics {
	method := m.HTTPMethod.ValueString()
	if method == "" || slices.Contains(httpMethods, method) {
		return nil
	}
	advice := "Write POST, PUT, GET, PATCH or DELETE, in capital letters."
	if meant := strings.ToUpper(method); slices.Contains(httpMethods, meant) {
		advice = fmt.Sprintf("Write %q, in capital letters.", meant)
	}
	return doubt("http_method", "is none that gateways know", fmt.Sprintf("It is %q. %s", method, advice))
}

// doubtHeaders finds what the server drops without a word: it cuts the text at each comma, and each piece at each
// colon.
func (m *senderModel) doubtHeaders() diag.Diagnostics {
	headers := m.headers().text()
	switch {
	case headers == "":
	case !strings.Contains(headers, ":"), strings.ContainsAny(headers, "\r\n"):
		return doubt("http_headers", "has another form than expected", headersForm)
	case slices.ContainsFunc(strings.Split(headers, ","), func(piece string) bool {
		return strings.TrimSpace(piece) != "" && strings.Count(piece, ":") != 1
	}):
		return doubt("http_headers", "has a value with a colon or a comma", headersCut)
	}
	return nil
}

// doubtSignature looks at the header with which the server signs requests to a custom gateway.
func (m *senderModel) doubtSignature() diag.Diagnostics {
	if m.ProviderName.ValueString() != "Custom" {
		return nil
	}
	key, secret := !m.key().given().IsNull(), !m.secret().given().IsNull()
	kind, header := within(m.Authentication, "type").text(), "Authorization"
	if kind == asgardeo.AuthAPIKey {
		header = within(m.Authentication, "header").text()
	}
	signed := kind != "" && kind != asgardeo.AuthNone || key && secret
	twice := slices.ContainsFunc(strings.Split(m.headers().text(), ","), func(piece string) bool {
		name, _, _ := strings.Cut(piece, ":")
		return strings.EqualFold(strings.TrimSpace(name), header)
	})
	switch {
	case signed && twice:
		return doubt("http_headers", "has the header of the authentication", fmt.Sprintf(signedTwice, header))
	case key && secret:
		return doubt("key", "and secret of a custom gateway become a header", keyBecomesHeader)
	case key || secret:
		return doubt("key", "or secret alone has no effect", keyAlone)
	}
	return nil
}

// doubtMessage misses what makes a message: address and headers may have placeholders, too.
func (m *senderModel) doubtMessage() diag.Diagnostics {
	var diags diag.Diagnostics
	if !session.Known(m.Body) || m.ProviderURL.IsUnknown() || m.HTTPHeaders.IsUnknown() || m.HTTPHeadersWO.IsUnknown() {
		return nil
	}
	request := m.Body.ValueString() + m.ProviderURL.ValueString() + m.headers().text()
	if !strings.Contains(request, "{{mobile}}") {
		diags.Append(doubt("body", "has no {{mobile}}", "The gateway would not learn whom to send to.")...)
	}
	if !strings.Contains(request, "{{body}}") {
		diags.Append(doubt("body", "has no {{body}}", "The gateway would not learn what to send.")...)
	}
	return diags
}
