package smssender

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
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

// forms are both forms of the secret, by the names of their arguments.
func (s secretArgument) forms() map[string]types.String {
	return map[string]types.String{s.name: s.plain, s.name + "_wo": s.writeOnly}
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
// that is not sent. Another gateway gets none of the old one's.
func (s secretArgument) afterUpdate(live string, before secretArgument, anotherGateway bool) string {
	renewed := live == "" || !s.version.Equal(before.version) || !before.plain.IsNull()
	if anotherGateway || !s.plain.IsNull() || s.text() != "" && renewed {
		return s.text()
	}
	return live
}
