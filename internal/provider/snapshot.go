package provider

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// snapshot records, beside the state, what the settings were before Terraform took them over, so that destroy can
// put them back. Terraform keeps it as the resource's private state.
type snapshot struct {
	Version  int               `json:"version"`
	Settings map[string]record `json:"settings"` // by the attribute's name
}

// record is the history of one setting.
type record struct {
	// Before is what was found: "on", "off", or "absent" where the organization held no value and the default was in effect.
	Before string `json:"before"`
	// Set is what Terraform made of it. A different live value was changed by somebody else, and is theirs.
	Set bool `json:"set"`
	// Unsettled says that a write got no answer: either value may be Terraform's work, so both count as that.
	Unsettled bool `json:"unsettled,omitempty"`
}

const (
	snapshotKey     = "before_terraform"
	snapshotVersion = 1
)

func newSnapshot() snapshot {
	return snapshot{Version: snapshotVersion, Settings: map[string]record{}}
}

// privateState is the part of the framework's private state that is used here; its type cannot be named.
type privateState interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// loadSnapshot returns the snapshot, or an empty one where there is none: the state is older than snapshots, or the
// resource is tainted.
func (l lifecycle) loadSnapshot(ctx context.Context, private privateState, organization string) (snapshot, diag.Diagnostics) {
	empty := newSnapshot()
	content, diags := private.GetKey(ctx, snapshotKey)
	if diags.HasError() || len(content) == 0 {
		return empty, diags
	}
	loaded := newSnapshot()
	if err := json.Unmarshal(content, &loaded); err != nil || loaded.Version != snapshotVersion {
		diags.AddWarning(fmt.Sprintf("Unreadable record of the earlier %s of %q", l.thing, organization), fmt.Sprintf(
			"The state's record of what the settings were before Terraform was written by another version of the provider (version %d). It is not used.", loaded.Version))
		return empty, diags
	}
	return loaded, diags
}

func (s snapshot) save(ctx context.Context, private privateState) diag.Diagnostics {
	content, err := json.Marshal(s)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to record the earlier settings", err.Error())}
	}
	return private.SetKey(ctx, snapshotKey, content)
}

// found records what a setting was when Terraform met it.
func (s snapshot) found(setting asgardeo.Setting, value asgardeo.Value) {
	before := "absent"
	if value.Stored {
		before = onOff(value.On)
	}
	s.Settings[attributeNames[setting]] = record{Before: before, Set: value.On}
}

// set records what Terraform made of a setting.
func (s snapshot) set(setting asgardeo.Setting, on bool) {
	name := attributeNames[setting]
	if known, ok := s.Settings[name]; ok {
		known.Set, known.Unsettled = on, false
		s.Settings[name] = known
	}
}

// record notes what came of a change: the settings that were reached, and those that nobody can tell about.
func (s snapshot) record(want map[asgardeo.Setting]bool, reached, uncertain []asgardeo.Setting) {
	for _, setting := range reached {
		s.set(setting, want[setting])
	}
	for _, setting := range uncertain {
		name := attributeNames[setting]
		if known, ok := s.Settings[name]; ok && known.Set != want[setting] {
			known.Unsettled = true
			s.Settings[name] = known
		}
	}
}

// before returns the value that was in effect before Terraform.
func (s snapshot) before(setting asgardeo.Setting) (on, known bool) {
	switch s.Settings[attributeNames[setting]].Before {
	case "on":
		return true, true
	case "off":
		return false, true
	case "absent":
		return setting.Default(), true
	}
	return false, false
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// untouched reports whether a live value still is what Terraform made of the setting.
func (s snapshot) untouched(setting asgardeo.Setting, live bool) bool {
	known, ok := s.Settings[attributeNames[setting]]
	return ok && (known.Unsettled || known.Set == live)
}

// overtaken reports whether a live value is somebody else's, and not what was there before Terraform either: a destroy that
// failed half-way has put that back already.
func (s snapshot) overtaken(setting asgardeo.Setting, live bool) bool {
	before, known := s.before(setting)
	return known && !s.untouched(setting, live) && before != live
}
