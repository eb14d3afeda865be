// Package handover says what resources remember of the time before Terraform, and what becomes of it.
//
// The settings of a portal always exist. A resource takes them over and, when it is destroyed, hands them back:
//
//   - A [Record] holds what the settings were before, and what Terraform made of them. It is kept beside the state.
//   - A [Handback] decides, when a resource is destroyed, what becomes of its settings.
//   - [BrokenRules] says whether values that are to be in effect break a rule of the product, and who is to blame.
//   - A [Run] lets the resources of one run of Terraform find out about each other.
//
// All of it is about plain values: it knows neither Terraform's framework nor the server.
package handover

import (
	"encoding/json"
	"maps"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// Record is what settings were before Terraform took them over, so that destroy can put them back.
type Record struct {
	Version int `json:"version"`
	Place
	Settings map[string]Entry `json:"settings"` // by name
	// Origin is what the place itself wants to know when the settings are handed back.
	Origin string `json:"origin,omitempty"`
}

// Place says whose settings a record is about, and where they are kept.
type Place struct {
	Installation string     `json:"installation"`
	Organization string     `json:"organization"`
	API          portal.API `json:"api"`
}

// Entry is the history of one setting. Null stands for a setting without a value of its own.
type Entry struct {
	// Before is what was in effect when Terraform met the setting.
	Before *bool `json:"before"`
	// Set is what Terraform made of it. A different live value was changed by somebody else, and is theirs.
	Set *bool `json:"set"`
}

const recordVersion = 2

// NewRecord returns a record that knows nothing yet. The place is empty while nobody can tell where the settings are.
func NewRecord(place Place) Record {
	return Record{Version: recordVersion, Place: place, Settings: map[string]Entry{}}
}

// Unusable says why a record is not used: another version of the provider wrote it, or it is about another place.
type Unusable struct {
	Version   int
	Elsewhere *Place // nil where the version is to blame
}

// Decode reads a record that is to be about a place, if that is known. Where the stored one is unusable, it returns an
// empty record, which has the version of a later one.
func Decode(content []byte, place Place) (Record, *Unusable) {
	empty, stored := NewRecord(place), NewRecord(Place{})
	err := json.Unmarshal(content, &stored)
	empty.Version = max(recordVersion, stored.Version)
	switch {
	case err != nil || stored.Version != recordVersion || stored.Settings == nil:
		return empty, &Unusable{Version: stored.Version}
	case place != Place{} && place != stored.Place:
		return empty, &Unusable{Version: stored.Version, Elsewhere: &stored.Place}
	}
	return stored, nil
}

// Encode returns what the state is to keep: nothing in place of the record of a later version.
func (r Record) Encode() []byte {
	if r.Version > recordVersion {
		return nil
	}
	content, _ := json.Marshal(r) // texts and booleans never fail
	return content
}

// Knows reports whether there is a record of a setting.
func (r Record) Knows(setting portal.Setting) bool {
	_, known := r.Settings[NameOf(setting)]
	return known
}

// Found returns the record with what settings were when Terraform met them.
func (r Record) Found(live portal.Settings, settings ...portal.Setting) Record {
	for _, setting := range settings {
		value := encodeValue(live[setting])
		r = r.with(setting, Entry{Before: value, Set: value})
	}
	return r
}

// Extended returns the record with what settings were that a write changes and that were not declared until now.
// Where one still is what Terraform made of it in an earlier time, the record of that time holds.
func (r Record) Extended(live, wanted portal.Settings, prior Declared) Record {
	for setting := range wanted {
		if !prior.Has(setting) && !r.Untouched(setting, live[setting]) {
			r = r.Found(live, setting)
		}
	}
	return r
}

// Wrote returns the record with what Terraform made of settings: of those that a write of wanted values reached, and
// of those that nobody can tell about. Of these either value may be Terraform's work. Where it is the earlier one,
// there is nothing to put back; so it is enough to record the other one.
func (r Record) Wrote(wanted portal.Settings, reached, uncertain []portal.Setting) Record {
	for _, setting := range reached {
		r = r.made(setting, wanted[setting])
	}
	for _, setting := range uncertain {
		made := wanted[setting]
		if on, known := r.Before(setting).Bool(); known {
			made = portal.ValueOf(!on)
		}
		r = r.made(setting, made)
	}
	return r
}

// made returns the record with what Terraform made of a setting that is in it.
func (r Record) made(setting portal.Setting, value portal.Value) Record {
	entry, known := r.Settings[NameOf(setting)]
	if !known {
		return r
	}
	entry.Set = encodeValue(value)
	return r.with(setting, entry)
}

func (r Record) with(setting portal.Setting, entry Entry) Record {
	r.Settings = maps.Clone(r.Settings)
	r.Settings[NameOf(setting)] = entry
	return r
}

func (r Record) entry(setting portal.Setting) Entry {
	return r.Settings[NameOf(setting)]
}

// Before returns the value that was in effect before Terraform.
func (r Record) Before(setting portal.Setting) portal.Value {
	if entry, known := r.Settings[NameOf(setting)]; known {
		return decodeValue(entry.Before)
	}
	return portal.Unknown
}

// Untouched reports whether a live value still is what Terraform made of the setting.
func (r Record) Untouched(setting portal.Setting, live portal.Value) bool {
	return r.Knows(setting) && decodeValue(r.entry(setting).Set) == live
}

// Overtaken reports whether a live value is somebody else's, and not what was there before Terraform either: a destroy
// that failed half-way has put that back already.
func (r Record) Overtaken(setting portal.Setting, live portal.Value) bool {
	return r.Knows(setting) && !r.Untouched(setting, live) && r.Before(setting) != live
}

// MadeAll reports whether Terraform has made all these values real before.
func (r Record) MadeAll(values portal.Settings) bool {
	for setting, value := range values {
		if !r.Untouched(setting, value) {
			return false
		}
	}
	return true
}

// Earlier are the values to put back: of the settings that still are what Terraform made of them, and were something
// else before.
func (r Record) Earlier(live portal.Settings, settings []portal.Setting) portal.Settings {
	earlier := portal.Settings{}
	for _, setting := range settings {
		if now := live[setting]; r.Untouched(setting, now) && r.Before(setting) != now {
			earlier[setting] = r.Before(setting)
		}
	}
	return earlier
}

func encodeValue(value portal.Value) *bool {
	if on, known := value.Bool(); known {
		return &on
	}
	return nil
}

func decodeValue(value *bool) portal.Value {
	if value == nil {
		return portal.NotSet
	}
	return portal.ValueOf(*value)
}
