package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// authArgument is an argument of authentication. A secret one has two more, for write-only values.
type authArgument struct {
	name, property, meaning string
	secret                  bool
	needed, allowed         []string // types
}

var (
	oauthTypes = []string{asgardeo.AuthClientCredential, asgardeo.AuthPasswordCredential}
	userTypes  = []string{asgardeo.AuthBasic, asgardeo.AuthPasswordCredential}
	authTypes  = []string{
		asgardeo.AuthBasic, asgardeo.AuthBearer, asgardeo.AuthAPIKey, asgardeo.AuthClientCredential, asgardeo.AuthPasswordCredential, asgardeo.AuthNone,
	}
	authArguments = []authArgument{
		{name: "username", property: asgardeo.AuthUsername, meaning: "User name", needed: userTypes},
		{name: "password", property: asgardeo.AuthPassword, meaning: "Password", secret: true, needed: userTypes},
		{name: "access_token", property: asgardeo.AuthAccessToken, meaning: "Access token", secret: true, needed: []string{asgardeo.AuthBearer}},
		{name: "header", property: asgardeo.AuthHeader, meaning: "Name of the header that takes the API key", needed: []string{asgardeo.AuthAPIKey}},
		{name: "value", property: asgardeo.AuthValue, meaning: "The API key", secret: true, needed: []string{asgardeo.AuthAPIKey}},
		{name: "client_id", property: asgardeo.AuthClientID, meaning: "OAuth client id", needed: oauthTypes},
		{name: "client_secret", property: asgardeo.AuthClientSecret, meaning: "OAuth client secret", secret: true, needed: oauthTypes},
		{name: "token_endpoint", property: asgardeo.AuthTokenEndpoint, meaning: "Address that issues access tokens", needed: oauthTypes},
		{name: "scopes", property: asgardeo.AuthScopes, meaning: "Scopes to ask for, as one text", allowed: oauthTypes},
	}
)

// authenticationAttribute must not be computed: Terraform allows no write-only value in what is.
func authenticationAttribute() schema.SingleNestedAttribute {
	filled := []validator.String{printableValidator, filledValidator}
	attributes := map[string]schema.Attribute{"type": schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "One of `" + strings.Join(authTypes, "`, `") + "`. `" + asgardeo.AuthPasswordCredential + "` needs a server of August 2026 or later.",
		Validators:          []validator.String{choiceValidator("authentication.type", authTypes...)},
	}}
	for _, argument := range authArguments {
		whose := "Required for `" + strings.Join(argument.needed, "` and `") + "`."
		if argument.needed == nil {
			whose = "Optional for `" + strings.Join(argument.allowed, "` and `") + "`."
		}
		plain := schema.StringAttribute{Optional: true, Validators: filled, MarkdownDescription: argument.meaning + ". " + whose}
		if argument.name == "token_endpoint" {
			plain.Validators = []validator.String{tokenEndpointValidator}
		}
		if argument.secret {
			plain.Sensitive = true
			plain.MarkdownDescription += " Kept in the state, so `" + argument.name + "_wo` is better where the CLI has write-only arguments."
			attributes[argument.name+"_wo"] = schema.StringAttribute{
				Optional: true, WriteOnly: true, Sensitive: true, Validators: filled,
				MarkdownDescription: "The same as `" + argument.name + "`, but never kept in plan or state (Terraform and OpenTofu 1.11 and later). It goes with every change of the sender.",
			}
			attributes[argument.name+"_wo_version"] = schema.Int64Attribute{
				Optional: true, MarkdownDescription: "Any number; change it to have `" + argument.name + "_wo` sent although nothing else changes.",
			}
		}
		attributes[argument.name] = plain
	}
	return schema.SingleNestedAttribute{
		Optional:   true,
		Attributes: attributes,
		MarkdownDescription: "How the server signs requests to a custom gateway (Asgardeo, and WSO2 Identity Server 7.3 and later); not together with `key` and `secret`. The server keeps no secret that a change does not send, so the secrets " +
			"stay in the configuration. It does not tell them either: one that was changed elsewhere is not noticed. Left out, the provider refuses changes of a sender that somebody gave an authentication with secrets; once it was declared, leaving it out removes it.",
	}
}

// authAttributeTypes are the types of the arguments within authentication.
var authAttributeTypes = func() map[string]attr.Type {
	kinds := map[string]attr.Type{"type": types.StringType}
	for _, argument := range authArguments {
		kinds[argument.name] = types.StringType
		if argument.secret {
			kinds[argument.name+"_wo"], kinds[argument.name+"_wo_version"] = types.StringType, types.Int64Type
		}
	}
	return kinds
}()

// authText returns an argument of authentication.
func authText(authentication types.Object, name string) types.String {
	if text, ok := authentication.Attributes()[name].(types.String); ok {
		return text
	}
	return types.StringNull()
}

// declaredAuthentication returns what a configuration says, secrets included.
func declaredAuthentication(config types.Object) *asgardeo.SenderAuthentication {
	authentication := &asgardeo.SenderAuthentication{Type: authText(config, "type").ValueString(), Properties: map[string]string{}}
	for _, argument := range authArguments {
		if text := firstSet(authText(config, argument.name), authText(config, argument.name+"_wo")).ValueString(); text != "" {
			authentication.Properties[argument.property] = text
		}
	}
	return authentication
}

// shownAuthentication returns what the server tells. Key and secret together are BASIC.
func shownAuthentication(live asgardeo.SMSSender) *asgardeo.SenderAuthentication {
	if live.Authentication == nil && live.Key != "" && live.Secret != "" {
		return &asgardeo.SenderAuthentication{Type: asgardeo.AuthBasic, Properties: map[string]string{asgardeo.AuthUsername: live.Key}}
	}
	return live.Authentication
}

