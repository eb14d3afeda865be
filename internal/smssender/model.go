package smssender

import (
	"cmp"
	"net/url"
	"reflect"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/words"
)

type senderModel struct {
	Organization         types.String   `tfsdk:"organization"`
	Name                 types.String   `tfsdk:"name"`
	ProviderName         types.String   `tfsdk:"provider_name"`
	Key                  types.String   `tfsdk:"key"`
	KeyWO                types.String   `tfsdk:"key_wo"`
	KeyWOVersion         types.Int64    `tfsdk:"key_wo_version"`
	Secret               types.String   `tfsdk:"secret"`
	SecretWO             types.String   `tfsdk:"secret_wo"`
	SecretWOVersion      types.Int64    `tfsdk:"secret_wo_version"`
	Sender               types.String   `tfsdk:"sender"`
	ProviderURL          types.String   `tfsdk:"provider_url"`
	ContentType          types.String   `tfsdk:"content_type"`
	HTTPMethod           types.String   `tfsdk:"http_method"`
	HTTPHeaders          types.String   `tfsdk:"http_headers"`
	HTTPHeadersWO        types.String   `tfsdk:"http_headers_wo"`
	HTTPHeadersWOVersion types.Int64    `tfsdk:"http_headers_wo_version"`
	Body                 types.String   `tfsdk:"body"`
	Authentication       types.Object   `tfsdk:"authentication"`
	OnDestroy            types.String   `tfsdk:"on_destroy"`
	Timeouts             timeouts.Value `tfsdk:"timeouts"`
}

// signsInWithKey reports that a gateway takes key, secret and sender, and nothing else. The others are custom ones.
func signsInWithKey(gateway string) bool { return gateway == "Twilio" || gateway == "Vonage" }

// keeps reports that destroying the resource leaves the sender where it is.
func (m *senderModel) keeps() bool { return m.OnDestroy.ValueString() == session.OnDestroyKeep }

// over returns the live sender with the model's values. Key, secret and unknown properties stay the live ones: PUT
// would delete what is not sent.
func (m *senderModel) over(live asgardeo.SMSSender) asgardeo.SMSSender {
	sender := live
	sender.Provider = m.ProviderName.ValueString()
	sender.ProviderURL = m.ProviderURL.ValueString()
	sender.Sender = m.Sender.ValueString()
	sender.ContentType = m.ContentType.ValueString()
	sender.Properties = sender.Properties.
		With(asgardeo.SenderBody, m.Body.ValueString()).
		With(asgardeo.SenderHTTPHeaders, m.HTTPHeaders.ValueString()).
		With(asgardeo.SenderHTTPMethod, m.HTTPMethod.ValueString())
	return sender
}

// update decides what becomes of the live sender. A create starts from one without anything.
func (m *senderModel) update(
	live asgardeo.SMSSender, config, state senderModel,
) (asgardeo.SMSSender, diag.Diagnostics) {
	anotherGateway := m.changesGateway(live.Provider, live.ProviderURL)
	if live.BuiltIn() && anotherGateway {
		live = asgardeo.SMSSender{Name: live.Name} // nothing of it, its channel least of all, goes along
	}
	sender, secrets := m.over(live), storedSecrets(live)
	if !state.Authentication.IsNull() {
		// Key and secret of the server are a view of the authentication BASIC, which is Terraform's.
		secrets["key"], secrets["secret"] = "", ""
	}
	sender.Key = config.key().afterUpdate(secrets["key"], state.key(), anotherGateway)
	sender.Secret = config.secret().afterUpdate(secrets["secret"], state.secret(), anotherGateway)
	headers := config.headers().afterUpdate(secrets["http_headers"], state.headers(), anotherGateway)
	if config.headers().given().IsNull() && state.headers().declared() {
		headers = ""
	}
	sender.Properties = sender.Properties.With(asgardeo.SenderHTTPHeaders, headers)
	switch {
	case !config.Authentication.IsNull():
		sender.Authentication = declaredAuthentication(config.Authentication)
		sender.Key, sender.Secret = "", "" // the server refuses them beside it
	case anotherGateway, !state.Authentication.IsNull(), sender.Key+sender.Secret != "" && !live.Irreplaceable():
		sender.Authentication = nil
	case live.Irreplaceable():
		return sender, authenticationLost(&live, m.Organization.ValueString())
	}
	return sender, nil
}

