package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// lifecycle is what the portal's resource and the two-factor resource have in common: settings that always exist,
// that are taken over rather than created, and handed back rather than deleted.
type lifecycle struct {
	typeName string             // of the resource
	thing    string             // completes "Taking over the … of"
	settings []asgardeo.Setting // that the resource can manage
}

// settingsState is what the lifecycle needs of a resource's state.
type settingsState struct {
	organization types.String
	flags        flags
	onDestroy    types.String
	private      privateState
}

// read refreshes the declared settings. Right after an import nothing is declared: all settings are read then, and recorded
// as what was found. It reports whether there is something to save.
func (l lifecycle) read(ctx context.Context, data *providerData, name types.String, declared flags, private privateState, diags *diag.Diagnostics) bool {
	imported := len(declared.declared()) == 0
	if !data.ready() && !imported {
		diags.Append(data.notRefreshed(l.thing, name))
		return false
	}
	organization := data.use(name, diags)
	if organization == nil {
		return false
	}
	live, err := organization.Read(ctx, l.settings...)
	if err != nil {
		addError(diags, "read the "+l.thing, err)
		return false
	}
	declared.fill(live, imported)
	if !imported {
		return true
	}
	taken := newSnapshot()
	for _, setting := range l.settings {
		taken.found(setting, live[setting])
	}
	diags.Append(taken.save(ctx, private)...)
	return !diags.HasError()
}

