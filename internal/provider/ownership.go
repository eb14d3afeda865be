package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// Which resource of a run has a setting, and which one leaves it to another.

// noteState notes what a refreshed resource of the state has, and what it knows of the time before Terraform.
func (k *settingsKind) noteState(ctx context.Context, data *providerData, state settingsModel, private privateState) {
	known, _ := k.loadSnapshot(ctx, private, state.organization.ValueString(), data.account(state.organization, state.api))
	data.notes(state.organization.ValueString(), placeOf(state.api), state.flags.declared(),
		func(setting asgardeo.Setting, notes *settingNotes) {
			notes.inState++
			if found, ok := known.Settings[attributeNames[setting]]; ok {
				notes.histories = append(notes.histories, history{found, known.Origin})
			}
		})
}

// leftKey is where a plan keeps, for the destroy that it plans, which settings the resource leaves to another one. What a
// plan keeps reaches a destroy, and no other part of an apply.
const leftKey = "left_to_another_resource"

// noteReplacement lets the resource that a replacement destroys know that its settings are taken over again at once: so
// they stay as they are in between. Terraform plans the new resource of a replacement without the state of the old one;
// where that one is tainted, even without its private state. Then what the refresh noted has to do. It reports whether
// this is a replacement of which Terraform told.
func (k *settingsKind) noteReplacement(
	ctx context.Context, data *providerData, plan settingsModel, private privateState,
) bool {
	account := data.account(plan.organization, plan.api)
	if account == nil {
		return false
	}
	known, _ := k.loadSnapshot(ctx, private, account.Name(), account)
	told := recorded(ctx, private)
	if !told {
		data.notes(account.Name(), account.API(), k.settings, func(setting asgardeo.Setting, notes *settingNotes) {
			if len(notes.histories) > 0 {
				known.Settings[attributeNames[setting]] = notes.histories[0].record
				known.Origin = notes.histories[0].origin
			}
		})
		if len(known.Settings) > 0 {
			known.save(ctx, private)
		}
	}
	var names []string
	for _, setting := range plan.flags.declared() {
		if _, ok := known.Settings[attributeNames[setting]]; ok {
			names = append(names, attributeNames[setting])
		}
	}
	if len(names) == 0 {
		return false // and what the destruction in another organization leaves stays noted
	}
	saveLeft(ctx, private, names)
	return told
}

func saveLeft(ctx context.Context, private privateState, names []string) {
	if old, _ := private.GetKey(ctx, leftKey); len(old) == 0 && len(names) == 0 {
		return
	}
	if content, err := json.Marshal(names); err == nil {
		private.SetKey(ctx, leftKey, content)
	}
}

// loadLeft returns what a plan has saved.
func loadLeft(ctx context.Context, private privateReader) []string {
	var names []string
	if content, _ := private.GetKey(ctx, leftKey); len(content) > 0 {
		_ = json.Unmarshal(content, &names) // the provider's own words
	}
	return names
}

// planLeaving notes that the destruction of a resource is planned, and returns what it leaves to another resource of this
// run, which has the same settings. What this one knows of them is noted, in case the other one turns out to go, too.
func (k *settingsKind) planLeaving(
	ctx context.Context, data *providerData, state settingsModel, taken snapshot, private privateState,
) (toNew, toOld []asgardeo.Setting) {
	var names []string
	data.notes(state.organization.ValueString(), placeOf(state.api), state.flags.declared(),
		func(setting asgardeo.Setting, notes *settingNotes) {
			others := notes.inState - 1 - notes.leaving
			notes.leaving++
			switch {
			case notes.created > 0:
				toNew = append(toNew, setting)
			case notes.existing > 0 || others > 0:
				toOld = append(toOld, setting)
			default:
				return
			}
			names = append(names, attributeNames[setting])
			notes.leave(setting, taken)
		})
	saveLeft(ctx, private, names)
	return toNew, toOld
}

// leave returns the flags of a resource that is destroyed, without those that another resource has: with
// create_before_destroy, or under a new address, it may have taken them over already. What this one knows of those is
// noted for the other one.
func (k *settingsKind) leave(
	ctx context.Context, data *providerData, state settingsModel, taken snapshot, private privateState,
) flags {
	planned := loadLeft(ctx, private)
	mine := flags{}
	data.notes(state.organization.ValueString(), placeOf(state.api), state.flags.declared(),
		func(setting asgardeo.Setting, notes *settingNotes) {
			name := attributeNames[setting]
			another := notes.created+notes.existing > 0 || slices.Contains(planned, name)
			if !notes.taken && (!another || notes.failed) {
				mine[setting] = state.flags[setting]
				return
			}
			notes.leave(setting, taken)
		})
	return mine
}

// leave notes what a resource that goes knows of a setting.
func (n *settingNotes) leave(setting asgardeo.Setting, taken snapshot) {
	if known, ok := taken.Settings[attributeNames[setting]]; ok {
		n.left = &history{known, taken.Origin}
	}
}

// inherit completes the record of a resource that takes settings over, or is the last one that had them, by what an
// earlier one, which left them as they were, knew of the time before Terraform. It returns those settings, too.
func (r *run) inherit(
	organization string, api asgardeo.API, had []asgardeo.Setting, taken snapshot,
) (snapshot, []asgardeo.Setting) {
	inherited, settings := taken.clone(), []asgardeo.Setting{}
	r.notes(organization, api, had, func(setting asgardeo.Setting, notes *settingNotes) {
		name := attributeNames[setting]
		own, known := taken.Settings[name]
		if notes.left == nil || known && fromRecord(notes.left.Set) != fromRecord(own.Before) {
			return
		}
		if !known {
			own = notes.left.record // the create has failed before it could look
		}
		inherited.Settings[name] = record{Before: notes.left.Before, Set: own.Set}
		if setting != asgardeo.PortalEnabled && inherited.Origin == "" {
			inherited.Origin = notes.left.origin
		}
		settings = append(settings, setting)
	})
	return inherited, settings
}

