package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// mayHoldCredentials ends the description of an argument of a request to a custom gateway.
const mayHoldCredentials = "Some gateways expect credentials in it, so it is hidden in plans. The state keeps it: credentials are better off in `http_headers`."

func secretAttribute(name, meaning, alternative string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional:  true,
		Sensitive: true,
		MarkdownDescription: meaning + " Kept in the state as it is written here, so `" + alternative + "` is better where the CLI has write-only arguments. " +
			"Left out, the server keeps the " + name + " it has.",
		Validators: []validator.String{notEmptyValidator},
	}
}

func writeOnlyAttribute(name, alternative string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional:  true,
		WriteOnly: true,
		Sensitive: true,
		MarkdownDescription: "The same as `" + alternative + "`, but never kept in plan or state (Terraform and OpenTofu 1.11 and later). It is sent when the sender " +
			"is created and whenever `" + name + "_wo_version` changes.",
		Validators: []validator.String{notEmptyValidator},
	}
}

func versionAttribute(name string) schema.Int64Attribute {
	return schema.Int64Attribute{
		Optional:            true,
		MarkdownDescription: "Any number; change it to have `" + name + "_wo` sent again.",
	}
}

// checkForms finds secrets that are given in two forms, and versions without a value.
func (m *smsSenderModel) checkForms() diag.Diagnostics {
	var diags diag.Diagnostics
	root := path.Empty()
	diags.Append(checkForms(root, "key", m.Key, m.KeyWO, m.KeyWOVersion)...)
	diags.Append(checkForms(root, "secret", m.Secret, m.SecretWO, m.SecretWOVersion)...)
	diags.Append(checkForms(root, "http_headers", m.HTTPHeaders, m.HTTPHeadersWO, m.HTTPHeadersWOVersion)...)
	return diags
}

// checkForms judges one secret. What is not known yet may turn out to be null.
func checkForms(parent path.Path, name string, plain, writeOnly, version attr.Value) diag.Diagnostics {
	var diags diag.Diagnostics
	switch {
	case known(plain) && known(writeOnly):
		diags.AddAttributeError(parent.AtName(name), "Two values of "+name, fmt.Sprintf("Both %[1]s and %[1]s_wo are set. Remove one of them: "+
			"%[1]s_wo is never kept in the state, %[1]s also works with CLIs older than 1.11.", name))
	case known(version) && writeOnly.IsNull():
		diags.AddAttributeError(parent.AtName(name+"_wo_version"), "Missing "+name+"_wo",
			fmt.Sprintf("%[1]s_wo_version is set, and %[1]s_wo is not. Set %[1]s_wo, or remove %[1]s_wo_version.", name))
	}
	return diags
}

// chooseSecret decides what a secret is after an update. One that is not write-only is declared, like any other value. A write-only one
// is sent when its version says so; otherwise the live one goes back, since the server keeps nothing that is not sent. Another
// gateway gets none of the old one's.
func chooseSecret(live string, plain, writeOnly, before types.String, newVersion, rewired bool) string {
	given := firstSet(plain, writeOnly).ValueString()
	switch {
	case rewired, !plain.IsNull():
		return given
	case given != "" && (live == "" || newVersion || !before.IsNull()):
		return given
	}
	return live
}

// chooseHeaders is chooseSecret for headers, which go when they are not declared anymore.
func (m *smsSenderModel) chooseHeaders(live string, config, state smsSenderModel, rewired bool) string {
	declared, were := firstSet(config.HTTPHeaders, config.HTTPHeadersWO), !state.HTTPHeaders.IsNull() || !state.HTTPHeadersWOVersion.IsNull()
	if declared.IsNull() && were {
		return ""
	}
	newVersion := !m.HTTPHeadersWOVersion.Equal(state.HTTPHeadersWOVersion)
	return chooseSecret(live, config.HTTPHeaders, config.HTTPHeadersWO, state.HTTPHeaders, newVersion, rewired)
}

// update decides what becomes of the live sender.
func (m *smsSenderModel) update(live asgardeo.SMSSender, config, state smsSenderModel) (asgardeo.SMSSender, error) {
	rewired := m.rewired(live.Provider, live.ProviderURL)
	if live.BuiltIn() && rewired {
		live = asgardeo.SMSSender{Name: live.Name} // nothing of it, its channel least of all, goes along
	}
	sender := m.sender(live)
	if !state.Authentication.IsNull() {
		// Key and secret of the server are a view of the authentication BASIC, which is Terraform's.
		live.Key, live.Secret = "", ""
	}
	sender.Key = chooseSecret(live.Key, config.Key, config.KeyWO, state.Key, !m.KeyWOVersion.Equal(state.KeyWOVersion), rewired)
	sender.Secret = chooseSecret(live.Secret, config.Secret, config.SecretWO, state.Secret, !m.SecretWOVersion.Equal(state.SecretWOVersion), rewired)
	headers := m.chooseHeaders(live.Properties.Get(asgardeo.SenderHTTPHeaders), config, state, rewired)
	sender.Properties = sender.Properties.With(asgardeo.SenderHTTPHeaders, headers)
	switch {
	case !config.Authentication.IsNull():
		sender.Authentication = declaredAuthentication(config.Authentication)
		sender.Key, sender.Secret = "", "" // the server refuses them beside it
	case rewired, !state.Authentication.IsNull(), sender.Key+sender.Secret != "" && !live.Irreplaceable():
		sender.Authentication = nil
	case live.Irreplaceable():
		return sender, refusal{keptAuthentication(live, m.Organization.ValueString())}
	}
	if lost := lostSecrets(sender); lost.HasError() {
		return sender, refusal{lost}
	}
	return sender, nil
}

// lostSecrets refuses an update that would leave a sender without the secrets it needs.
func lostSecrets(sender asgardeo.SMSSender) diag.Diagnostics {
	var diags diag.Diagnostics
	if sender.Provider != "Twilio" && sender.Provider != "Vonage" {
		return diags
	}
	for _, needed := range []struct{ name, value string }{{"key", sender.Key}, {"secret", sender.Secret}} {
		if needed.value == "" {
			name := needed.name
			diags.AddAttributeError(path.Root(name), "Missing "+name, fmt.Sprintf(
				"An SMS sender with provider_name = %[2]q needs %[1]s, and there is none to send: the server replaces the whole sender, and does not tell the %[1]s it has or has that of another gateway. "+
					"Set %[1]s_wo and raise %[1]s_wo_version, or set %[1]s.", name, sender.Provider))
		}
	}
	return diags
}
