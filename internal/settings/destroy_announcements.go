package settings

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/explain"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
)

// What the plan of a destroy says before anything is written, and the destroy itself after it.

// announceHandback warns in a destroy plan of what will be written.
func (r *settingsResource) announceHandback(
	h settingsHandback,
	live *asgardeo.Reading,
	decided decision,
) diag.Diagnostics {
	title := fmt.Sprintf("Destroying the %s of %q", r.thing, h.organization)
	if h.HasNothing() {
		return diag.Diagnostics{diag.NewWarningDiagnostic(title, restoreWithoutRecord)}
	}
	want := decided.change.Want
	var detail []string
	if lines := h.changeLines(live.Settings, want); len(lines) > 0 {
		what := "back to what they were before Terraform"
		if h.Mode == session.OnDestroyReset {
			what = "to Asgardeo's defaults"
		}
		detail = append(detail, fmt.Sprintf(handbackChanges, h.Mode, what, strings.Join(lines, "\n")))
	}
	if live.ResetsFlow(decided.change) {
		detail = append(detail, flowIsDefault)
	}
	if decided.custom != nil {
		detail = append(detail, customFlowStays(decided.custom))
	}
	detail = append(detail, settingsThatStayOff(decided.outcome)...)
	if overtaken := h.overtaken(live.Settings, want); len(overtaken) > 0 {
		detail = append(detail, fmt.Sprintf(othersValuesStay, namesOf(overtaken)))
	}
	var diags diag.Diagnostics
	if len(detail) > 0 {
		diags.AddWarning(title, strings.Join(detail, "\n\n"))
	}
	if want[portal.PortalEnabled] == portal.Off && h.account != nil && h.account.API() == portal.ApplicationAPI {
		diags.Append(announceSignOut(h.organization))
	}
	return diags
}

// changeLines list what is written, a line each.
func (h settingsHandback) changeLines(live, want portal.Settings) []string {
	var lines []string
	for _, setting := range handover.InOrder() {
		value, changes := want[setting]
		if !changes {
			continue
		}
		line := transition(setting, live[setting], valueText(value))
		if !slices.Contains(h.Settings, setting) {
			line += handbackTakesToo
		}
		lines = append(lines, line)
	}
	return lines
}

// overtaken lists what stays because somebody else has changed it.
func (h settingsHandback) overtaken(live, want portal.Settings) []portal.Setting {
	return slices.DeleteFunc(slices.Clone(h.Settings), func(setting portal.Setting) bool {
		_, changes := want[setting]
		return changes || h.Mode != session.OnDestroyRestore || !h.Record.Overtaken(setting, live[setting])
	})
}

// settingsThatStayOff says which settings are not put back on, although they were on before Terraform.
func settingsThatStayOff(outcome handover.Outcome) []string {
	var lines []string
	if outcome.NoSender {
		lines = append(lines, noSenderLeft)
	}
	for _, violation := range outcome.Unmet {
		needs := strings.Join(handover.NamesOf(violation.Needs), " or ")
		lines = append(lines, fmt.Sprintf(unmetStaysOff, handover.NameOf(violation.Setting), needs))
	}
	return lines
}

func customFlowStays(custom *asgardeo.Error) string {
	return fmt.Sprintf(flowStaysCustom, custom.Reason, explain.Indent(custom.Steps))
}

// earlierValues list what settings were before Terraform, which nothing will bring back, a line each.
func (h settingsHandback) earlierValues(settings []portal.Setting) []string {
	var lines []string
	for _, setting := range h.Lost(settings) {
		before := valueText(h.Record.Before(setting))
		lines = append(lines, fmt.Sprintf("  %s = %s", handover.NameOf(setting), before))
	}
	return lines
}

// announceLeaving says in a destroy plan that settings stay as they are, because another resource has them.
func (r *settingsResource) announceLeaving(h settingsHandback, toNew, toOld []portal.Setting) diag.Diagnostics {
	var text []string
	if len(toNew) > 0 {
		text = append(text, fmt.Sprintf(settingsLeftToNew, namesOf(toNew), session.UseMoved))
	}
	if len(toOld) > 0 {
		text = append(text, fmt.Sprintf(settingsLeftToOld, namesOf(toOld)))
		if lines := h.earlierValues(toOld); len(lines) > 0 {
			text = append(text, fmt.Sprintf(settingsLost, strings.Join(lines, "\n")))
		}
	}
	if len(text) == 0 {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic(
		fmt.Sprintf("The %s of %q stay with another resource", r.thing, h.organization), strings.Join(text, "\n\n"))}
}

// announceSuccession says what is forgotten about settings that another resource took before this one left them.
func (r *settingsResource) announceSuccession(h settingsHandback, taken []portal.Setting) diag.Diagnostics {
	lines := h.earlierValues(taken)
	if len(lines) == 0 {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic(
		fmt.Sprintf("Another resource has the %s of %q now", r.thing, h.organization),
		fmt.Sprintf(settingsSucceeded, strings.Join(lines, "\n")))}
}