// noteDeclared notes what a resource of the configuration declares, and warns of settings that another one has, too: they
// would undo each other's work.
func (k *settingsKind) noteDeclared(data *providerData, plan settingsModel, exists bool) diag.Diagnostics {
	if data == nil || plan.organization.IsUnknown() {
		return nil
	}
	organization := plan.organization.ValueString()
	var twice, undone, leaving []string
	data.notes(organization, placeOf(plan.api), plan.flags.declared(),
		func(setting asgardeo.Setting, notes *settingNotes) {
			name := attributeNames[setting]
			switch {
			case notes.created+notes.existing > 0:
				twice = append(twice, name)
			case notes.leaving > 0 && exists && notes.undone:
				undone = append(undone, name)
			case notes.leaving > 0 && !exists:
				leaving = append(leaving, name)
			}
			if exists {
				notes.existing++
			} else {
				notes.created++
			}
		})
	var diags diag.Diagnostics
	if len(twice) > 0 {
		diags.Append(k.twoResources(organization, twice))
	}
	if len(undone) > 0 {
		diags.AddError(fmt.Sprintf("Destroying another resource would undo the %s of %q", k.thing, organization), fmt.Sprintf(
			"This plan destroys a second %s of that organization, which has these settings, too: %s. Destroying it puts them "+
				"back to what they were before Terraform. %s", k.typeName, strings.Join(undone, ", "), letItForget))
	}
	if len(leaving) > 0 {
		diags.AddWarning(fmt.Sprintf("The %s of %q are destroyed and created", k.thing, organization), fmt.Sprintf(
			"This plan also destroys a resource that has these settings: %s. Destroying it may put them back to what they were "+
				"before Terraform, and this one sets them again: for a moment, users meet the earlier ones. %s",
			strings.Join(leaving, ", "), useMoved))
	}
	return diags
}

const letItForget = "Let Terraform forget it instead: write a removed block with lifecycle { destroy = false } for it, or run " +
	"terraform state rm. If this is the same resource under a new address, a moved block renames it without destroying " +
	"anything. To destroy everything, run terraform destroy -refresh=false."

const useMoved = "If the resource has only a new address, a moved block renames it without touching anything: moved { from = " +
	"<old address>, to = <new address> }, each argument on a line of its own."

func (k *settingsKind) twoResources(organization string, names []string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(
		fmt.Sprintf("Two resources for the %s of %q", k.thing, organization), fmt.Sprintf(
			"More than one %s of this configuration declares %s for that organization. If their values differ, each apply "+
				"undoes what the other resource wrote. Keep one of them. If the other one is in the state, let Terraform forget "+
				"it: terraform state rm, or a removed block with lifecycle { destroy = false }.",
			k.typeName, strings.Join(names, ", ")))
}

func namesOf(settings []asgardeo.Setting, separator string) string {
	names := make([]string, len(settings))
	for i, setting := range settings {
		names[i] = attributeNames[setting]
	}
	return strings.Join(names, separator)
}

// planFlow notes a resource that plans the login flow of an organization, or a part of it, and refuses a second one: they
// would undo each other's work in every apply. It is not asked about the new resource of a replacement.
func (d *providerData) planFlow(organization types.String, typeName string) diag.Diagnostics {
	if !d.ready() || organization.IsUnknown() || typeName != loginFlowType && d.myAccountAPI != asgardeo.ApplicationAPI {
		return nil
	}
	name, rival := organization.ValueString(), loginFlowType
	if typeName == loginFlowType {
		rival = myAccountTwoFactor.typeName
	}
	_, twice := d.flows.LoadOrStore(name+"/"+typeName, true)
	_, both := d.flows.Load(name + "/" + rival)
	const advice = "Keep one of them, and let Terraform forget the other one if it is in the state: terraform state rm, or a " +
		"removed block with lifecycle { destroy = false }."
	switch {
	case both:
		return diag.Diagnostics{diag.NewErrorDiagnostic(
			fmt.Sprintf("Two kinds of resources for the login flow of %q", name), fmt.Sprintf(
				"A block %s and a block %s of this configuration are both about organization %q. The second factors are a part of "+
					"the login flow, so each apply would undo what the other resource wrote. %s",
				myAccountTwoFactor.typeName, loginFlowType, name, advice))}
	case typeName == loginFlowType && twice:
		return diag.Diagnostics{diag.NewErrorDiagnostic(
			fmt.Sprintf("Two resources for the login flow of %q", name), fmt.Sprintf(
				"More than one block %s of this configuration is about organization %q, so each apply would undo what the other "+
					"resource wrote. %s", loginFlowType, name, advice))}
	}
	return nil
}

// tookFlow notes that a resource has taken the login flow over, and all settings that are in it.
func (r *run) tookFlow(organization *asgardeo.Organization) {
	r.took(organization.MyAccount(asgardeo.ApplicationAPI), asgardeo.TwoFactor())
}

// flowTaken reports that another resource of this run has taken a part of the login flow.
func (r *run) flowTaken(organization string) bool {
	return len(r.those(organization, asgardeo.ApplicationAPI, asgardeo.TwoFactor(),
		func(notes *settingNotes) bool { return notes.taken })) > 0
}
