package asgardeo

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
)

// The server's generic configuration store keeps the classic settings as objects of this type. It has no path that
// lists the objects of a type, and PUT goes to the type's own path, with the object's name in the body.
const storePath = "/api/identity/config-mgt/v1.0/resource/myaccount"

// storeCodes are the store's own errors.
var storeCodes = serverCodes{
	http.StatusNotFound: {"CONFIGM_00017": NotStored, "CONFIGM_00008": ClassicMissing},
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
	found, err := s.exchange(ctx, name, get(doingRead, storePath+"/"+name, ScopeViewSettings, storeCodes))
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
	body := struct {
		Name       string      `json:"name"`
		Attributes []attribute `json:"attributes"`
	}{object.name, object.attributes()}
	_, err := s.exchange(ctx, object.name, call{
		doing: doingChange, method: http.MethodPut, path: storePath, body: body,
		scope: ScopeUpdateSettings, codes: storeCodes,
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

// object is one entry of the server's configuration store: a name and a set of attributes, with values as the server
// sent them, so that what this package does not know goes back unchanged. What is no string becomes one in the store.
type object struct {
	name   string
	stored map[string]string // JSON by key; the server gives their order no meaning
}

type attribute struct {
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value"`
}

// newObject keeps the first value of a key that occurs more than once, as the server does when it reads its store. It
// would refuse them all when they were sent back.
func newObject(name string, attributes []attribute) object {
	o := object{name: name, stored: make(map[string]string, len(attributes))}
	for _, a := range attributes {
		if _, again := o.stored[a.Key]; !again {
			o.stored[a.Key] = cmp.Or(string(a.Value), "null")
		}
	}
	return o
}

func (o object) attributes() []attribute {
	var attributes []attribute
	for _, key := range slices.Sorted(maps.Keys(o.stored)) {
		attributes = append(attributes, attribute{key, json.RawMessage(o.stored[key])})
	}
	return attributes
}

// value reads a setting as the Console did, and whether the object holds one at all. The portal is off only where the
// stored text is exactly "false"; every other setting is on where the text is "true" in any case.
func (o object) value(setting portal.Setting) (_ portal.Value, stored bool) {
	value, known := o.stored[locations[setting].attribute]
	if !known || value == "null" {
		return portal.ValueOf(setting == portal.PortalEnabled), false
	}
	var text string
	if json.Unmarshal([]byte(value), &text) != nil {
		text = value // as the server's own store would have it
	}
	if setting == portal.PortalEnabled {
		return portal.ValueOf(text != "false"), true
	}
	return portal.ValueOf(strings.EqualFold(text, "true")), true
}

// values reads every setting that the object holds.
func (o object) values() portal.Settings {
	values := portal.Settings{}
	for _, setting := range settingsOf(o.name) {
		values[setting], _ = o.value(setting)
	}
	return values
}

// merge keeps everything else as it was: PUT replaces the whole attribute set, so what is not sent would be gone. An
// object whose values are in effect already stays as it is, even where its defaults are not stored. Values are sent as
// lower-case strings: the form in which every reader of the store understands them.
func (o object) merge(change Change) (document, error) {
	merged, differs := object{o.name, maps.Clone(o.stored)}, false
	for _, setting := range settingsOf(o.name) {
		wanted := change.Want[setting]
		on, known := wanted.Bool()
		if current, stored := o.value(setting); known && (current != wanted || !stored) {
			merged.stored[locations[setting].attribute] = strconv.Quote(strconv.FormatBool(on))
			differs = differs || current != wanted
		}
	}
	if !differs {
		return o, nil
	}
	return merged, nil
}

func (o object) equals(other document) bool {
	return maps.Equal(o.stored, other.(object).stored)
}

// fulfills is equals: nobody but the writer adds attributes.
func (o object) fulfills(wanted document) bool {
	return o.equals(wanted)
}

// ignoringUnwritten keeps the attributes that the write sets.
func (o object) ignoringUnwritten(from, to document) document {
	before, limited := from.(object), maps.Clone(to.(object).stored)
	for key, value := range limited {
		if before.stored[key] != value {
			limited[key] = o.stored[key]
		}
	}
	return object{o.name, limited}
}
