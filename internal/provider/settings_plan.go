package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// ModifyPlan fills in what the provider decides, and says what the plan does to others before anything is written.
func (r *settingsResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	diags := &resp.Diagnostics
	exists := !req.State.Raw.IsNull()
	var state settingsModel
	if exists {
		state = r.get(ctx, req.State, diags)
	}
	if req.Plan.Raw.IsNull() {
		if !diags.HasError() {
			r.planDestroy(ctx, r.data, state, req.Private, diags)
		}
		return
	}
	config, plan := r.get(ctx, req.Config, diags), r.get(ctx, req.Plan, diags)
	if diags.HasError() {
		return
	}
	organization, found := r.data.planOrganization(config.organization, state.organization)
	diags.Append(found...)
	plan.organization = organization
	plan.api = r.data.planAPI(plan.api)
	plan.url = r.data.planURL(organization, state.organization, plan.url)
	r.set(ctx, &resp.Plan, plan, diags)
	if diags.HasError() {
		return
	}
	if exists && moved(state.organization, organization) {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("organization"))
		r.planDestroy(ctx, r.data, state, req.Private, diags)
		r.planSettings(ctx, settingsModel{}, plan, req.Private, diags)
		return
	}
	diags.Append(r.announceRivals(r.data, organization, plan.flags, exists)...)
	if slices.Contains(r.settings, asgardeo.TOTP) {
		diags.Append(r.data.planFlow(organization, r.typeName, "", exists)...)
	}
	r.planSettings(ctx, state, plan, req.Private, diags)
}

// moved reports that a resource leaves its organization for another one.
func moved(state, plan types.String) bool {
	return !state.IsNull() && !plan.IsUnknown() && !state.Equal(plan)
}

// planSettings judges the planned values with what the organization has, and announces what they change.
func (r *settingsResource) planSettings(
	ctx context.Context, state, plan settingsModel, private privateState, diags *diag.Diagnostics,
) {
	exists := state.organization.ValueString() != ""
	changesPlace := exists && r.data.ready() && placeOf(state.api) != r.data.myAccountAPI
	live := &asgardeo.Reading{}
	var prior flags // of what is updated
	switch {
	case changesPlace:
		// "terraform destroy" plans this, too, before it hands back what is in the old place. So what is wrong with the new
		// place must not stop the plan: applying it does.
		var found diag.Diagnostics
		live = r.live(ctx, r.data, plan.organization, &found)
		diags.Append(asWarnings(found)...)
		if live != nil {
			diags.Append(r.announceTakeover(live, plan, true)...)
		}
	case exists:
		live, prior = r.seen(r.data, plan.organization), state.flags
		if live != nil {
			diags.Append(r.announceAdditions(live.Settings, prior, plan)...)
		}
	default:
		live = r.live(ctx, r.data, plan.organization, diags)
		if live != nil {
			diags.Append(r.announceTakeover(live, plan, false)...)
		}
	}
	if live == nil {
		live = &asgardeo.Reading{}
	}
	planned, organization := plan.flags, plan.organization.ValueString()
	changing := planned.changing(prior, live.Settings)
	judgement := judge(planned.effective(live.Settings), planned, changing, organization)
	diags.Append(judgement...)
	if planned.complete() && !judgement.HasError() {
		flow := r.announceFlow(live, planned, changing, organization)
		if changesPlace || exists && r.drifted(ctx, private, planned) {
			flow = asWarnings(flow)
		}
		diags.Append(flow...)
	}
	if r.data.ready() && r.data.myAccountAPI == asgardeo.ApplicationAPI {
		diags.Append(announceSideEffects(live.Settings, prior, planned, changing, organization)...)
	}
	if len(live.Settings) > 0 {
		r.data.planSMSOTP(ctx, plan.organization, planned, slices.Contains(changing, asgardeo.SMSOTP), diags)
	}
}

// drifted reports that Terraform has made the planned values real before: what is different now was changed by somebody
// else. Such a plan must not fail for what that makes impossible, since "terraform destroy" makes it, too, before its
// own. Applying it fails.
func (k *settingsKind) drifted(ctx context.Context, private privateState, planned flags) bool {
	taken, _ := k.loadSnapshot(ctx, private, "", nil)
	for setting, value := range planned.wanted() {
		if !taken.untouched(setting, value) {
			return false
		}
	}
	return true
}

// live returns what the organization has now in the place where the provider wants the settings, for the plan of a
// resource that has nothing there yet. It is nil while that cannot be told.
func (k *settingsKind) live(
	ctx context.Context, data *providerData, name types.String, diags *diag.Diagnostics,
) *asgardeo.Reading {
	if data == nil || diags.HasError() {
		return nil
	}
	if missing := data.missingFor(name); len(missing) > 0 {
		diags.AddWarning(fmt.Sprintf("Taking over the %s of %s: not compared", k.thing, nameInText(name)), fmt.Sprintf(
			"This is known during apply only: %s. So the plan cannot tell which settings the resource changes: creating it "+
				"takes over whatever is set, for every user of the organization.", strings.Join(missing, ", ")))
		return nil
	}
	organization := data.use(name, diags)
	if organization == nil {
		return nil
	}
	live, err := organization.MyAccount(data.myAccountAPI).Recent(ctx, k.settings...)
	if err != nil {
		addError(diags, "plan the "+k.thing, err)
		return nil
	}
	return live
}

func nameInText(organization types.String) string {
	if organization.IsUnknown() {
		return "an organization that is not known yet"
	}
	return fmt.Sprintf("%q", organization.ValueString())
}

// seen returns what the refresh of this run has read already. It is empty in a plan without refresh and in the check of
// a plan that is about to be applied: the write judges again, with what is live then.
func (k *settingsKind) seen(data *providerData, name types.String) *asgardeo.Reading {
	if !data.ready() || name.IsUnknown() {
		return nil
	}
	organization := data.reach(name.ValueString()) // the refresh has reported what is wrong with it
	if organization == nil {
		return nil
	}
	return organization.MyAccount(data.myAccountAPI).Seen(k.settings...)
}

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
			"The resource did not declare these settings until now. Applying the plan changes them for every user of the "+
				"organization:\n\n%s", strings.Join(lines, "\n")))}
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
			"These settings exist already. Creating the resource changes them for every user of the organization:\n\n%s\n\n"+
				"To keep them as they are, import the resource before you apply: terraform import <address> %s",
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

// announceRivals warns of settings that two resources of a plan declare: they would undo each other's work in every
// apply.
func (k *settingsKind) announceRivals(
	data *providerData, name types.String, planned flags, exists bool,
) diag.Diagnostics {
	if data == nil || name.IsUnknown() {
		return nil
	}
	var names []string
	for _, setting := range data.alsoPlanned(name.ValueString(), planned, exists) {
		names = append(names, attributeNames[setting])
	}
	if len(names) == 0 {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic(
		fmt.Sprintf("Two resources for the %s of %q", k.thing, name.ValueString()), fmt.Sprintf(
			"More than one %s of this configuration declares %s for that organization. If their values differ, each apply "+
				"undoes what the other resource wrote. Keep one of them. If the other one is in the state, let Terraform forget "+
				"it: terraform state rm, or a removed block with lifecycle { destroy = false }.",
			k.typeName, strings.Join(names, ", ")))}
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
