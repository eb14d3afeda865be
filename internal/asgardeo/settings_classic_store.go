package asgardeo

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
)

// The server's generic configuration store keeps the classic settings as objects of this type. It has no path that
// lists the objects of a type, and PUT goes to the type's own path, with the object's name in the body.
const storePath = "/api/identity/config-mgt/v1.0/resource/myaccount"

// storeCodes are the store's own errors.
var storeCodes = serverCodes{
	http.StatusNotFound: {"CONFIGM_00017": NotStored, "CONFIGM_00008": FeatureMissing},
}

// location says where the store keeps a setting: an attribute of a stored object.
type location struct{ object, attribute string }

const (
	statusObject     = "status"
	twoFactorObject  = "myaccount-2FA-config"
	enrollmentObject = "myaccount-TOTP-config"
)

var locations = map[portal.Setting]location{
	portal.PortalEnabled:  {statusObject, "enable"},
	portal.EmailOTP:       {twoFactorObject, "email_otp_enabled"},
	portal.SMSOTP:         {twoFactorObject, "sms_otp_enabled"},
	portal.TOTP:           {twoFactorObject, "totp_enabled"},
	portal.BackupCodes:    {twoFactorObject, "backup_code_enabled"},
	portal.TOTPEnrollment: {enrollmentObject, "enrolUserInAuthenticationFlow"},
}

// settingsOf returns the settings that a stored object holds, in the Console's order.
func settingsOf(object string) []portal.Setting {
	return slices.DeleteFunc(portal.EverySetting(), func(setting portal.Setting) bool {
		return locations[setting].object != object
	})
}

// classicStore keeps each group of settings as an object of its own.
type classicStore struct {
	*Organization
}

// documents returns the objects that hold the settings, each once.
func (classicStore) documents(settings []portal.Setting) []string {
	var names []string
	for _, name := range []string{statusObject, twoFactorObject, enrollmentObject} {
		if slices.ContainsFunc(settings, func(s portal.Setting) bool { return locations[s].object == name }) {
			names = append(names, name)
		}
	}
	return names
}

// storedObject is the server's representation, as far as it is used.
type storedObject struct {
	ResourceType string      `json:"resourceType"`
	ResourceName string      `json:"resourceName"`
	Attributes   []attribute `json:"attributes"`
}

// UnmarshalJSON refuses JSON that is something else: without attributes it would mean defaults, and the next write
// would replace what is really stored.
func (s *storedObject) UnmarshalJSON(data []byte) error {
	type fields storedObject
	if err := json.Unmarshal(data, (*fields)(s)); err != nil {
		return err
	}
	if s.ResourceType == "" && s.ResourceName == "" && s.Attributes == nil {
		return errors.New("not an object of the configuration store")
	}
	return nil
}

// read reads one object. One that was never written has no attributes: its defaults hold.
func (s classicStore) read(ctx context.Context, name string) (document, error) {
	found, err := s.exchange(ctx, name, call{
		doing:  doingRead,
		method: http.MethodGet,
		path:   storePath + "/" + name,
		scope:  ScopeViewSettings,
		codes:  storeCodes,
	})
	if IsKind(err, NotStored) {
		return found, nil
	}
	return found, err
}

// write replaces one object. PUT creates it where it does not exist. Of one that exists, another call can change a
// single attribute, which would spare the others the moment between read and write. It has answers and errors of its
// own and is no help where two settings change, all that for a place the Console has left: not worth it.
func (s classicStore) write(ctx context.Context, _, to document) error {
	object := to.(object)
	_, err := s.exchange(ctx, object.name, call{
		doing:  doingChange,
		method: http.MethodPut,
		path:   storePath,
		body: struct {
			Name       string      `json:"name"`
			Attributes []attribute `json:"attributes"`
		}{object.name, object.attributes()},
		scope: ScopeUpdateSettings,
		codes: storeCodes,
	})
	return err
}

// exchange makes a call that is answered with an object, and refuses another one than was asked for. The server caches
// objects by name without regard to their type, so a namesake could come back.
func (s classicStore) exchange(ctx context.Context, name string, c call) (object, error) {
	var stored storedObject
	err := s.do(ctx, c, &stored)
	switch {
	case err != nil:
	case stored.ResourceType != "" && !strings.EqualFold(stored.ResourceType, "myaccount"):
		err = s.unexpected(c, redact.Phrase(`an object of type "%s" instead of "myaccount"`, s.clean(stored.ResourceType)))
	case stored.ResourceName != "" && stored.ResourceName != name:
		err = s.unexpected(c, redact.Phrase(`the object "%s" instead of "%s"`, s.clean(stored.ResourceName), s.clean(name)))
	}
	return newObject(name, stored.Attributes), err
}
