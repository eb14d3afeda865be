package provider

import (
	"context"
	"fmt"
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
	if exists && organization.Equal(state.organization) || !exists && !r.noteReplacement(ctx, r.data, plan, resp.Private) {
		diags.Append(r.noteDeclared(r.data, plan, exists)...)
	}
	if slices.Contains(r.settings, asgardeo.TOTP) {
		diags.Append(r.data.planFlow(organization, r.typeName)...)
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
	// What others made impossible must not stop the plan: see drifted.
	drifted := exists && !changesPlace && r.drifted(ctx, private, planned)
	if drifted {
		diags.Append(asWarnings(judgement)...)
	} else {
		diags.Append(judgement...)
	}
	if planned.complete() && !judgement.HasError() {
		flow := r.announceFlow(live, planned, changing, organization)
		if changesPlace || drifted {
			flow = asWarnings(flow)
		}
		diags.Append(flow...)
	}
	if r.data.ready() && r.data.myAccountAPI == asgardeo.ApplicationAPI {
		diags.Append(announceSideEffects(live.Settings, prior, planned, changing, organization)...)
	}
	if len(live.Settings) > 0 {
		diags.Append(planSMSOTP(ctx, r.data, smsPlan{
			organization: plan.organization, value: planned.wanted()[asgardeo.SMSOTP], argument: smsSetting(plan.smsSender),
			changing: slices.Contains(changing, asgardeo.SMSOTP) && !drifted,
		})...)
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