// sendsNothing reports that only what Terraform keeps for itself changes: a secret that is not written in the
// configuration anymore stays on the server.
func (m *senderModel) sendsNothing(state, config senderModel) bool {
	none := asgardeo.SMSSender{}
	secrets := config.key().text() + config.secret().text() + config.HTTPHeadersWO.ValueString()
	return secrets == "" && config.Authentication.IsNull() && state.Authentication.IsNull() &&
		m.HTTPHeadersWOVersion.Equal(state.HTTPHeadersWOVersion) && reflect.DeepEqual(m.over(none), state.over(none))
}

// read takes over what the server has, except its secrets. Headers are among them unless they are Terraform's.
func (m *senderModel) read(live *asgardeo.SMSSender) {
	optional := func(value string) types.String {
		if value == "" {
			return types.StringNull()
		}
		return types.StringValue(words.WithoutControls(value))
	}
	m.Name = types.StringValue(live.Name)
	m.ProviderName = types.StringValue(words.WithoutControls(live.Provider))
	m.ProviderURL = optional(live.ProviderURL)
	m.Sender = optional(live.Sender)
	m.ContentType = optional(live.ContentType)
	m.Body = optional(live.Properties.Get(asgardeo.SenderBody))
	m.HTTPMethod = optional(live.Properties.Get(asgardeo.SenderHTTPMethod))
	if !m.HTTPHeaders.IsNull() {
		m.HTTPHeaders = optional(live.Properties.Get(asgardeo.SenderHTTPHeaders))
	}
	// Key and secret are declared values. Another one is left out of the state, so that the plan sets it again and the
	// state does not learn it.
	if m.Key.ValueString() != live.Key {
		m.Key = types.StringNull()
	}
	if m.Secret.ValueString() != live.Secret {
		m.Secret = types.StringNull()
	}
	if m.Authentication.IsNull() {
		m.Authentication = types.ObjectNull(authenticationTypes)
	} else {
		m.Authentication = readAuthentication(m.Authentication, live)
	}
}

// arguments are those that come from the server, by name.
func (m *senderModel) arguments() map[string]attr.Value {
	return map[string]attr.Value{
		"provider_name":  m.ProviderName,
		"key":            m.Key,
		"secret":         m.Secret,
		"sender":         m.Sender,
		"provider_url":   m.ProviderURL,
		"content_type":   m.ContentType,
		"http_method":    m.HTTPMethod,
		"http_headers":   m.HTTPHeaders,
		"body":           m.Body,
		"authentication": m.Authentication,
	}
}

// undeclared lists the secrets of the live sender that the model has no trace of.
func (m *senderModel) undeclared(live *asgardeo.SMSSender) []string {
	secrets, authenticated := storedSecrets(*live), !m.Authentication.IsNull()
	var names []string
	for _, secret := range m.credentials() {
		if secrets[secret.name] != "" && !secret.declared() && !authenticated {
			names = append(names, secret.name)
		}
	}
	if secrets["http_headers"] != "" && !m.headers().declared() {
		names = append(names, "http_headers")
	}
	if live.Irreplaceable() && !authenticated {
		names = append(names, "authentication")
	}
	return names
}

// changesGateway reports that the sender leaves a gateway for another one, or for another host, which the old one's
// secrets are no business of. The server looks for gateways in their exact spelling.
func (m *senderModel) changesGateway(provider, address string) bool {
	return m.ProviderName.ValueString() != provider || otherHost(address, m.ProviderURL.ValueString())
}

// otherHost reports that two addresses differ in scheme, host or port.
func otherHost(from, to string) bool {
	if from == "" || to == "" {
		return false
	}
	a, errA := url.Parse(from)
	b, errB := url.Parse(to)
	if errA != nil || errB != nil {
		return from != to
	}
	return a.Scheme != b.Scheme || !strings.EqualFold(a.Hostname(), b.Hostname()) || portOf(a) != portOf(b)
}

func portOf(address *url.URL) string {
	return cmp.Or(address.Port(), map[string]string{"http": "80", "https": "443"}[address.Scheme])
}
