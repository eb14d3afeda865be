package provider

import (
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// flags are the settings of a resource's model. Null means: not declared, hence neither kept nor written.
type flags map[asgardeo.Setting]types.Bool

// has reports whether a setting is declared, be its value known or not.
func (f flags) has(setting asgardeo.Setting) bool {
	value, ok := f[setting]
	return ok && !value.IsNull()
}

// declared lists the settings that are not null, in the Console's order.
func (f flags) declared() []asgardeo.Setting {
	var settings []asgardeo.Setting
	for _, attribute := range settingAttributes {
		if f.has(attribute.setting) {
			settings = append(settings, attribute.setting)
		}
	}
	return settings
}

// without returns the flags except for some settings.
func (f flags) without(settings ...[]asgardeo.Setting) flags {
	rest := maps.Clone(f)
	for _, setting := range slices.Concat(settings...) {
		delete(rest, setting)
	}
	return rest
}

// known returns the values of the declared settings that are known.
func (f flags) known() map[asgardeo.Setting]bool {
	return f.wanted().Known()
}

// wanted is known, as the client takes it.
func (f flags) wanted() asgardeo.Settings {
	values := asgardeo.Settings{}
	for setting, value := range f {
		if !value.IsNull() && !value.IsUnknown() {
			values[setting] = asgardeo.ValueOf(value.ValueBool())
		}
	}
	return values
}

// complete reports that no declared value is unknown.
func (f flags) complete() bool {
	return len(f.known()) == len(f.declared())
}

// among is wanted, of those settings only that were read.
func (f flags) among(live asgardeo.Settings) asgardeo.Settings {
	values := f.wanted()
	maps.DeleteFunc(values, func(setting asgardeo.Setting, _ asgardeo.Value) bool {
		return live[setting] == asgardeo.Unknown
	})
	return values
}

// fill takes over live values: of the declared settings, or of all of them. A setting without a value is null.
func (f flags) fill(live asgardeo.Settings, all bool) {
	for setting, value := range f {
		if !all && value.IsNull() || live[setting] == asgardeo.Unknown {
			continue
		}
		f[setting] = types.BoolNull()
		if on, known := live[setting].Bool(); known {
			f[setting] = types.BoolValue(on)
		}
	}
}

// changedFrom lists the declared settings whose value differs from that in another model.
func (f flags) changedFrom(other flags) []asgardeo.Setting {
	var changed []asgardeo.Setting
	for _, setting := range f.declared() {
		if !f[setting].Equal(other[setting]) {
			changed = append(changed, setting)
		}
	}
	return changed
}

// changing lists the declared settings that another model does not have like this, or the organization.
func (f flags) changing(prior flags, live asgardeo.Settings) []asgardeo.Setting {
	var settings []asgardeo.Setting
	for _, setting := range f.declared() {
		value := live[setting]
		differs := value != asgardeo.Unknown && value != asgardeo.ValueOf(f[setting].ValueBool())
		if !prior.has(setting) || !f[setting].Equal(prior[setting]) || differs {
			settings = append(settings, setting)
		}
	}
	return settings
}

// effective returns the values that are in effect once these flags are applied: the declared ones, where they are
// known, and the live ones of the rest.
func (f flags) effective(live asgardeo.Settings) map[asgardeo.Setting]bool {
	values := live.Known()
	maps.DeleteFunc(values, func(setting asgardeo.Setting, _ bool) bool { return f.has(setting) })
	maps.Copy(values, f.known())
	return values
}
