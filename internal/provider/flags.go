package provider

import (
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// flags are the settings of a resource's model. Null means: not declared, hence neither kept nor written.
type flags map[asgardeo.Setting]*types.Bool

// has reports whether a setting is declared, be its value known or not.
func (f flags) has(setting asgardeo.Setting) bool {
	value, ok := f[setting]
	return ok && !value.IsNull()
}

// declared lists the settings that are not null, in the Console's order.
func (f flags) declared() []asgardeo.Setting {
	var settings []asgardeo.Setting
	for _, setting := range allSettings {
		if f.has(setting) {
			settings = append(settings, setting)
		}
	}
	return settings
}

// known returns the values of the declared settings that are known.
func (f flags) known() map[asgardeo.Setting]bool {
	values := map[asgardeo.Setting]bool{}
	for setting, value := range f {
		if !value.IsNull() && !value.IsUnknown() {
			values[setting] = value.ValueBool()
		}
	}
	return values
}

// among is known, of those settings only that were read.
func (f flags) among(live asgardeo.Settings) map[asgardeo.Setting]bool {
	values := f.known()
	maps.DeleteFunc(values, func(setting asgardeo.Setting, _ bool) bool { _, read := live[setting]; return !read })
	return values
}

// fill takes over live values: of the declared settings, or of all of them.
func (f flags) fill(live asgardeo.Settings, all bool) {
	for setting, value := range f {
		if all || !value.IsNull() {
			*value = types.BoolValue(live[setting].On)
		}
	}
}

// changedFrom lists the declared settings whose value differs from that in another model.
func (f flags) changedFrom(other flags) []asgardeo.Setting {
	var changed []asgardeo.Setting
	for _, setting := range f.declared() {
		if !f[setting].Equal(*other[setting]) {
			changed = append(changed, setting)
		}
	}
	return changed
}

// changing lists the declared settings that another model does not have like this, or the organization.
func (f flags) changing(prior flags, live asgardeo.Settings) []asgardeo.Setting {
	var settings []asgardeo.Setting
	for _, setting := range f.declared() {
		value, read := live[setting]
		if !prior.has(setting) || !f[setting].Equal(*prior[setting]) || read && value.On != f[setting].ValueBool() {
			settings = append(settings, setting)
		}
	}
	return settings
}

// effective returns the values that are in effect once these flags are applied: the declared ones, where they are
// known, and the live ones of the rest.
func (f flags) effective(live asgardeo.Settings) map[asgardeo.Setting]bool {
	values := map[asgardeo.Setting]bool{}
	for setting, value := range live {
		if !f.has(setting) {
			values[setting] = value.On
		}
	}
	maps.Copy(values, f.known())
	return values
}

// allSettings is the order in which settings are named in messages.
var allSettings = append([]asgardeo.Setting{asgardeo.PortalEnabled}, asgardeo.TwoFactor()...)

// transition is one line of a warning: what a value is and what it becomes.
func transition(setting asgardeo.Setting, from bool, to string) string {
	return fmt.Sprintf("  %s: %t -> %s", attributeNames[setting], from, to)
}
