package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// What the plan of a destroy says before anything is written, and the destroy itself after it.

// announceHandover warns in a destroy plan of what will be written.
func (k *settingsKind) announceHandover(
	h *handover, live *asgardeo.Reading, change asgardeo.Change, organization string,
) diag.Diagnostics {
	title := fmt.Sprintf("Destroying the %s of %q", k.thing, organization)
	if h.forgotten() {
		return diag.Diagnostics{diag.NewWarningDiagnostic(title,
			"The state has no record of what the settings were before Terraform, so on_destroy = \"restore\" leaves them as "+
				"they are. Set on_destroy = \"reset\" and apply before destroying if they should go to Asgardeo's defaults.")}
	}
	var diags diag.Diagnostics
	var lines, theirs []string
	for _, attribute := range settingAttributes {
		setting := attribute.setting
		value, changes := change.Want[setting]
		switch {
		case changes:
			line := transition(setting, live.Settings[setting], valueText(value))
			if !h.declared.has(setting) {
				line += " (not managed here, but it cannot stay on alone)"
			}
			lines = append(lines, line)
		case h.mode == onDestroyRestore && h.declared.has(setting) && h.taken.overtaken(setting, live.Settings[setting]):
			theirs = append(theirs, attribute.name)
		}
	}
	var detail []string
	if len(lines) > 0 {
		what := "back to what they were before Terraform"
		if h.mode == onDestroyReset {
			what = "to Asgardeo's defaults"
		}
		detail = append(detail, fmt.Sprintf("on_destroy = %q changes these settings %s, for every user of the organization:\n\n%s",
			h.mode, what, strings.Join(lines, "\n")))
	}
	if live.ResetsFlow(change) {
		detail = append(detail, "The login flow is the server's default one again, as it was before Terraform.")
	}
	if h.custom != nil {
		detail = append(detail, customFlowLeft(h.custom))
	}
	detail = append(detail, h.stayOff()...)
	if len(theirs) > 0 {
		detail = append(detail, fmt.Sprintf("Changed outside Terraform, and therefore left as they are: %s.", strings.Join(theirs, ", ")))
	}
	if len(detail) > 0 {
		diags.AddWarning(title, strings.Join(detail, "\n\n"))
	}
	if change.Want[asgardeo.PortalEnabled] == asgardeo.Off && h.account != nil && h.account.API() == asgardeo.ApplicationAPI {
		diags.Append(announceSignOut(organization))
	}
	return diags
}

const noSenderLeft = "sms_otp_enabled stays off, although it was on before Terraform: the organization has no SMS sender " +
	"anymore that SMS OTP could use."

// stayOff says which settings are not put back on, although they were on before Terraform.
func (h *handover) stayOff() []string {
	var lines []string
	if h.noSender {
		lines = append(lines, noSenderLeft)
	}
	for _, violation := range h.unmet {
		lines = append(lines, fmt.Sprintf("%s stays off, although it was on before Terraform: it needs %s, which will be off.",
			attributeNames[violation.Setting], namesOf(violation.Needs, " or ")))
	}
	return lines
}

// lost lists what settings were before Terraform, where that was something else than Terraform made of them.
func (h *handover) lost(settings []asgardeo.Setting) []string {
	var lines []string
	for _, setting := range settings {
		before := h.taken.before(setting)
		if h.mode == onDestroyRestore && before != asgardeo.Unknown && !h.taken.untouched(setting, before) {
			lines = append(lines, fmt.Sprintf("  %s = %s", attributeNames[setting], valueText(before)))
		}
	}
	return lines
}

func customFlowLeft(custom *asgardeo.Error) string {
	return fmt.Sprintf("The login flow stays as it is, with its second factors: somebody has changed it since, and now %s.\n\n%s",
		custom.Reason, indent(custom.Steps))
}

// announceLeaving says in a destroy plan that settings stay as they are, because another resource has them.
func (h *handover) announceLeaving(
	k *settingsKind, toNew, toOld []asgardeo.Setting, organization string,
) diag.Diagnostics {
	var text []string
	if len(toNew) > 0 {
		text = append(text, fmt.Sprintf("Another resource of this plan takes these settings over, so they stay as they are: %s. %s",
			namesOf(toNew, ", "), useMoved))
	}
	if len(toOld) > 0 {
		text = append(text, fmt.Sprintf("Another resource has these settings, too, so they stay as they are: %s.", namesOf(toOld, ", ")))
		if lost := h.lost(toOld); len(lost) > 0 {
			text = append(text, "Destroying that one in a later run will not bring back what they were before Terraform:\n\n"+
				strings.Join(lost, "\n"))
		}
	}
	if len(text) == 0 {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic(
		fmt.Sprintf("The %s of %q stay with another resource", k.thing, organization), strings.Join(text, "\n\n"))}
}

// announceSuccession says what is forgotten about settings that another resource took before this one left them.
func (k *settingsKind) announceSuccession(
	h *handover, succeeded []asgardeo.Setting, organization string,
) diag.Diagnostics {
	lines := h.lost(succeeded)
	if len(lines) == 0 {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic(
		fmt.Sprintf("Another resource has the %s of %q now", k.thing, organization), fmt.Sprintf(
			"It took them over before this one was destroyed. So these settings stay as they are, and destroying it later will "+
				"not bring back what they were before Terraform:\n\n%s\n\nTo rename a resource, use a moved block: it keeps the "+
				"record.", strings.Join(lines, "\n")))}
}
