package handover

import (
	"maps"
	"slices"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// What on_destroy may say.
const (
	Restore = "restore"
	Reset   = "reset"
	Keep    = "keep"
)

// Handback is what destroying a resource is to do with its settings.
type Handback struct {
	Mode     string
	Settings []portal.Setting // that the resource declares, and leaves to no other one
	Record   Record
	// Initial is the value of a setting that nobody has chosen. It is nil while that cannot be told.
	Initial func(portal.Setting) portal.Value
}

// Outcome is what is written, and what is not put back on although it was on before Terraform.
type Outcome struct {
	Wanted portal.Settings
	// NoSender says that SMS OTP stays off, because it could not send anything.
	NoSender bool
	// Unmet are settings that stay off, because what they need is off.
	Unmet []portal.Rule
}

// HasNothing reports that there is nothing to restore from: there is no record of the earlier values.
func (h Handback) HasNothing() bool {
	return h.Mode == Restore && len(h.Record.Settings) == 0
}

// Decide returns what becomes of the settings. Where SMS OTP would go on, it asks whether there is no sender for it.
func (h Handback) Decide(live portal.Settings, noSender func() bool) Outcome {
	targets := h.targets(live)
	outcome := withConsequences(targets, live)
	if outcome.Wanted[portal.SMSOTP] == portal.On && noSender() {
		delete(targets, portal.SMSOTP)
		outcome = withConsequences(targets, live)
		outcome.NoSender = true
	}
	return outcome
}

// targets are the values that settings go to, where these are others than the live ones.
func (h Handback) targets(live portal.Settings) portal.Settings {
	targets := portal.Settings{}
	switch {
	case h.Mode == Restore:
		targets = h.Record.Earlier(live, h.Settings)
	case h.Mode == Reset && h.Initial != nil:
		for _, setting := range h.Settings {
			targets[setting] = h.Initial(setting)
		}
	}
	maps.DeleteFunc(targets, func(setting portal.Setting, target portal.Value) bool {
		now := live[setting]
		// Without TOTP, enrollment has no value that could be taken away.
		nothingToTake := target == portal.NotSet && now == portal.Off && live[portal.TOTP] == portal.Off
		return now == portal.Unknown || now == target || nothingToTake
	})
	return targets
}

// withConsequences adds to targets that a setting goes off with the one that it depends on, also an undeclared one, and
// takes away that one goes on whose precondition is not met anymore. A contradiction that is there already is not
// Terraform's.
func withConsequences(targets, live portal.Settings) Outcome {
	after := maps.Clone(live)
	maps.Copy(after, targets)
	outcome := Outcome{Wanted: maps.Clone(targets)}
	already := portal.Violations(live.Known())
	for _, rule := range portal.Violations(after.Known()) {
		switch {
		case slices.ContainsFunc(already, func(r portal.Rule) bool { return r.Setting == rule.Setting }):
		case live[rule.Setting] == portal.On:
			outcome.Wanted[rule.Setting] = portal.Off
		default:
			delete(outcome.Wanted, rule.Setting)
			outcome.Unmet = append(outcome.Unmet, rule)
		}
	}
	return outcome
}

// Lost lists what settings were before Terraform, where that was something else than Terraform made of them, and
// nothing will bring it back.
func (h Handback) Lost(settings []portal.Setting) []portal.Setting {
	return slices.DeleteFunc(slices.Clone(settings), func(setting portal.Setting) bool {
		before := h.Record.Before(setting)
		return h.Mode != Restore || before == portal.Unknown || h.Record.Untouched(setting, before)
	})
}

// Finding is a rule of the product that values which are in effect together break.
type Finding struct {
	portal.Rule
	// Culprit is the declared setting that brings it about. There is none where it is there already: that must be heard
	// of, but must not stop everything else in the configuration, its destruction included.
	Culprit portal.Setting
	// Declared and Undeclared are the settings that take part.
	Declared, Undeclared []portal.Setting
}

// BrokenRules checks the values that will be in effect. The configuration brings a violation about if it changes a
// setting that takes part, or declares all that do.
func BrokenRules(declared, prior Declared, live portal.Settings) []Finding {
	changing := declared.Changing(prior, live)
	var findings []Finding
	for _, rule := range portal.Violations(declared.Effective(live).Known()) {
		finding := Finding{Rule: rule}
		for _, setting := range append([]portal.Setting{rule.Setting}, rule.Needs...) {
			if declared.Has(setting) {
				finding.Declared = append(finding.Declared, setting)
			} else {
				finding.Undeclared = append(finding.Undeclared, setting)
			}
		}
		if len(finding.Undeclared) == 0 || slices.ContainsFunc(changing, rule.Concerns) {
			finding.Culprit = finding.Declared[0]
		}
		findings = append(findings, finding)
	}
	return findings
}
