package handover

import (
	"slices"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// Finding is a rule of the product that values which are in effect together break.
type Finding struct {
	portal.Violation
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
	for _, violation := range portal.Violations(declared.Effective(live).Known()) {
		finding := Finding{Violation: violation}
		for _, setting := range append([]portal.Setting{violation.Setting}, violation.Needs...) {
			if declared.Has(setting) {
				finding.Declared = append(finding.Declared, setting)
			} else {
				finding.Undeclared = append(finding.Undeclared, setting)
			}
		}
		if len(finding.Undeclared) == 0 || slices.ContainsFunc(changing, violation.Takes) {
			finding.Culprit = finding.Declared[0]
		}
		findings = append(findings, finding)
	}
	return findings
}
