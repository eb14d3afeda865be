package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// What a plan of settings says before anything is written.

// changesOf lists what a plan changes of live values, a line each.
func (f flags) changesOf(live asgardeo.Settings) []string {
	var lines []string
	for _, setting := range f.declared() {
		value := f[setting]
		switch {
		case value.IsUnknown():
			lines = append(lines, transition(setting, live[setting], "(known after apply)"))
		case asgardeo.ValueOf(value.ValueBool()) != live[setting]:
			lines = append(lines, transition(setting, live[setting], fmt.Sprint(value.ValueBool())))
		}
	}
	return lines
}

// announceAdditions warns of live values that an existing resource changes, because it declares them from now on.
func (k *settingsKind) announceAdditions(live asgardeo.Settings, prior flags, plan settingsModel) diag.Diagnostics {
	added := maps.Clone(plan.flags)
	maps.DeleteFunc(added, func(setting asgardeo.Setting, _ types.Bool) bool {
		return prior.has(setting) || live[setting] == asgardeo.Unknown
	})
	lines := added.changesOf(live)
	if len(lines) == 0 {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic(
		fmt.Sprintf("Taking over more of the %s of %q", k.thing, plan.organization.ValueString()), fmt.Sprintf(
			"%s\n\nThe resource did not declare this until now. It changes for every user.", strings.Join(lines, "\n")))}
}

// announceTakeover warns, before anything is written, of live values that the plan changes.
func (k *settingsKind) announceTakeover(
	reading *asgardeo.Reading, plan settingsModel, fromOtherPlace bool,
) diag.Diagnostics {
	live := reading.Settings
	if plan.flags.effective(live)[asgardeo.TOTP] {
		live = reading.Shown() // what is declared along with TOTP is written with it
	}
	lines := plan.flags.changesOf(live)
	organization := plan.organization.ValueString()
	if fromOtherPlace {
		return k.announceMove(lines, asgardeo.API(plan.api.ValueString()), organization)
	}
	if len(lines) == 0 {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic(
		// The organization makes the summary unique: Terraform folds warnings with equal ones.
		fmt.Sprintf("Taking over the %s of %q", k.thing, organization), fmt.Sprintf(
			"%s\n\nThis changes for every user. To keep what is set instead, import it before you apply: terraform import <address> %s",
			strings.Join(lines, "\n"), organization))}
}

// placeNames are the places of the settings in texts.
var placeNames = map[asgardeo.API]string{
	asgardeo.ApplicationAPI: "the My Account application",
	asgardeo.ClassicAPI:     "the classic settings",
}

// announceMove warns that a resource leaves one place of the settings for the other one.
func (k *settingsKind) announceMove(lines []string, to asgardeo.API, organization string) diag.Diagnostics {
	from := asgardeo.ClassicAPI
	if to == asgardeo.ClassicAPI {
		from = asgardeo.ApplicationAPI
	}
	changes := "What is set there is what the configuration declares, so nothing is changed there either."
	if len(lines) > 0 {
		changes = "There, this changes for every user of the organization:\n\n" + strings.Join(lines, "\n")
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic(
		fmt.Sprintf("Moving the %s of %q to %s", k.thing, organization, placeNames[to]), fmt.Sprintf(
			"The provider's my_account_api is %q, and until now Terraform managed %s. What stands there stays as it is, and "+
				"Terraform forgets what it was before: on_destroy will be about %s. %s",
			to, placeNames[from], placeNames[to], changes))}
}

// announceFlow refuses what the portal's login flow cannot express, and says when a flow decides by itself.
func (k *settingsKind) announceFlow(
	live *asgardeo.Reading, planned flags, changing []asgardeo.Setting, organization string,
) diag.Diagnostics {
	var diags diag.Diagnostics
	if err := live.Accepts(asgardeo.Change{Want: planned.among(live.Settings)}); err != nil {
		addError(&diags, "plan the "+k.thing, err)
		return diags
	}
	reason, steps := live.CustomFlow()
	if reason == "" || len(changing) == 0 || !slices.Contains(k.settings, asgardeo.TOTP) {
		return nil
	}
	diags.AddWarning(fmt.Sprintf("The login flow of %q decides by itself", organization), fmt.Sprintf(
		"The second factors are as the configuration declares them, so nothing is written. But the flow is more than "+
			"second factors for everybody, because %s, so it may ask for them in some sign-ins only:\n\n%s", reason, indent(steps)))
	return diags
}

func indent(lines []asgardeo.Text) string {
	var text strings.Builder
	for _, line := range lines {
		fmt.Fprintf(&text, "\n  %s", line)
	}
	return strings.TrimPrefix(text.String(), "\n")
}

// announceSideEffects warns of what the application does besides changing a setting.
func announceSideEffects(
	live asgardeo.Settings, prior, planned flags, changing []asgardeo.Setting, organization string,
) diag.Diagnostics {
	var diags diag.Diagnostics
	wasOn := live[asgardeo.PortalEnabled] == asgardeo.On
	if live[asgardeo.PortalEnabled] == asgardeo.Unknown {
		wasOn = prior[asgardeo.PortalEnabled].ValueBool()
	}
	if planned.wanted()[asgardeo.PortalEnabled] == asgardeo.Off && wasOn {
		diags.Append(announceSignOut(organization))
	}
	effective := planned.effective(live)
	enroll, known := effective[asgardeo.TOTPEnrollment]
	takesPart := func(setting asgardeo.Setting) bool { return setting != asgardeo.PortalEnabled }
	if slices.ContainsFunc(changing, takesPart) && planned.has(asgardeo.TOTPEnrollment) && known && !enroll &&
		effective[asgardeo.TOTP] && !effective[asgardeo.EmailOTP] && !effective[asgardeo.SMSOTP] {
		diags.AddAttributeWarning(path.Root(attributeNames[asgardeo.TOTPEnrollment]),
			fmt.Sprintf("Users without TOTP in %q", organization),
			"TOTP is the only second factor, and users may not enroll it while they sign in. Those who have not enrolled it "+
				"either sign in without a second factor or cannot sign in, depending on the server. Offer another factor, or set "+
				"totp_enrollment_enabled = true.")
	}
	return diags
}

// announceSignOut warns of what switching the application off does to those who use it.
func announceSignOut(organization string) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root(attributeNames[asgardeo.PortalEnabled]),
		fmt.Sprintf("Switching off the My Account portal of %q signs everybody out", organization),
		"The server revokes the access tokens, refresh tokens, authorization codes and consents of the portal's users at "+
			"once, and again with each later change of the application while it is off. Switching it on again does not bring "+
			"them back.")
}
