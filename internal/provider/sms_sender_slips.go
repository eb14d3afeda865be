package provider

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Arguments of an SMS sender that its gateway does nothing with.

var (
	httpMethods = []string{"POST", "PUT", "GET", "PATCH", "DELETE"}
	// twilioNumber is a number, a short code, or the SID of a messaging service; twilioName an alphanumeric sender ID, if it has a letter.
	twilioNumber = regexp.MustCompile(`^(\+[1-9]\d{0,14}|\d{4,6}|MG[0-9a-fA-F]{32})$`)
	twilioName   = regexp.MustCompile(`^[0-9 &+_-]*[A-Za-z][A-Za-z0-9 &+_-]*$`)
)

// doubtSender warns of a number that the gateway will not know.
func (m *smsSenderModel) doubtSender(doubt func(name, summary, detail string)) {
	text := m.Sender.ValueString()
	switch {
	case text == "":
	case strings.TrimSpace(text) == "":
		doubt("sender", "is blank", "Gateways expect the number or name that messages come from.")
	case m.ProviderName.ValueString() != "Twilio", placeholder.MatchString(text), quotedExpression.MatchString(text):
	case twilioNumber.MatchString(text), len(text) <= 11 && twilioName.MatchString(text):
	default:
		doubt("sender", "is none that Twilio knows", "Write a number with + and the country code and without blanks, such as \"+15550100\", "+
			"a short code, an alphanumeric sender ID of at most 11 characters, or the SID of a messaging service (MG…).")
	}
}

// doubtForeign warns of what belongs to another gateway: the server keeps it and makes no use of it.
func (m *smsSenderModel) doubtForeign(doubt func(name, summary, detail string)) {
	gateway := m.ProviderName.ValueString()
	if gateway != "Twilio" && gateway != "Vonage" {
		return
	}
	for _, given := range []struct {
		name  string
		value types.String
	}{
		{"provider_url", m.ProviderURL}, {"body", m.Body}, {"http_method", m.HTTPMethod},
		{"http_headers", m.HTTPHeaders}, {"http_headers_wo", m.HTTPHeadersWO},
	} {
		if !known(given.value) {
			continue
		}
		advice := fmt.Sprintf("Messages go to %s with key, secret and sender alone. Remove %s", gateway, given.name)
		if given.name == "provider_url" {
			advice += ", unless the server insists on it, as those from before October 2023 do"
		}
		doubt(given.name, "has no effect with "+gateway, advice+".")
	}
}

// placeholders warns of values that somebody forgot to replace.
func (m *smsSenderModel) placeholders() diag.Diagnostics {
	var diags diag.Diagnostics
	for name, value := range map[string]types.String{
		"key": m.Key, "key_wo": m.KeyWO, "secret": m.Secret, "secret_wo": m.SecretWO, "sender": m.Sender,
	} {
		diags.Append(doubtPlaceholder(path.Root(name), name, value.ValueString())...)
	}
	at := path.Root("authentication")
	for _, argument := range authArguments {
		for _, name := range []string{argument.name, argument.name + "_wo"} {
			diags.Append(doubtPlaceholder(at.AtName(name), at.AtName(name).String(), authText(m.Authentication, name).ValueString())...)
		}
	}
	return diags
}
