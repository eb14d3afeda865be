package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// judge checks values that would be in effect together. A violation is an error where the configuration brings it about: it changes
// a setting that takes part, or declares all that do. One that is there already must be heard of, but must not stop everything
// else in the configuration, its destruction included: it is a warning.
func judge(effective map[asgardeo.Setting]bool, declared flags, changing []asgardeo.Setting, organization string) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, violation := range asgardeo.Violations(effective) {
		needs := make([]string, len(violation.Needs))
		for i, setting := range violation.Needs {
			needs[i] = attributeNames[setting]
		}
		name := attributeNames[violation.Setting]
		wayOut := fmt.Sprintf("Set %s = true, or %s = false.", strings.Join(needs, " = true or "), name)
		part := slices.DeleteFunc(declared.declared(), func(setting asgardeo.Setting) bool { return !violation.Takes(setting) })
		if len(part) > len(needs) || slices.ContainsFunc(changing, violation.Takes) {
			culprit := violation.Setting
			if !declared.has(culprit) {
				culprit = part[0]
			}
			diags.AddAttributeError(path.Root(attributeNames[culprit]), fmt.Sprintf("%s needs %s", name, strings.Join(needs, " or ")), fmt.Sprintf(
				"%s can be on only while %s is on.%s %s", upperFirst(string(violation.Setting)), joinSettings(violation.Needs, "or"),
				undeclaredPart(violation, declared, organization), wayOut))
			continue
		}
		advice := "Terraform does not manage these settings here."
		if len(part) > 0 {
			advice = "This came about outside Terraform, and the plan leaves it so. " + wayOut
		}
		diags.AddWarning(fmt.Sprintf("Contradictory settings in organization %q: %s", organization, name), fmt.Sprintf(
			"In the organization, %s is on, but what it needs is off: %s. The Console switches it off on its next save. %s", name, strings.Join(needs, ", "), advice))
	}
	return diags
}

// undeclaredPart names the values that come from the organization and not from the configuration.
func undeclaredPart(violation asgardeo.Violation, declared flags, organization string) string {
	var live []string
	for _, setting := range append([]asgardeo.Setting{violation.Setting}, violation.Needs...) {
		if !declared.has(setting) {
			live = append(live, fmt.Sprintf("%s is %s", attributeNames[setting], onOff(setting == violation.Setting)))
		}
	}
	if len(live) == 0 {
		return ""
	}
	return fmt.Sprintf(" Not declared here, but in effect in organization %q: %s.", organization, strings.Join(live, ", "))
}

func joinSettings(settings []asgardeo.Setting, word string) string {
	names := make([]string, len(settings))
	for i, setting := range settings {
		names[i] = string(setting)
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " " + word + " " + names[len(names)-1]
}
