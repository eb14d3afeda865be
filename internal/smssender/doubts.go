package smssender

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

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

// doubt is a warning about an argument, if it holds.
type doubt struct {
	holds                 bool
	name, summary, detail string
}

// doubts are warnings about known arguments of a configuration.
func (m *model) doubts() diag.Diagnostics {
	var diags diag.Diagnostics
	for _, doubt := range slices.Concat(m.secretDoubts(), m.senderDoubts(), m.foreignDoubts(), m.credentialDoubts(),
		m.methodDoubts(), m.headerDoubts(), m.signatureDoubts(), m.messageDoubts()) {
		if doubt.holds {
			diags.AddAttributeWarning(path.Root(doubt.name), doubt.name+" "+doubt.summary, doubt.detail)
		}
	}
	return append(diags, m.placeholders()...)
}

// secretDoubts find the line break of a file, and write-only values that would never be sent again.
func (m *model) secretDoubts() []doubt {
	var doubts []doubt
	for _, secret := range []secretArgument{m.key(), m.secret(), m.headers()} {
		for _, form := range secret.forms() {
			spaced := form.text != strings.TrimSpace(form.text) && form.name != "http_headers" // see headerDoubts
			doubts = append(doubts, doubt{
				spaced, form.name, "begins or ends with white space", fmt.Sprintf(whiteSpace, secret.name),
			})
		}
		neverAgain := secret.writeOnly.ValueString() != "" && secret.plain.IsNull() && secret.version.IsNull()
		doubts = append(doubts, doubt{
			neverAgain, secret.name + "_wo", "without " + secret.name + "_wo_version", fmt.Sprintf(versionMissing, secret.name),
		})
	}
	return doubts
}

// senderDoubts warn of a number that the gateway will not know.
func (m *model) senderDoubts() []doubt {
	sender := m.Sender.ValueString()
	blank := strings.TrimSpace(sender) == ""
	known := validators.Placeholder.MatchString(sender) || validators.QuotedExpression.MatchString(sender) ||
		twilioNumber.MatchString(sender) || len(sender) <= 11 && twilioName.MatchString(sender)
	return []doubt{
		{blank && sender != "", "sender", "is blank", senderBlank},
		{!blank && !known && m.ProviderName.ValueString() == "Twilio", "sender", "is none that Twilio knows", twilioSender},
	}
}

// foreignDoubts warn of what belongs to another gateway: the server keeps it and makes no use of it.
func (m *model) foreignDoubts() []doubt {
	gateway, arguments := m.ProviderName.ValueString(), m.arguments()
	if !signsInWithKey(gateway) {
		return nil
	}
	arguments["http_headers_wo"] = m.HTTPHeadersWO
	var doubts []doubt
	for _, name := range []string{"provider_url", "body", "http_method", "http_headers", "http_headers_wo"} {
		advice := fmt.Sprintf("Messages go to %s with key, secret and sender alone. Remove %s", gateway, name)
		if name == "provider_url" {
			advice += ", unless the server insists on it, as those from before October 2023 do"
		}
		doubts = append(doubts, doubt{session.Known(arguments[name]), name, "has no effect with " + gateway, advice + "."})
	}
	return doubts
}

// credentialDoubts find credentials where others may see them.
func (m *model) credentialDoubts() []doubt {
	address, err := url.Parse(m.ProviderURL.ValueString())
	if err != nil {
		address = &url.URL{}
	}
	inQuery := address.User == nil && len(redact.NamedCredentials(address.RawQuery)) > 0
	inBody := len(redact.NamedCredentials(m.Body.ValueString())) > 0
	return []doubt{
		{address.User != nil, "provider_url", "has credentials", betterPlace},
		{inQuery, "provider_url", "has credentials", "Its query seems to hold some. " + betterPlace},
		{inBody, "body", "has credentials", "One of its names says so. " + betterPlace},
	}
}

func (m *model) methodDoubts() []doubt {
	method, advice := m.HTTPMethod.ValueString(), "Write POST, PUT, GET, PATCH or DELETE, in capital letters."
	unknown := method != "" && !slices.Contains(httpMethods, method)
	if meant := strings.ToUpper(method); slices.Contains(httpMethods, meant) {
		advice = fmt.Sprintf("Write %q, in capital letters.", meant)
	}
	return []doubt{{unknown, "http_method", "is none that gateways know", fmt.Sprintf("It is %q. %s", method, advice)}}
}

// headerDoubts find what the server drops without a word: it cuts the text at each comma, and each piece at each colon.
func (m *model) headerDoubts() []doubt {
	headers := m.headers().text()
	otherForm := headers != "" && (!strings.Contains(headers, ":") || strings.ContainsAny(headers, "\r\n"))
	dropped := slices.ContainsFunc(strings.Split(headers, ","), func(piece string) bool {
		return strings.TrimSpace(piece) != "" && strings.Count(piece, ":") != 1
	})
	return []doubt{
		{otherForm, "http_headers", "has another form than expected", headersForm},
		{dropped && !otherForm, "http_headers", "has a value with a colon or a comma", headersCut},
	}
}

// signatureDoubts look at the header with which the server signs requests to a custom gateway.
func (m *model) signatureDoubts() []doubt {
	if m.ProviderName.ValueString() != "Custom" {
		return nil
	}
	key, secret := m.key().isSet(), m.secret().isSet()
	kind, header := within(m.Authentication, "type").text(), "Authorization"
	if kind == asgardeo.AuthAPIKey {
		header = within(m.Authentication, "header").text()
	}
	signed := kind != "" && kind != asgardeo.AuthNone || key && secret
	twice := signed && slices.ContainsFunc(strings.Split(m.headers().text(), ","), func(piece string) bool {
		name, _, _ := strings.Cut(piece, ":")
		return strings.EqualFold(strings.TrimSpace(name), header)
	})
	return []doubt{
		{twice, "http_headers", "has the header of the authentication", fmt.Sprintf(signedTwice, header)},
		{!twice && key && secret, "key", "and secret of a custom gateway become a header", keyBecomesHeader},
		{!twice && key != secret, "key", "or secret alone has no effect", keyAlone},
	}
}

// messageDoubts miss what makes a message: address and headers may have placeholders, too.
func (m *model) messageDoubts() []doubt {
	if !session.Known(m.Body) || m.ProviderURL.IsUnknown() || m.HTTPHeaders.IsUnknown() || m.HTTPHeadersWO.IsUnknown() {
		return nil
	}
	request := m.Body.ValueString() + m.ProviderURL.ValueString() + m.headers().text()
	lacks := func(text string) bool { return !strings.Contains(request, text) }
	return []doubt{
		{lacks("{{mobile}}"), "body", "has no {{mobile}}", "The gateway would not learn whom to send to."},
		{lacks("{{body}}"), "body", "has no {{body}}", "The gateway would not learn what to send."},
	}
}

// placeholders warns of values that somebody forgot to replace.
func (m *model) placeholders() diag.Diagnostics {
	diags := validators.WarnOfPlaceholder(path.Root("sender"), "sender", m.Sender.ValueString())
	secrets := []secretArgument{m.key(), m.secret()}
	for _, argument := range authArguments {
		secrets = append(secrets, within(m.Authentication, argument.name))
	}
	for _, secret := range secrets {
		for _, form := range secret.forms() {
			at := secret.parent.AtName(form.name)
			diags.Append(validators.WarnOfPlaceholder(at, at.String(), form.text)...)
		}
	}
	return diags
}
