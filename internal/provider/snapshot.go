package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// snapshot records, beside the state, what the settings were before Terraform took them over, so that destroy can
// put them back. Terraform keeps it as the resource's private state.
type snapshot struct {
	Version int `json:"version"`
	snapshotPlace
	Settings map[string]record `json:"settings"` // by the attribute's name
	// Origin is what the place itself wants to know when the settings are handed back.
	Origin string `json:"origin,omitempty"`

	// newer says that the state holds the record of a later version of the provider: it stays as it is.
	newer bool
}

// snapshotPlace says whose settings they were, and where they were kept.
type snapshotPlace struct {
	Installation string       `json:"installation"`
	Organization string       `json:"organization"`
	API          asgardeo.API `json:"api"`
}

// record is the history of one setting. Null stands for a setting without a value of its own.
type record struct {
	// Before is what was in effect when Terraform met the setting.
	Before *bool `json:"before"`
	// Set is what Terraform made of it. A different live value was changed by somebody else, and is theirs.
	Set *bool `json:"set"`
}

const (
	snapshotKey     = "before_terraform"
	snapshotVersion = 2
)

func newSnapshot(account *asgardeo.MyAccount) snapshot {
	s := snapshot{Version: snapshotVersion, Settings: map[string]record{}}
	if account != nil {
		s.snapshotPlace = snapshotPlace{Installation: account.Installation(), Organization: account.Name(), API: account.API()}
	}
	return s
}

// privateState is the part of the framework's private state that is used here; its type cannot be named.
type privateState interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// loadSnapshot returns the snapshot, or an empty one where there is none that can be used. The account is nil while
// nobody can tell where the settings are.
func (k *settingsKind) loadSnapshot(
	ctx context.Context, private privateState, organization string, account *asgardeo.MyAccount,
) (snapshot, diag.Diagnostics) {
	empty := newSnapshot(account)
	content, diags := private.GetKey(ctx, snapshotKey)
	if diags.HasError() || len(content) == 0 {
		return empty, diags
	}
	loaded := newSnapshot(nil)
	err := json.Unmarshal(content, &loaded)
	empty.newer = loaded.Version > snapshotVersion
	if err != nil || loaded.Version != snapshotVersion || loaded.Settings == nil {
		diags.AddWarning(fmt.Sprintf("Unreadable record of the earlier %s of %q", k.thing, organization), fmt.Sprintf(
			"The state's record of what the settings were before Terraform was written by another version of the provider "+
				"(version %d). It is not used.", loaded.Version))
		return empty, diags
	}
	if account != nil && loaded.snapshotPlace != empty.snapshotPlace {
		diags.AddWarning(fmt.Sprintf("The record is not about these %s of %q", k.thing, organization), fmt.Sprintf(
			"The state's record of what the settings were before Terraform is about organization %q at %s with "+
				"my_account_api = %q. It is not used.", loaded.Organization, loaded.Installation, loaded.API))
		return empty, diags
	}
	return loaded, diags
}

// recorded reports whether there is a record of earlier values.
func recorded(ctx context.Context, private privateState) bool {
	content, _ := private.GetKey(ctx, snapshotKey)
	return len(content) > 0
}

func (s snapshot) save(ctx context.Context, private privateState) diag.Diagnostics {
	if s.newer {
		return nil
	}
	content, err := json.Marshal(s)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to record the earlier settings", err.Error())}
	}
	return private.SetKey(ctx, snapshotKey, content)
}

// clone returns a copy that can be changed without the other.
func (s snapshot) clone() snapshot {
	s.Settings = maps.Clone(s.Settings)
	return s
}

// found records what a setting was when Terraform met it.
func (s snapshot) found(setting asgardeo.Setting, value asgardeo.Value) {
	s.Settings[attributeNames[setting]] = record{Before: toRecord(value), Set: toRecord(value)}
}

// set records what Terraform made of a setting.
func (s snapshot) set(setting asgardeo.Setting, value asgardeo.Value) {
	name := attributeNames[setting]
	if known, ok := s.Settings[name]; ok {
		known.Set = toRecord(value)
		s.Settings[name] = known
	}
}

// record notes what came of a change: the settings that were reached, and those that nobody can tell about. Of these
// either value may be Terraform's work. Where it is the earlier one, there is nothing to put back; so it is enough to
// record the other one.
func (s snapshot) record(want asgardeo.Settings, reached, uncertain []asgardeo.Setting) {
	for _, setting := range reached {
		s.set(setting, want[setting])
	}
	for _, setting := range uncertain {
		switch before := s.before(setting); before {
		case asgardeo.On, asgardeo.Off:
			s.set(setting, asgardeo.ValueOf(before == asgardeo.Off))
		case asgardeo.NotSet:
			s.set(setting, want[setting])
		case asgardeo.Unknown:
		}
	}
}

// before returns the value that was in effect before Terraform.
func (s snapshot) before(setting asgardeo.Setting) asgardeo.Value {
	known, ok := s.Settings[attributeNames[setting]]
	if !ok {
		return asgardeo.Unknown
	}
	return fromRecord(known.Before)
}

// untouched reports whether a live value still is what Terraform made of the setting.
func (s snapshot) untouched(setting asgardeo.Setting, live asgardeo.Value) bool {
	known, ok := s.Settings[attributeNames[setting]]
	return ok && fromRecord(known.Set) == live
}

// overtaken reports whether a live value is somebody else's, and not what was there before Terraform either: a destroy
// that failed half-way has put that back already.
func (s snapshot) overtaken(setting asgardeo.Setting, live asgardeo.Value) bool {
	before := s.before(setting)
	return before != asgardeo.Unknown && !s.untouched(setting, live) && before != live
}

func toRecord(value asgardeo.Value) *bool {
	if on, known := value.Bool(); known {
		return new(on)
	}
	return nil
}

func fromRecord(value *bool) asgardeo.Value {
	if value == nil {
		return asgardeo.NotSet
	}
	return asgardeo.ValueOf(*value)
}
