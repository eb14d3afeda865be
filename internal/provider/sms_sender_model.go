package provider

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// senderProviders are the gateways that the Console offers.
var senderProviders = []string{"Twilio", "Vonage", "Custom"}

// builtInSender is the provider of the sender that Asgardeo provides itself.
const builtInSender = "choreo"

type smsSenderModel struct {
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

// missing finds arguments that the chosen gateway needs and that are left out. Unknown ones are not.
func (m *smsSenderModel) missing() diag.Diagnostics {
	needed := map[string]types.String{}
	switch m.ProviderName.ValueString() {
	case "Twilio", "Vonage":
		needed["sender"] = m.Sender
	case "Custom":
		needed["provider_url"] = m.ProviderURL
		needed["body"] = m.Body
	}
	return m.require(needed, "Set %s in this block. Configuration that Terraform generates lacks what may hold credentials.")
}

// missingSecrets finds secrets that a new sender needs.
func (m *smsSenderModel) missingSecrets() diag.Diagnostics {
	needed := map[string]types.String{}
	if provider := m.ProviderName.ValueString(); provider == "Twilio" || provider == "Vonage" {
		needed["key"] = firstSet(m.Key, m.KeyWO)
		needed["secret"] = firstSet(m.Secret, m.SecretWO)
	}
	return m.require(needed, "Set %[1]s_wo and %[1]s_wo_version (Terraform and OpenTofu 1.11 and later), or %[1]s, which is kept in the state.")
}

func (m *smsSenderModel) require(needed map[string]types.String, advice string) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, name := range slices.Sorted(maps.Keys(needed)) {
		if needed[name].IsNull() {
			diags.AddAttributeError(path.Root(name), "Missing "+name, fmt.Sprintf("An SMS sender with provider_name = %q needs %s. %s",
				m.ProviderName.ValueString(), name, fmt.Sprintf(advice, name)))
		}
	}
	return diags
}

func firstSet(values ...types.String) types.String {
	for _, value := range values {
		if !value.IsNull() {
			return value
		}
	}
	return types.StringNull()
}

// key and secret return what the configuration gives, in either form.
func (m *smsSenderModel) key() string    { return firstSet(m.Key, m.KeyWO).ValueString() }
func (m *smsSenderModel) secret() string { return firstSet(m.Secret, m.SecretWO).ValueString() }

// sender returns the live sender with the model's values. Key, secret and unknown properties stay the live ones: PUT
// would delete what is not sent.
func (m *smsSenderModel) sender(live asgardeo.SMSSender) asgardeo.SMSSender {
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

// read takes over what the server has, except its secrets. Headers are among them unless they are Terraform's.
func (m *smsSenderModel) read(live asgardeo.SMSSender) {
	optional := func(value string) types.String {
		if value == "" {
			return types.StringNull()
		}
		return types.StringValue(withoutControls(value))
	}
	m.Name = types.StringValue(live.Name)
	m.ProviderName = types.StringValue(withoutControls(live.Provider))
	m.ProviderURL = optional(live.ProviderURL)
	m.Sender = optional(live.Sender)
	m.ContentType = optional(live.ContentType)
	m.Body = optional(live.Properties.Get(asgardeo.SenderBody))
	if !m.HTTPHeaders.IsNull() {
		m.HTTPHeaders = optional(live.Properties.Get(asgardeo.SenderHTTPHeaders))
	}
	m.HTTPMethod = optional(live.Properties.Get(asgardeo.SenderHTTPMethod))
	// Key and secret are declared values. Another one is left out of the state, so that the plan sets it again and the state does not
	// learn it.
	if m.Key.ValueString() != live.Key {
		m.Key = types.StringNull()
	}
	if m.Secret.ValueString() != live.Secret {
		m.Secret = types.StringNull()
	}
	m.Authentication = m.readAuthentication(live)
}

// readAuthentication reads what is Terraform's.
func (m *smsSenderModel) readAuthentication(live asgardeo.SMSSender) types.Object {
	if m.Authentication.IsNull() {
		return types.ObjectNull(authAttributeTypes)
	}
	return readAuthentication(m.Authentication, live)
}

// rewired reports that the sender leaves a gateway for another one, or for another host, which the old one's secrets are no
// business of. The server looks for gateways in their exact spelling.
func (m *smsSenderModel) rewired(provider, address string) bool {
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

// sendsNothing reports that only what Terraform keeps for itself changes: a secret that is not written in the configuration
// anymore stays on the server.
func (m *smsSenderModel) sendsNothing(state, config smsSenderModel) bool {
	none := asgardeo.SMSSender{}
	authenticated := !config.Authentication.IsNull() || !state.Authentication.IsNull()
	headers := config.HTTPHeadersWO.ValueString() != "" || !m.HTTPHeadersWOVersion.Equal(state.HTTPHeadersWOVersion)
	return reflect.DeepEqual(m.sender(none), state.sender(none)) && config.key() == "" && config.secret() == "" && !authenticated && !headers
}

// changedOutside warns of fields that somebody else changed since the plan was made.
func (m *smsSenderModel) changedOutside(live asgardeo.SMSSender, organization string) diag.Diagnostics {
	now := *m
	now.read(live)
	var names []string
	for name, pair := range map[string][2]types.String{
		"provider_name": {m.ProviderName, now.ProviderName},
		"provider_url":  {m.ProviderURL, now.ProviderURL},
		"sender":        {m.Sender, now.Sender},
		"content_type":  {m.ContentType, now.ContentType},
		"body":          {m.Body, now.Body},
		"http_headers":  {m.HTTPHeaders, now.HTTPHeaders},
		"http_method":   {m.HTTPMethod, now.HTTPMethod},
		"key":           {m.Key, now.Key},
		"secret":        {m.Secret, now.Secret},
	} {
		if !pair[0].Equal(pair[1]) {
			names = append(names, name)
		}
	}
	if !m.Authentication.Equal(now.Authentication) {
		names = append(names, "authentication")
	}
	if len(names) == 0 {
		return nil
	}
	slices.Sort(names)
	return diag.Diagnostics{diag.NewWarningDiagnostic(fmt.Sprintf("The SMS sender of %q changed outside Terraform", organization),
		"Since the plan was made, somebody else changed "+strings.Join(names, ", ")+". Applying the plan changed the sender to what it says.")}
}

// setSenderIdentity is called on every path that ends with state, and before a removal.
func setSenderIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, organization types.String) diag.Diagnostics {
	if identity == nil {
		return nil
	}
	return identity.Set(ctx, struct {
		Organization types.String `tfsdk:"organization"`
		Name         types.String `tfsdk:"name"`
	}{organization, types.StringValue(asgardeo.SMSSenderName)})
}

// checkSenderName accepts an import identity without a name, or with the only one there is.
func checkSenderName(ctx context.Context, identity *tfsdk.ResourceIdentity) diag.Diagnostics {
	if identity == nil || identity.Raw.IsNull() {
		return nil
	}
	var name types.String
	diags := identity.GetAttribute(ctx, path.Root("name"), &name)
	if !name.IsNull() && name.ValueString() != asgardeo.SMSSenderName {
		diags.AddError("Invalid import identity", fmt.Sprintf("The only SMS sender is named %q. Leave name out of the identity.", asgardeo.SMSSenderName))
	}
	return diags
}