// live returns what the organization has now, for the plan of a resource that does not exist in the state. It is nil
// while that cannot be told.
func (l lifecycle) live(ctx context.Context, data *providerData, name types.String, diags *diag.Diagnostics) asgardeo.Settings {
	if data == nil || diags.HasError() {
		return nil
	}
	if missing := data.missingFor(name); len(missing) > 0 {
		diags.AddWarning(fmt.Sprintf("Taking over the %s of %s: not compared", l.thing, nameInText(name)), fmt.Sprintf(
			"This is known during apply only: %s. So the plan cannot tell which settings the resource changes: creating it takes over whatever is set, "+
				"for every user of the organization.", strings.Join(missing, ", ")))
		return nil
	}
	organization := data.use(name, diags)
	if organization == nil {
		return nil
	}
	live, err := organization.Recent(ctx, l.settings...)
	if err != nil {
		addError(diags, "plan the "+l.thing, err)
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
func (l lifecycle) seen(data *providerData, name types.String) asgardeo.Settings {
	if !data.ready() || name.IsUnknown() {
		return nil
	}
	organization, err := data.client.Organization(name.ValueString())
	if err != nil {
		return nil // the refresh has reported it
	}
	return organization.Seen(l.settings...)
}

// moved reports that a resource leaves its organization for another one.
func moved(state, plan types.String) bool {
	return !state.IsNull() && !plan.IsUnknown() && !state.Equal(plan)
}

// announceTakeover warns, before anything is written, of live values that the plan changes.
func (l lifecycle) announceTakeover(live asgardeo.Settings, planned flags, organization string) diag.Diagnostics {
	var lines []string
	for _, setting := range planned.declared() {
		value := planned[setting]
		switch {
		case value.IsUnknown():
			lines = append(lines, transition(setting, live[setting].On, "(known after apply)"))
		case value.ValueBool() != live[setting].On:
			lines = append(lines, transition(setting, live[setting].On, fmt.Sprint(value.ValueBool())))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic(
		// The organization makes the summary unique: Terraform folds warnings with equal ones.
		fmt.Sprintf("Taking over the %s of %q", l.thing, organization),
		fmt.Sprintf("These settings exist already. Creating the resource changes them for every user of the organization:\n\n%s\n\n"+
			"To keep them as they are, import the resource before you apply: terraform import <address> %s", strings.Join(lines, "\n"), organization))}
}

// announceRivals warns of settings that two resources of a plan declare: they would undo each other's work in every apply.
func (l lifecycle) announceRivals(data *providerData, name types.String, planned flags, exists bool) diag.Diagnostics {
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
	return diag.Diagnostics{diag.NewWarningDiagnostic(fmt.Sprintf("Two resources for the %s of %q", l.thing, name.ValueString()), fmt.Sprintf(
		"More than one %s of this configuration declares %s for that organization. If their values differ, each apply undoes what the other resource wrote. "+
			"Keep one of them. If the other one is in the state, let Terraform forget it: terraform state rm, or a removed block with lifecycle { destroy = false }.", l.typeName, strings.Join(names, ", ")))}
}

// create takes the settings over. No state is kept of a create that fails: Terraform would destroy the resource before
// it tries again. What was written is named in the error, and the next create continues from there.
func (l lifecycle) create(ctx context.Context, data *providerData, organization *asgardeo.Organization, planned flags, private privateState, check writeCheck) diag.Diagnostics {
	var diags diag.Diagnostics
	done, err := data.takeover(ctx, organization.Name())
	if err != nil {
		addError(&diags, "create the "+l.thing, err)
		return diags
	}
	defer done()
	taken, want := newSnapshot(), planned.known()
	written, err := organization.Write(ctx, planned.declared(), func(asgardeo.Settings) map[asgardeo.Setting]bool { return want }, func(live asgardeo.Settings) error {
		if err := l.check(ctx, nil, planned, live, organization, check, &diags); err != nil {
			return err
		}
		for setting, on := range want {
			taken.found(setting, live[setting])
			taken.set(setting, on)
		}
		return nil
	})
	if err != nil {
		l.addWriteError(&diags, "create the "+l.thing, err, want, written, "Nothing is kept in the state. The next apply continues from there, and takes these values for "+
			"what was there before Terraform: on_destroy = \"restore\" will leave them so.")
		return diags
	}
	data.take(organization.Name(), planned.declared())
	diags.Append(taken.save(ctx, private)...)
	return diags
}

// update writes what the plan changes, and whatever else the plan declares in the same stored objects: the state will say so.
// It turns prior into the state that is reached also when it fails half-way.
func (l lifecycle) update(ctx context.Context, data *providerData, organization *asgardeo.Organization, prior, planned flags, private privateState, check writeCheck) diag.Diagnostics {
	taken, diags := l.loadSnapshot(ctx, private, organization.Name())
	changed := planned.changedFrom(prior)
	if diags.HasError() || len(changed) == 0 {
		return diags
	}
	done, err := data.takeover(ctx, organization.Name())
	if err != nil {
		addError(&diags, "update the "+l.thing, err)
		return diags
	}
	defer done()
	overtaken := map[asgardeo.Setting]string{}
	written, err := organization.Write(ctx, changed, planned.among, func(live asgardeo.Settings) error {
		if err := l.check(ctx, prior, planned, live, organization, check, &diags); err != nil {
			return err
		}
		for setting, on := range planned.among(live) {
			value := live[setting]
			switch {
			case !prior.has(setting) && !taken.untouched(setting, value.On):
				taken.found(setting, value)
			case prior.has(setting) && value.On != prior[setting].ValueBool():
				overtaken[setting] = transition(setting, value.On, fmt.Sprint(on))
			}
		}
		return nil
	})
	var lines []string
	for _, setting := range written.Changed {
		if line, ok := overtaken[setting]; ok {
			lines = append(lines, line)
		}
	}
	if len(lines) > 0 {
		diags.AddWarning(fmt.Sprintf("The %s of %q changed outside Terraform", l.thing, organization.Name()), fmt.Sprintf(
			"Since the plan was made, somebody else changed settings that it declares. Applying the plan changed them to what it says:\n\n%s", strings.Join(lines, "\n")))
	}
	reached := slices.Clone(written.Changed)
	if err == nil {
		reached = append(reached, changed...) // one that was right already needed no write
	}
	data.take(organization.Name(), slices.DeleteFunc(slices.Clone(reached), prior.has)) // what it declares anew
	for _, setting := range reached {
		*prior[setting] = *planned[setting]
	}
	taken.record(planned.known(), reached, written.Uncertain)
	diags.Append(taken.save(ctx, private)...)
	if err != nil {
		l.addWriteError(&diags, "update the "+l.thing, err, planned.known(), written, "The state records it.")
	}
	return diags
}

// writeCheck is a resource's own last look before the write, at the values about to be in effect.
type writeCheck func(ctx context.Context, effective map[asgardeo.Setting]bool, changing []asgardeo.Setting) diag.Diagnostics

// check judges, with what is live right before the write, what the plan could not see. Warnings go to diags, errors come back.
func (l lifecycle) check(ctx context.Context, prior, planned flags, live asgardeo.Settings, organization *asgardeo.Organization, check writeCheck, diags *diag.Diagnostics) error {
	effective, changing := planned.effective(live), planned.changing(prior, live)
	judgement := judge(effective, planned, changing, organization.Name())
	if check != nil && !judgement.HasError() {
		judgement.Append(check(ctx, effective, changing)...)
	}
	if judgement.HasError() {
		return refusal{judgement}
	}
	diags.Append(judgement...)
	return nil
}

// refusal carries diagnostics of a check through the client.
type refusal struct {
	diags diag.Diagnostics
}

func (r refusal) Error() string {
	return r.diags.Errors()[0].Summary()
}

// addWriteError says what went wrong, what was written all the same, and what comes of that.
func (l lifecycle) addWriteError(diags *diag.Diagnostics, action string, err error, want map[asgardeo.Setting]bool, written asgardeo.Written, outcome string) {
	if refused, ok := errors.AsType[refusal](err); ok {
		diags.Append(refused.diags...)
		return
	}
	var lines []string
	for _, setting := range written.Changed {
		lines = append(lines, transition(setting, !want[setting], fmt.Sprint(want[setting])))
	}
	for _, setting := range written.Uncertain {
		lines = append(lines, transition(setting, !want[setting], fmt.Sprint(want[setting]))+" (perhaps: no answer says so)")
	}
	detail := explain(err)
	if len(lines) > 0 {
		detail += fmt.Sprintf("\n\nAlready written:\n\n%s\n\n%s", strings.Join(lines, "\n"), outcome)
	}
	diags.AddError("Unable to "+action, detail)
}
