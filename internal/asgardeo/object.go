package asgardeo

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// object is one entry of the server's configuration store: a name and a set of attributes.
type object struct {
	name       string
	attributes []attribute
}

// attribute keeps the value as the server sent it, so that what this package does not know goes back unchanged.
// The store holds strings; numbers and booleans are turned into strings when they are written.
type attribute struct {
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value"`
}

// newObject collapses keys that occur more than once to their first value, as the server does when it reads its store.
// It would refuse them all when they were sent back.
func newObject(name string, attributes []attribute) object {
	o := object{name: name}
	known := make(map[string]bool, len(attributes)) // an answer may hold very many
	for _, a := range attributes {
		if !known[a.Key] {
			known[a.Key] = true
			o.attributes = append(o.attributes, a)
		}
	}
	return o
}

// find returns the index of the attribute, or -1.
func (o object) find(key string) int {
	return slices.IndexFunc(o.attributes, func(a attribute) bool { return a.Key == key })
}

// text returns the attribute's value as a string, as the server's own store would have it.
func (a attribute) text() string {
	var text string
	if json.Unmarshal(a.Value, &text) == nil {
		return text
	}
	return string(a.Value)
}

// value reads a setting as the Console did, and whether the object holds one at all. The portal is off only where the
// stored text is exactly "false"; every other setting is on where the text is "true" in any case.
func (o object) value(setting Setting) (value Value, stored bool) {
	i := o.find(locations[setting].attribute)
	if i < 0 || len(o.attributes[i].Value) == 0 || string(o.attributes[i].Value) == "null" {
		return classicStore{}.initial(setting), false
	}
	text := o.attributes[i].text()
	if setting == PortalEnabled {
		return ValueOf(text != "false"), true
	}
	return ValueOf(strings.EqualFold(text, "true")), true
}

// values reads every setting that the object holds.
func (o object) values() Settings {
	values := Settings{}
	for _, setting := range settingsOf(o.name) {
		values[setting], _ = o.value(setting)
	}
	return values
}

// merge keeps everything else as it was: PUT replaces the whole attribute set, so what is not sent would be gone. An
// object whose values are in effect already stays as it is, even where its defaults are not stored.
func (o object) merge(change Change) (document, error) {
	merged, differs := object{o.name, slices.Clone(o.attributes)}, false
	for _, setting := range settingsOf(o.name) {
		wanted := change.Want[setting]
		on, known := wanted.Bool()
		if current, stored := o.value(setting); known && (current != wanted || !stored) {
			merged.set(locations[setting].attribute, on)
			differs = differs || current != wanted
		}
	}
	if !differs {
		return o, nil
	}
	return merged, nil
}

// set replaces the attribute, or adds it at the end. Values are sent as lower-case strings: the form in which
// every reader of the store understands them.
func (o *object) set(key string, on bool) {
	value := json.RawMessage(strconv.Quote(strconv.FormatBool(on)))
	if i := o.find(key); i >= 0 {
		o.attributes[i].Value = value
		return
	}
	o.attributes = append(o.attributes, attribute{Key: key, Value: value})
}

// stored returns the attributes by their keys. Their order means nothing.
func (o object) stored() map[string]string {
	stored := make(map[string]string, len(o.attributes))
	for _, a := range o.attributes {
		stored[a.Key] = string(a.Value)
	}
	return stored
}

func (o object) equals(other document) bool {
	return maps.Equal(o.stored(), other.(object).stored())
}

// fulfills is equals: nobody but the writer adds attributes.
func (o object) fulfills(wanted document) bool {
	return o.equals(wanted)
}

// asFarAsWritten keeps the attributes that the write sets.
func (o object) asFarAsWritten(from, to document) document {
	found, before, after := o.stored(), from.(object).stored(), object{o.name, slices.Clone(to.(object).attributes)}
	for i, a := range after.attributes {
		if before[a.Key] != string(a.Value) {
			after.attributes[i].Value = json.RawMessage(found[a.Key])
		}
	}
	return after
}
