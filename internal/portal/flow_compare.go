package portal

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
)

// Flows are compared by their steps and by what their scripts do with them, whoever has the flow. Options have no
// order: the server changes it.

// Same reports whether two flows sign users in alike, however their scripts say that every step is run.
func (f Flow) Same(other Flow) bool {
	return f.SameSteps(other) && f.RunsLike(other.Script)
}

// SameSteps reports whether two flows offer the same, and identify the user in the same step.
func (f Flow) SameSteps(other Flow) bool {
	return f.outline() == other.outline()
}

// Same reports whether two steps have the same options, in any order.
func (s Step) Same(other Step) bool {
	return Flow{Steps: []Step{s}}.SameSteps(Flow{Steps: []Step{other}})
}

// RunsLike reports whether another script would do the same with the flow's steps.
func (f Flow) RunsLike(script string) bool {
	other := f
	other.Script = script
	return f.scriptEffect() == other.scriptEffect()
}

// RunsEveryStep reports that nothing but the steps decides what the flow does: its script is none, or generated.
func (f Flow) RunsEveryStep() bool {
	return f.scriptEffect() == ""
}

// Fingerprint is equal for flows that are the same.
func (f Flow) Fingerprint() string {
	sum := sha256.Sum256([]byte(f.outline() + "\n" + f.scriptEffect()))
	return hex.EncodeToString(sum[:])
}

// Origin tells the server's flow from others. It is empty for a flow of the application, and where a script does more
// than execute its steps.
func (f Flow) Origin() string {
	if f.Kind != ServerFlow || !f.RunsEveryStep() {
		return ""
	}
	return f.outline()
}

// outline is equal for flows with the same steps. States keep it, so it stays as it is.
func (f Flow) outline() string {
	var steps [][]string
	for _, step := range f.Steps {
		var options []string
		for _, option := range step.Options {
			options = append(options, fmt.Sprintf("%q", []string{option.Connection, option.Authenticator}))
		}
		slices.Sort(options)
		steps = append(steps, options)
	}
	return fmt.Sprintf("%s subject %d attributes %d", steps, f.SubjectStep, f.AttributeStep)
}
