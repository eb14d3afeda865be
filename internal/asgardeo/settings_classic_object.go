package asgardeo

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// object is one entry of the server's configuration store: a name and a set of attributes, with values as the server
// sent them, so that what this package does not know goes back unchanged. What is no string becomes one in the store.
type object struct {
	name   string
	keys   []string          // in the order in which they came, which means nothing
	stored map[string]string // JSON
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
			o.set(a.Key, cmp.Or(string(a.Value), "null"))
		}
	}
	return o
}

func (o *object) set(key, value string) {
	if _, known := o.stored[key]; !known {
		o.keys = append(o.keys, key)
	}
	o.stored[key] = value
}

func (o object) clone() object {
	return object{o.name, slices.Clone(o.keys), maps.Clone(o.stored)}
}

func (o object) attributes() []attribute {
	var attributes []attribute
	for _, key := range o.keys {
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
	merged, differs := o.clone(), false
	for _, setting := range settingsOf(o.name) {
		wanted := change.Want[setting]
		on, known := wanted.Bool()
		if current, stored := o.value(setting); known && (current != wanted || !stored) {
			merged.set(locations[setting].attribute, strconv.Quote(strconv.FormatBool(on)))
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

// asFarAsWritten keeps the attributes that the write sets.
func (o object) asFarAsWritten(from, to document) document {
	before, limited := from.(object), to.(object).clone()
	for key, value := range limited.stored {
		if before.stored[key] != value {
			limited.stored[key] = o.stored[key]
		}
	}
	return limited
}
