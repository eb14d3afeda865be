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
)

// What the plan of a destroy says before anything is written, and the destroy itself after it.

// announceHandback warns in a destroy plan of what will be written.
func (r *settingsResource) announceHandback(h handback, live *asgardeo.Reading, decided decision) diag.Diagnostics {
	const title = "Destroying the %s of %q"
	if h.HasNothing() {
		return r.warning(title, h.organization, restoreWithoutRecord)
	}
	want := decided.change.Want
	changes := handbackRestores
	if h.Mode == handover.Reset {
		changes = handbackResets
	}
	paragraphs := filledIn(changes, h.changeLines(live.Settings, want))
	if live.ResetsFlow(decided.change) {
		paragraphs = append(paragraphs, flowIsDefault)
	}
	paragraphs = append(paragraphs, decided.customFlowStays()...)
	paragraphs = append(paragraphs, settingsThatStayOff(decided.outcome)...)
	paragraphs = append(paragraphs, filledIn(othersValuesStay, namesOf(h.overtaken(live.Settings, want)))...)
	diags := r.warning(title, h.organization, paragraphs...)
	if want[portal.PortalEnabled] == portal.Off && h.account != nil && h.account.API() == portal.ApplicationAPI {
		diags.Append(announceSignOut(h.organization))
	}
	return diags
}

// changeLines list what is written, a line each.
func (h handback) changeLines(live, want portal.Settings) string {
	var lines []string
	for _, setting := range portal.EverySetting() {
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
	return strings.Join(lines, "\n")
}

// overtaken lists what stays because somebody else has changed it.
func (h handback) overtaken(live, want portal.Settings) []portal.Setting {
	return slices.DeleteFunc(slices.Clone(h.Settings), func(setting portal.Setting) bool {
		_, changes := want[setting]
		return changes || h.Mode != handover.Restore || !h.Record.Overtaken(setting, live[setting])
	})
}

// announceNotRestored says after a destroy what it has not put back.
func (r *settingsResource) announceNotRestored(h handback, decided decision) diag.Diagnostics {
	var diags diag.Diagnostics
	if lines := settingsThatStayOff(decided.outcome); len(lines) > 0 {
		diags.Append(r.warning("Not all %s of %q are restored", h.organization, strings.Join(lines, "\n"))...)
	}
	for _, text := range decided.customFlowStays() {
		diags.AddWarning(fmt.Sprintf("The login flow of %q is not restored", h.organization), text)
	}
	return diags
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

// customFlowStays says why a login flow that somebody has changed is not put back, if it is one.
func (d decision) customFlowStays() []string {
	if d.custom == nil {
		return nil
	}
	return []string{fmt.Sprintf(flowStaysCustom, d.custom.Reason, explain.Indent(d.custom.Steps))}
}

// announceLeaving says in a destroy plan that settings stay as they are, because another resource has them.
func (r *settingsResource) announceLeaving(h handback, toNew, toOld []portal.Setting) diag.Diagnostics {
	paragraphs := slices.Concat(
		filledIn(settingsLeftToNew, namesOf(toNew)),
		filledIn(settingsLeftToOld, namesOf(toOld)),
		filledIn(settingsLost, h.earlierValues(toOld)),
	)
	return r.warning("The %s of %q stay with another resource", h.organization, paragraphs...)
}

// announceSuccession says what is forgotten about settings that another resource took before this one left them.
func (r *settingsResource) announceSuccession(h handback, taken []portal.Setting) diag.Diagnostics {
	return r.warning("Another resource has the %s of %q now", h.organization,
		filledIn(settingsSucceeded, h.earlierValues(taken))...)
}

// earlierValues list what settings were before Terraform, which nothing will bring back, a line each.
func (h handback) earlierValues(settings []portal.Setting) string {
	var lines []string
	for _, setting := range h.Lost(settings) {
		lines = append(lines, fmt.Sprintf("  %s = %s", handover.NameOf(setting), valueText(h.Record.Before(setting))))
	}
	return strings.Join(lines, "\n")
}
