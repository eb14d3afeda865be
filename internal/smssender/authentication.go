package smssender

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/words"
)

// authArgument is an argument of authentication. A secret one has two more, for write-only values.
type authArgument struct {
	name, property, meaning string
	secret                  bool
	owners                  []string // the types of authentication that have it
	optional                bool
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
	authArguments = []authArgument{
		{"username", asgardeo.AuthUsername, "User name", false, userTypes, false},
		{"password", asgardeo.AuthPassword, "Password", true, userTypes, false},
		{"access_token", asgardeo.AuthAccessToken, "Access token", true, bearerTypes, false},
		{"header", asgardeo.AuthHeader, "Name of the header that takes the API key", false, keyTypes, false},
		{"value", asgardeo.AuthValue, "The API key", true, keyTypes, false},
		{"client_id", asgardeo.AuthClientID, "OAuth client id", false, oauthTypes, false},
		{"client_secret", asgardeo.AuthClientSecret, "OAuth client secret", true, oauthTypes, false},
		{"token_endpoint", asgardeo.AuthTokenEndpoint, "Address that issues access tokens", false, oauthTypes, false},
		{"scopes", asgardeo.AuthScopes, "Scopes to ask for, as one text", false, oauthTypes, true},
	}
	authAttributeTypes = authenticationAttribute().GetType().(types.ObjectType).AttrTypes
)

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
	for _, argument := range authArguments {
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
	if told == nil {
		if live.Key == "" || live.Secret == "" {
			return types.ObjectNull(authAttributeTypes)
		}
		told = &asgardeo.SenderAuthentication{
			Type: asgardeo.AuthBasic, Properties: map[string]string{asgardeo.AuthUsername: live.Key},
		}
	}
	read := map[string]attr.Value{"type": types.StringValue(words.WithoutControls(told.Type))}
	for _, argument := range authArguments {
		if !argument.secret {
			read[argument.name] = textOrNull(told.Properties[argument.property])
			continue
		}
		before := within(state, argument.name)
		read[argument.name] = before.plain
		read[argument.name+"_wo"], read[argument.name+"_wo_version"] = types.StringNull(), before.version
	}
	if told.Type == asgardeo.AuthBasic && within(state, "password").plain.ValueString() != live.Secret {
		read["password"] = types.StringNull()
	}
	return types.ObjectValueMust(authAttributeTypes, read)
}
