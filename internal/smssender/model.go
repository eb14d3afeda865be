package smssender

import (
	"cmp"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/words"
)

// model is what configuration, plan and state have of a sender.
type model struct {
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
func (m *model) keeps() bool { return m.OnDestroy.ValueString() == handover.Keep }

// appliedTo returns the live sender with the model's values. Key, secret and unknown properties stay the live ones: PUT
// would delete what is not sent.
func (m *model) appliedTo(sender asgardeo.SMSSender) asgardeo.SMSSender {
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

// update decides what becomes of the live sender, and refuses what would lose some of it. A create starts from one
// without anything.
func (m *model) update(live asgardeo.SMSSender, config, state model) (asgardeo.SMSSender, diag.Diagnostics) {
	anotherGateway := m.changesGateway(live.Provider, live.ProviderURL)
	if live.BuiltIn() && anotherGateway {
		live = asgardeo.SMSSender{Name: live.Name} // nothing of it, its channel least of all, goes along
	}
	sender, headers := m.appliedTo(live), live.Properties.Get(asgardeo.SenderHTTPHeaders)
	if !state.Authentication.IsNull() {
		// Key and secret of the server are a view of the authentication BASIC, which is Terraform's.
		live.Key, live.Secret = "", ""
	}
	sender.Key = config.key().afterUpdate(live.Key, state.key(), anotherGateway)
	sender.Secret = config.secret().afterUpdate(live.Secret, state.secret(), anotherGateway)
	headers = config.headers().afterUpdate(headers, state.headers(), anotherGateway)
	if !config.headers().isSet() && state.headers().declared() {
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
	return sender, lostSecrets(sender)
}

// sendsNothing reports that only what Terraform keeps for itself changes: a secret that is not written in the
// configuration anymore stays on the server.
func (m *model) sendsNothing(state, config model) bool {
	none := asgardeo.SMSSender{}
	secrets := config.key().text() + config.secret().text() + config.HTTPHeadersWO.ValueString()
	return secrets == "" && config.Authentication.IsNull() && state.Authentication.IsNull() &&
		m.HTTPHeadersWOVersion.Equal(state.HTTPHeadersWOVersion) &&
		reflect.DeepEqual(m.appliedTo(none), state.appliedTo(none))
}

// read takes over what the server has, except its secrets. Headers are among them unless they are Terraform's.
func (m *model) read(live *asgardeo.SMSSender) {
	m.Name = types.StringValue(live.Name)
	m.ProviderName = types.StringValue(words.WithoutControls(live.Provider))
	m.ProviderURL = textOrNull(live.ProviderURL)
	m.Sender = textOrNull(live.Sender)
	m.ContentType = textOrNull(live.ContentType)
	m.Body = textOrNull(live.Properties.Get(asgardeo.SenderBody))
	m.HTTPMethod = textOrNull(live.Properties.Get(asgardeo.SenderHTTPMethod))
	if !m.HTTPHeaders.IsNull() {
		m.HTTPHeaders = textOrNull(live.Properties.Get(asgardeo.SenderHTTPHeaders))
	}
	// Key and secret are declared values. Another one is left out of the state, so that the plan sets it again and the
	// state does not learn it.
	if m.Key.ValueString() != live.Key {
		m.Key = types.StringNull()
	}
	if m.Secret.ValueString() != live.Secret {
		m.Secret = types.StringNull()
	}
	if !m.Authentication.IsNull() {
		m.Authentication = readAuthentication(m.Authentication, live)
	}
}

func textOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(words.WithoutControls(text))
}

// arguments are those that come from the server, by name.
func (m *model) arguments() map[string]attr.Value {
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

// undeclared names the secrets of the live sender that the model has no trace of.
func (m *model) undeclared(live *asgardeo.SMSSender) string {
	unauthenticated, headers := m.Authentication.IsNull(), live.Properties.Get(asgardeo.SenderHTTPHeaders)
	undeclared := map[string]bool{
		"key":            unauthenticated && live.Key != "" && !m.key().declared(),
		"secret":         unauthenticated && live.Secret != "" && !m.secret().declared(),
		"http_headers":   headers != "" && !m.headers().declared(),
		"authentication": unauthenticated && live.Irreplaceable(),
	}
	names := []string{"key", "secret", "http_headers", "authentication"}
	return strings.Join(slices.DeleteFunc(names, func(name string) bool { return !undeclared[name] }), ", ")
}

// changesGateway reports that the sender leaves a gateway for another one, or for another host, which the old one's
// secrets are no business of. The server looks for gateways in their exact spelling.
func (m *model) changesGateway(provider, address string) bool {
	planned := m.ProviderURL.ValueString()
	return m.ProviderName.ValueString() != provider ||
		planned != "" && address != "" && hostOf(planned) != hostOf(address)
}

// hostOf is the part of an address that says who gets what is sent there: scheme, host and port.
func hostOf(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return address
	}
	port := cmp.Or(parsed.Port(), map[string]string{"http": "80", "https": "443"}[parsed.Scheme])
	return parsed.Scheme + "://" + strings.ToLower(parsed.Hostname()) + ":" + port
}
