package asgardeo

import (
	"encoding/json"
	"slices"
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
	seen := make(map[string]bool, len(attributes)) // an answer may hold very many
	for _, a := range attributes {
		if !seen[a.Key] {
			seen[a.Key] = true
			o.attributes = append(o.attributes, a)
		}
	}
	return o
}

// find returns the index of the attribute, or -1.
func (o object) find(key string) int {
	return slices.IndexFunc(o.attributes, func(a attribute) bool { return a.Key == key })
}

// empty reports whether the attribute has no value: null, or none at all.
func (a attribute) empty() bool {
	return len(a.Value) == 0 || string(a.Value) == "null"
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
	if i < 0 || o.attributes[i].empty() {
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
func (o object) merge(change Change) (document, []Setting, error) {
	merged := object{name: o.name, attributes: slices.Clone(o.attributes)}
	var changed []Setting
	for _, setting := range settingsOf(o.name) {
		want, wanted := change.Want[setting]
		on, known := want.Bool()
		if !wanted || !known {
			continue
		}
		current, stored := o.value(setting)
		if current != want {
			changed = append(changed, setting)
		}
		if current != want || !stored {
			merged.set(locations[setting].attribute, on)
		}
	}
	if len(changed) == 0 {
		return o, nil, nil
	}
	return merged, changed, nil
}

// set replaces the attribute, or adds it at the end. Values are sent as lower-case strings: the form in which
// every reader of the store understands them.
func (o *object) set(key string, on bool) {
	value := json.RawMessage(`"false"`)
	if on {
		value = json.RawMessage(`"true"`)
	}
	if i := o.find(key); i >= 0 {
		o.attributes[i].Value = value
		return
	}
	o.attributes = append(o.attributes, attribute{Key: key, Value: value})
}

// same reports whether two objects hold the same attributes; their order means nothing.
func (o object) same(other document) bool {
	attributes := other.(object).attributes
	if len(o.attributes) != len(attributes) {
		return false
	}
	type pair struct{ key, value string }
	theirs := make(map[pair]bool, len(attributes))
	for _, a := range attributes {
		theirs[pair{a.Key, string(a.Value)}] = true
	}
	return !slices.ContainsFunc(o.attributes, func(a attribute) bool { return !theirs[pair{a.Key, string(a.Value)}] })
}

// limitedTo keeps the attributes that the write sets.
func (o object) limitedTo(from, to document) document {
	before, limited := from.(object), object{name: o.name, attributes: slices.Clone(to.(object).attributes)}
	for i, a := range limited.attributes {
		was, is := before.find(a.Key), o.find(a.Key)
		switch {
		case was >= 0 && string(before.attributes[was].Value) == string(a.Value):
		case is >= 0:
			limited.attributes[i] = o.attributes[is]
		default:
			limited.attributes[i].Value = nil
		}
	}
	return limited
}

// reached is same: nobody but the writer adds attributes.
func (o object) reached(want document) bool {
	return o.same(want)
}

// instead is never asked: the answer to a write shows the object.
func (o object) instead(document) (document, error) {
	return nil, nil
}
