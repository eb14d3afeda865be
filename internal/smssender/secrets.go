package smssender

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/words"
)

// secretArgument is a secret in the forms that a configuration can give it in. A state has no write-only one.
type secretArgument struct {
	parent    path.Path
	name      string       // of the plain form
	plain     types.String // kept in the state
	writeOnly types.String // kept nowhere
	version   types.Int64  // another one has the write-only form sent again
}

func (m *model) key() secretArgument {
	return secretArgument{path.Empty(), "key", m.Key, m.KeyWO, m.KeyWOVersion}
}

func (m *model) secret() secretArgument {
	return secretArgument{path.Empty(), "secret", m.Secret, m.SecretWO, m.SecretWOVersion}
}

func (m *model) headers() secretArgument {
	return secretArgument{path.Empty(), "http_headers", m.HTTPHeaders, m.HTTPHeadersWO, m.HTTPHeadersWOVersion}
}

// isSet reports that one of the forms has a value, if only an unknown one.
func (s secretArgument) isSet() bool { return !s.plain.IsNull() || !s.writeOnly.IsNull() }

func (s secretArgument) text() string {
	if s.plain.IsNull() {
		return s.writeOnly.ValueString()
	}
	return s.plain.ValueString()
}

// declared reports that a configuration gives the secret, or gave it, which a state knows by its version.
func (s secretArgument) declared() bool { return s.isSet() || !s.version.IsNull() }

// secretForm is one of the two arguments that a secret can be given with.
type secretForm struct {
	name string
	text string // empty while it is not known
}

func (s secretArgument) forms() []secretForm {
	return []secretForm{{s.name, s.plain.ValueString()}, {s.name + "_wo", s.writeOnly.ValueString()}}
}

// checkForms finds a secret that is given in two forms, and a version without a value. What is not known yet may turn
// out to be null.
func (s secretArgument) checkForms() diag.Diagnostics {
	switch {
	case session.Known(s.plain) && session.Known(s.writeOnly):
		return session.OneErrorAt(s.parent.AtName(s.name), "Two values of "+s.name, fmt.Sprintf(twoForms, s.name))
	case session.Known(s.version) && s.writeOnly.IsNull():
		at := s.parent.AtName(s.name + "_wo_version")
		return session.OneErrorAt(at, "Missing "+s.name+"_wo", fmt.Sprintf(versionAlone, s.name))
	}
	return nil
}

// afterUpdate decides what the secret is after an update. One that is not write-only is declared, like any other value.
// A write-only one is sent when its version says so; otherwise the live one goes back, since the server keeps nothing
// that is not sent. Where that must not be, the live one counts as empty.
func (s secretArgument) afterUpdate(live string, before secretArgument) string {
	renewed := live == "" || !s.version.Equal(before.version) || !before.plain.IsNull()
	if !s.plain.IsNull() || s.text() != "" && renewed {
		return s.text()
	}
	return live
}

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
