package smssender

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/words"
)

// authenticationArgument is an argument of authentication. A secret one has two more, for write-only values.
type authenticationArgument struct {
	name, property, meaning string
	secret                  bool
	needed, allowed         []string // types
}

var (
	bearerTypes = []string{asgardeo.AuthBearer}
	keyTypes    = []string{asgardeo.AuthAPIKey}
	oauthTypes  = []string{asgardeo.AuthClientCredential, asgardeo.AuthPasswordCredential}
	userTypes   = []string{asgardeo.AuthBasic, asgardeo.AuthPasswordCredential}
	authTypes   = []string{
		asgardeo.AuthBasic, asgardeo.AuthBearer, asgardeo.AuthAPIKey, asgardeo.AuthClientCredential,
		asgardeo.AuthPasswordCredential, asgardeo.AuthNone,
	}
	authenticationArguments = []authenticationArgument{
		{"username", asgardeo.AuthUsername, "User name", false, userTypes, nil},
		{"password", asgardeo.AuthPassword, "Password", true, userTypes, nil},
		{"access_token", asgardeo.AuthAccessToken, "Access token", true, bearerTypes, nil},
		{"header", asgardeo.AuthHeader, "Name of the header that takes the API key", false, keyTypes, nil},
		{"value", asgardeo.AuthValue, "The API key", true, keyTypes, nil},
		{"client_id", asgardeo.AuthClientID, "OAuth client id", false, oauthTypes, nil},
		{"client_secret", asgardeo.AuthClientSecret, "OAuth client secret", true, oauthTypes, nil},
		{"token_endpoint", asgardeo.AuthTokenEndpoint, "Address that issues access tokens", false, oauthTypes, nil},
		{"scopes", asgardeo.AuthScopes, "Scopes to ask for, as one text", false, nil, oauthTypes},
	}
)

// authenticationTypes are the types of the arguments within authentication.
var authenticationTypes = func() map[string]attr.Type {
	kinds := map[string]attr.Type{"type": types.StringType}
	for _, argument := range authenticationArguments {
		kinds[argument.name] = types.StringType
		if argument.secret {
			kinds[argument.name+"_wo"], kinds[argument.name+"_wo_version"] = types.StringType, types.Int64Type
		}
	}
	return kinds
}()

// within returns an argument of authentication. One that is no secret has a plain form alone.
func within(authentication types.Object, name string) secretArgument {
	arguments := authentication.Attributes()
	plain, _ := arguments[name].(types.String) // null where there is none
	writeOnly, _ := arguments[name+"_wo"].(types.String)
	version, _ := arguments[name+"_wo_version"].(types.Int64)
	return secretArgument{path.Root("authentication"), name, plain, writeOnly, version}
}

// declaredAuthentication returns what a configuration says, secrets included.
func declaredAuthentication(config types.Object) *asgardeo.SenderAuthentication {
	declared := &asgardeo.SenderAuthentication{Type: within(config, "type").text(), Properties: map[string]string{}}
	for _, argument := range authenticationArguments {
		if text := within(config, argument.name).text(); text != "" {
			declared.Properties[argument.property] = text
		}
	}
	return declared
}

// readAuthentication returns what the server tells, with the secrets and versions that the state has. Key and secret
// together are BASIC, whose password is told, too: another one is left out, so that the plan sets it again and the
// state does not learn it.
func readAuthentication(state types.Object, live *asgardeo.SMSSender) types.Object {
	told := live.Authentication
	if told == nil && live.Key != "" && live.Secret != "" {
		told = &asgardeo.SenderAuthentication{
			Type: asgardeo.AuthBasic, Properties: map[string]string{asgardeo.AuthUsername: live.Key},
		}
	}
	if told == nil {
		return types.ObjectNull(authenticationTypes)
	}
	read := map[string]attr.Value{"type": types.StringValue(words.WithoutControls(told.Type))}
	for _, argument := range authenticationArguments {
		read[argument.name] = types.StringNull()
		if argument.secret {
			before := within(state, argument.name)
			otherPassword := argument.name == "password" && before.plain.ValueString() != live.Secret
			if told.Type != asgardeo.AuthBasic || !otherPassword {
				read[argument.name] = before.plain
			}
			read[argument.name+"_wo"], read[argument.name+"_wo_version"] = types.StringNull(), before.version
		} else if text := told.Properties[argument.property]; text != "" {
			read[argument.name] = types.StringValue(words.WithoutControls(text))
		}
	}
	return types.ObjectValueMust(authenticationTypes, read)
}

// withoutSecrets returns what the server tells of a sender's authentication, for a data source. Other gateways than a
// custom one sign in with key and secret.
func withoutSecrets(live *asgardeo.SMSSender) types.Object {
	read := readAuthentication(types.ObjectNull(authenticationTypes), live)
	kinds, shown := map[string]attr.Type{}, map[string]attr.Value{}
	for name := range shownAttributes() {
		kinds[name], shown[name] = types.StringType, read.Attributes()[name]
	}
	if read.IsNull() || live.Provider != "Custom" {
		return types.ObjectNull(kinds)
	}
	return types.ObjectValueMust(kinds, shown)
}
