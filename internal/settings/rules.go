package settings

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/words"
)

// announceBrokenRules says which rules of the product are broken: an error where the configuration does that, else a
// warning.
func announceBrokenRules(findings []handover.Finding, organization string) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, finding := range findings {
		name, needs := handover.NameOf(finding.Setting), handover.NamesOf(finding.Needs)
		wayOut := fmt.Sprintf("Set %s = true, or %s = false.", strings.Join(needs, " = true or "), name)
		if finding.Culprit != "" {
			diags.AddAttributeError(path.Root(handover.NameOf(finding.Culprit)),
				fmt.Sprintf("%s needs %s", name, strings.Join(needs, " or ")), fmt.Sprintf(
					"%s can be on only while %s is on.%s %s", words.UpperFirst(string(finding.Setting)), settingsOr(finding.Needs),
					undeclaredValues(finding, organization), wayOut))
			continue
		}
		advice := "Terraform does not manage these settings here."
		if len(finding.Declared) > 0 {
			advice = "This came about outside Terraform, and the plan leaves it so. " + wayOut
		}
		diags.AddWarning(fmt.Sprintf("Contradictory settings in organization %q: %s", organization, name), fmt.Sprintf(
			"In the organization, %s is on, but what it needs is off: %s. The Console switches it off on its next save. %s",
			name, strings.Join(needs, ", "), advice))
	}
	return diags
}

// undeclaredValues names the values that come from the organization and not from the configuration.
func undeclaredValues(finding handover.Finding, organization string) string {
	if len(finding.Undeclared) == 0 {
		return ""
	}
	var live []string
	for _, setting := range finding.Undeclared {
		state := "off"
		if setting == finding.Setting {
			state = "on"
		}
		live = append(live, fmt.Sprintf("%s is %s", handover.NameOf(setting), state))
	}
	return fmt.Sprintf(" Not declared here, but in effect in organization %q: %s.", organization, strings.Join(live, ", "))
}

// settingsOr names settings as people know them: "email OTP, SMS OTP or TOTP".
func settingsOr(settings []portal.Setting) string {
	var text strings.Builder
	for i, setting := range settings {
		switch i {
		case 0:
		case len(settings) - 1:
			text.WriteString(" or ")
		default:
			text.WriteString(", ")
		}
		text.WriteString(string(setting))
	}
	return text.String()
}
