package providertest

import (
	"fmt"
	"maps"
	"strings"
)

// FlagState is what an administrator sees of a flag.
type FlagState string

// The states of a flag. One that is not set is left to something wider than My Account.
const (
	FlagOn     FlagState = "true"
	FlagOff    FlagState = "false"
	FlagNotSet FlagState = "not set"
)

// FlagStateOf is the state of a flag that somebody has switched.
func FlagStateOf(on bool) FlagState {
	if on {
		return FlagOn
	}
	return FlagOff
}

// textOn is what the Console makes of what is stored for a flag.
func textOn(flag string, stored any) bool {
	switch {
	case flag == "enabled":
		return stored == nil || fmt.Sprint(stored) != "false"
	case stored == nil:
		return false
	}
	return strings.EqualFold(fmt.Sprint(stored), "true")
}

// Alike takes what is not set for off. The classic place knows no difference.
func (s FlagState) Alike(other FlagState) bool {
	return (s == FlagOn) == (other == FlagOn)
}

// Equals compares with the value of an attribute, which is null where something is not set.
func (s FlagState) Equals(value any) bool {
	return value == nil && s == FlagNotSet || value == (s == FlagOn) && s != FlagNotSet
}

// Live is what an organization has now, by the names of the flags.
type Live map[string]FlagState

// On reports whether a flag is on.
func (l Live) On(flag string) bool { return l[flag] == FlagOn }

// With returns a copy with other states.
func (l Live) With(changed Live) Live {
	merged := maps.Clone(l)
	maps.Copy(merged, changed)
	return merged
}
