package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// attributeNames are the settings' names in configuration.
var attributeNames = map[asgardeo.Setting]string{
	asgardeo.PortalEnabled:  "enabled",
	asgardeo.EmailOTP:       "email_otp_enabled",
	asgardeo.SMSOTP:         "sms_otp_enabled",
	asgardeo.TOTP:           "totp_enabled",
	asgardeo.TOTPEnrollment: "totp_enrollment_enabled",
	asgardeo.BackupCodes:    "backup_codes_enabled",
}

// judge checks values that would be in effect together. A violation in which a declared setting takes part is an
// error at that setting; one that Terraform has no hand in is a warning.
func judge(effective map[asgardeo.Setting]bool, declared flags, organization string) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, violation := range asgardeo.Violations(effective) {
		var needs []string
		culprit, guilty := violation.Setting, declared.has(violation.Setting)
		for _, setting := range violation.Needs {
			needs = append(needs, attributeNames[setting])
			if !guilty && declared.has(setting) {
				culprit, guilty = setting, true
			}
		}
		summary := fmt.Sprintf("%s needs %s", attributeNames[violation.Setting], strings.Join(needs, " or "))
		if !guilty {
			diags.AddWarning(fmt.Sprintf("Contradictory settings in organization %q", organization), fmt.Sprintf(
				"In the organization, %s is on although %s needs it, and is, off. Terraform does not manage these settings here; the Console "+
					"switches %s off on its next save.", violation.Setting, joinSettings(violation.Needs, "or"), violation.Setting))
			continue
		}
		diags.AddAttributeError(path.Root(attributeNames[culprit]), summary, fmt.Sprintf(
			"%s works only while %s is on.%s Set %s = true, or %s = false.",
			upperFirst(string(violation.Setting)), joinSettings(violation.Needs, "or"), undeclaredPart(violation, declared, organization),
			strings.Join(needs, " = true or "), attributeNames[violation.Setting]))
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
	return fmt.Sprintf(" In organization %q, %s, which this configuration does not declare.", organization, strings.Join(live, " and "))
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