// readAuthentication returns what the server tells, with the secrets and versions that the state has. A password of BASIC is told, too:
// another one is left out, so that the plan sets it again and the state does not learn it.
func readAuthentication(state types.Object, live asgardeo.SMSSender) types.Object {
	shown := shownAuthentication(live)
	if shown == nil {
		return types.ObjectNull(authAttributeTypes)
	}
	basic := shown.Type == asgardeo.AuthBasic
	read := map[string]attr.Value{"type": types.StringValue(withoutControls(shown.Type))}
	for _, argument := range authArguments {
		read[argument.name] = types.StringNull()
		if text := shown.Properties[argument.property]; text != "" && !argument.secret {
			read[argument.name] = types.StringValue(withoutControls(text))
		}
		if argument.secret {
			declared := authText(state, argument.name)
			if !basic || argument.name != "password" || declared.ValueString() == live.Secret {
				read[argument.name] = declared
			}
			read[argument.name+"_wo"] = types.StringNull()
			read[argument.name+"_wo_version"] = state.Attributes()[argument.name+"_wo_version"]
		}
	}
	return types.ObjectValueMust(authAttributeTypes, read)
}

// checkAuthentication finds what each type needs and what it has no use for.
func (m *smsSenderModel) checkAuthentication() diag.Diagnostics {
	var diags diag.Diagnostics
	at := path.Root("authentication")
	if m.Authentication.IsNull() || m.Authentication.IsUnknown() {
		return diags
	}
	if provider := m.ProviderName.ValueString(); provider == "Twilio" || provider == "Vonage" {
		diags.AddAttributeError(at, "Unexpected authentication", fmt.Sprintf("An SMS sender with provider_name = %q signs in with key and secret. "+
			"Remove authentication, which is for custom gateways.", provider))
		return diags
	}
	var beside []string
	for _, secret := range []struct {
		name  string
		given types.String
	}{{"key", firstSet(m.Key, m.KeyWO)}, {"secret", firstSet(m.Secret, m.SecretWO)}} {
		if !secret.given.IsNull() {
			beside = append(beside, secret.name)
		}
	}
	if len(beside) > 0 {
		names := strings.Join(beside, " and ")
		diags.AddAttributeError(path.Root(beside[0]), "Unexpected "+names, fmt.Sprintf("The server refuses %s beside authentication. "+
			"Remove %[1]s: authentication of the type BASIC does the same at a custom gateway, with username and password.", names))
	}
	typeName := authText(m.Authentication, "type")
	if known(typeName) && !slices.Contains(authTypes, typeName.ValueString()) {
		return diags // the validator of the type says so
	}
	for _, argument := range authArguments {
		plain, writeOnly := authText(m.Authentication, argument.name), authText(m.Authentication, argument.name+"_wo")
		version := m.Authentication.Attributes()[argument.name+"_wo_version"]
		given := firstSet(plain, writeOnly)
		advice := "Set " + argument.name + "."
		if argument.secret {
			advice = fmt.Sprintf("Set %[1]s_wo and %[1]s_wo_version (Terraform and OpenTofu 1.11 and later), or %[1]s, which is kept in the state.", argument.name)
		}
		var forms diag.Diagnostics
		if argument.secret {
			forms = checkForms(at, argument.name, plain, writeOnly, version)
			diags.Append(forms...)
		}
		switch {
		case len(forms) > 0, typeName.IsUnknown():
		case given.IsNull() && slices.Contains(argument.needed, typeName.ValueString()):
			diags.AddAttributeError(at.AtName(argument.name), "Missing "+argument.name, fmt.Sprintf("authentication of the type %s needs %s. %s", typeName.ValueString(), argument.name, advice))
		case !given.IsNull() && !slices.Contains(append(argument.needed, argument.allowed...), typeName.ValueString()):
			diags.AddAttributeError(at.AtName(argument.name), "Unexpected "+argument.name, fmt.Sprintf("authentication of the type %s has no %s.", typeName.ValueString(), argument.name))
		}
		if !writeOnly.IsNull() && version.IsNull() {
			diags.AddAttributeWarning(at.AtName(argument.name+"_wo"), argument.name+"_wo without "+argument.name+"_wo_version", fmt.Sprintf(
				"Terraform cannot see that a write-only value changed, so a new one would wait for another change of the sender. Set %[1]s_wo_version = 1, and raise it with every change of %[1]s_wo.", argument.name))
		}
	}
	if strings.HasPrefix(authText(m.Authentication, "token_endpoint").ValueString(), "http:") {
		diags.AddAttributeWarning(at.AtName("token_endpoint"), "token_endpoint is not encrypted", "The client secret would cross the network in clear text. Use https.")
	}
	return diags
}

// keptAuthentication refuses a change that would drop what somebody else chose: the server keeps nothing that is not sent, and tells
// no secret that could be sent back.
func keptAuthentication(live asgardeo.SMSSender, organization string) diag.Diagnostics {
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("authentication"), "The sender's authentication would be lost", fmt.Sprintf(
		"The SMS sender of %q signs its requests with an authentication of the type %.100q that is not in the configuration. The server replaces the whole sender with every change, and does not tell the authentication's secrets, so "+
			"it cannot be sent back. Messages would fail without it.\n\nDeclare authentication with its secrets, or leave the sender as it is. To do without it, declare "+
			"authentication = { type = \"NONE\" }.", organization, live.Authentication.Type))}
}
