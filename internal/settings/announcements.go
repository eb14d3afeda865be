package settings

import (
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
)

// What a plan of settings says before anything is written.

// changesOf lists what a plan makes of live values, a line each.
func changesOf(declared handover.Declared, live portal.Settings) []string {
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
	return lines
}

// announceAdditions warns of live values that an existing resource changes, because it declares them from now on.
func (r *settingsResource) announceAdditions(p settingsPlan) diag.Diagnostics {
	if p.live == nil {
		return nil
	}
	added := handover.Declared{}
	for setting, value := range p.declared {
		if !p.prior.Has(setting) && p.live.Settings[setting] != portal.Unknown {
			added[setting] = value
		}
	}
	lines := changesOf(added, p.live.Settings)
	if len(lines) == 0 {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic(
		fmt.Sprintf("Taking over more of the %s of %q", r.thing, p.organization.ValueString()),
		fmt.Sprintf(additionsChange, strings.Join(lines, "\n")))}
}

// announceTakeover warns, before anything is written, of live values that the plan changes.
func (r *settingsResource) announceTakeover(p settingsPlan) diag.Diagnostics {
	if p.live == nil {
		return nil
	}
	live := p.live.Settings
	if p.declared.Effective(live)[portal.TOTP] == portal.On {
		live = p.live.Shown() // what is declared along with TOTP is written with it
	}
	lines := changesOf(p.declared, live)
	organization := p.organization.ValueString()
	switch {
	case p.arrives:
		return diag.Diagnostics{r.announceArrival(p, lines)}
	case len(lines) == 0:
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic(
		// The organization makes the summary unique: Terraform folds warnings with equal ones.
		fmt.Sprintf("Taking over the %s of %q", r.thing, organization),
		fmt.Sprintf(takeoverChanges, strings.Join(lines, "\n"), organization))}
}

// announceArrival warns that a resource leaves one place of the settings for the other one.
func (r *settingsResource) announceArrival(p settingsPlan, lines []string) diag.Diagnostic {
	from, to := portal.ClassicAPI, portal.API(p.api.ValueString())
	if to == portal.ClassicAPI {
		from = portal.ApplicationAPI
	}
	changes := moveChangesNothing
	if len(lines) > 0 {
		changes = fmt.Sprintf(moveChanges, strings.Join(lines, "\n"))
	}
	return diag.NewWarningDiagnostic(
		fmt.Sprintf("Moving the %s of %q to %s", r.thing, p.organization.ValueString(), placeNames[to]),
		fmt.Sprintf(moveText, to, placeNames[from], placeNames[to], changes))
}

// announceFlow refuses what the portal's login flow cannot express, and says when a flow decides by itself.
func (r *settingsResource) announceFlow(p settingsPlan, changing []portal.Setting) diag.Diagnostics {
	var diags diag.Diagnostics
	if err := p.live.Accepts(asgardeo.Change{Want: p.declared.ValuesRead(p.live.Settings)}); err != nil {
		diags.Append(session.UnableTo("plan the "+r.thing, err))
		return diags
	}
	reason, steps := p.live.CustomFlow()
	if reason == "" || len(changing) == 0 || !r.inLoginFlow() {
		return nil
	}
	diags.AddWarning(fmt.Sprintf("The login flow of %q decides by itself", p.organization.ValueString()),
		fmt.Sprintf(flowDecides, reason, explain.Indent(steps)))
	return diags
}

// announceSideEffects warns of what the application does besides changing a setting.
func announceSideEffects(p settingsPlan, changing []portal.Setting) diag.Diagnostics {
	var diags diag.Diagnostics
	was := p.live.Settings[portal.PortalEnabled]
	if was == portal.Unknown {
		was = p.prior[portal.PortalEnabled]
	}
	if was == portal.On && p.declared[portal.PortalEnabled] == portal.Off {
		diags.Append(announceSignOut(p.organization.ValueString()))
	}
	after := p.declared.Effective(p.live.Settings)
	changesFlow := slices.ContainsFunc(changing, func(setting portal.Setting) bool {
		return setting != portal.PortalEnabled
	})
	onlyTOTP := after[portal.TOTP] == portal.On && after[portal.EmailOTP] != portal.On &&
		after[portal.SMSOTP] != portal.On
	if changesFlow && onlyTOTP && p.declared[portal.TOTPEnrollment] == portal.Off {
		diags.AddAttributeWarning(path.Root(handover.NameOf(portal.TOTPEnrollment)),
			fmt.Sprintf("Users without TOTP in %q", p.organization.ValueString()), onlyTOTPWithoutEnrollment)
	}
	return diags
}

// announceSignOut warns of what switching the application off does to those who use it.
func announceSignOut(organization string) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root(handover.NameOf(portal.PortalEnabled)),
		fmt.Sprintf("Switching off the My Account portal of %q signs everybody out", organization), signOut)
}
