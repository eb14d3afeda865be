package settings

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/explain"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/words"
)

// What a plan of settings says before anything is written.

// announceAdditions warns of live values that an existing resource changes, because it declares them from now on.
func (r *kindResource) announceAdditions(c comparison) diag.Diagnostics {
	added := handover.Declared{}
	for setting, value := range c.declared {
		if !c.prior.Has(setting) && c.live.Settings[setting] != portal.Unknown {
			added[setting] = value
		}
	}
	changes := changesOf(added, c.live.Settings)
	return r.warning("Taking over more of the %s of %q", c.organization.ValueString(),
		filledIn(additionsChange, changes)...)
}

// announceTakeover warns, before anything is written, of live values that the plan changes.
func (r *kindResource) announceTakeover(c comparison) diag.Diagnostics {
	live, organization := c.live.Settings, c.organization.ValueString()
	if c.declared.Effective(live)[portal.TOTP] == portal.On {
		live = c.live.Shown() // what is declared along with TOTP is written with it
	}
	changes := changesOf(c.declared, live)
	switch {
	case c.arrives:
		return r.announceArrival(c, changes)
	case changes == "":
		return nil
	}
	return r.warning("Taking over the %s of %q", organization, fmt.Sprintf(takeoverChanges, changes, organization))
}

// announceArrival warns that a resource leaves one place of the settings for the other one.
func (r *kindResource) announceArrival(c comparison, changes string) diag.Diagnostics {
	from, to := portal.ClassicAPI, portal.API(c.api.ValueString())
	if to == portal.ClassicAPI {
		from = portal.ApplicationAPI
	}
	there := moveChangesNothing
	if changes != "" {
		there = fmt.Sprintf(moveChanges, changes)
	}
	return r.warning("Moving the %s of %q to "+placeNames[to], c.organization.ValueString(),
		fmt.Sprintf(moveText, to, placeNames[from], placeNames[to], there))
}

// announceFlow refuses what the portal's login flow cannot express, and says when a flow decides by itself.
func (r *kindResource) announceFlow(c comparison) diag.Diagnostics {
	if err := c.live.Accepts(asgardeo.Change{Want: c.declared.ValuesRead(c.live.Settings)}); err != nil {
		return session.UnableTo("plan the "+r.Thing, err)
	}
	reason, steps := c.live.CustomFlow()
	if reason == "" || len(c.changing) == 0 || !r.inLoginFlow {
		return nil
	}
	return session.OneWarning(fmt.Sprintf("The login flow of %q decides by itself", c.organization.ValueString()),
		fmt.Sprintf(flowDecides, reason, explain.Indent(steps)))
}

// announceSideEffects warns of what the application does besides changing a setting.
func announceSideEffects(c comparison) diag.Diagnostics {
	var diags diag.Diagnostics
	was := cmp.Or(c.live.Settings[portal.PortalEnabled], c.prior[portal.PortalEnabled])
	if was == portal.On && c.declared[portal.PortalEnabled] == portal.Off {
		diags.Append(announceSignOut(c.organization.ValueString()))
	}
	after := c.declared.Effective(c.live.Settings)
	isOff := func(factor portal.Setting) bool { return after[factor] != portal.On }
	onlyTOTP := slices.Equal(slices.DeleteFunc(portal.Passcodes(), isOff), []portal.Setting{portal.TOTP})
	if len(c.changing) > 0 && onlyTOTP && c.declared[portal.TOTPEnrollment] == portal.Off {
		diags.AddAttributeWarning(path.Root(handover.NameOf(portal.TOTPEnrollment)),
			fmt.Sprintf("Users without TOTP in %q", c.organization.ValueString()), onlyTOTPWithoutEnrollment)
	}
	return diags
}

// announceSignOut warns of what switching the application off does to those who use it.
func announceSignOut(organization string) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root(handover.NameOf(portal.PortalEnabled)),
		fmt.Sprintf("Switching off the My Account portal of %q signs everybody out", organization), signOut)
}

// announceOvertaken says after an update what it changed that somebody else had changed since the plan.
func (r *kindResource) announceOvertaken(organization string, prior handover.Declared, done applied) diag.Diagnostics {
	var lines []string
	for _, setting := range done.Changed {
		found, value := done.found.Settings[setting], done.wanted[setting]
		if prior.Has(setting) && prior[setting] != found {
			lines = append(lines, transition(setting, found, valueText(value)))
		}
	}
	return r.warning("The %s of %q changed outside Terraform", organization,
		filledIn(changedOutside, strings.Join(lines, "\n"))...)
}

// warning is about the settings of an organization. The title has a %s for what they are called, and a %q for the
// organization, which makes it unique: Terraform folds warnings with equal titles. Without paragraphs, there is none.
func (k *Kind) warning(title, organization string, paragraphs ...string) diag.Diagnostics {
	if len(paragraphs) == 0 {
		return nil
	}
	return session.OneWarning(fmt.Sprintf(title, k.named.Thing, organization), strings.Join(paragraphs, "\n\n"))
}

// filledIn is the paragraph that a text with a %s for a list becomes: none where the list is empty.
func filledIn(text, list string) []string {
	if list == "" {
		return nil
	}
	return []string{fmt.Sprintf(text, list)}
}

// changesOf lists what a plan makes of live values, a line each.
func changesOf(declared handover.Declared, live portal.Settings) string {
	var lines []string
	for _, setting := range declared.Settings() {
		switch value := declared[setting]; value {
		case live[setting]:
		case portal.Unknown:
			lines = append(lines, transition(setting, live[setting], "(known after apply)"))
		default:
			lines = append(lines, transition(setting, live[setting], valueText(value)))
		}
	}
	return strings.Join(lines, "\n")
}

// transition is one line of a message: what a value is and what it becomes.
func transition(setting portal.Setting, from portal.Value, to string) string {
	return fmt.Sprintf("  %s: %s -> %s", handover.NameOf(setting), valueText(from), to)
}

// valueText is a value as users write it.
func valueText(value portal.Value) string {
	switch value {
	case portal.On, portal.Off:
		return fmt.Sprint(value == portal.On)
	case portal.NotSet:
		return "not set"
	case portal.Unknown:
	}
	return "unknown"
}

func namesOf(settings []portal.Setting) string {
	return strings.Join(handover.NamesOf(settings), ", ")
}

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
	var names []string
	for _, setting := range settings {
		names = append(names, string(setting))
	}
	return words.Listed(names, " or ")
}
