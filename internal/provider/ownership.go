package provider

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/sync/semaphore"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// Which resource of a run plans, takes and leaves the settings of an organization.

// alsoPlanned notes the settings that a planned resource declares, and returns those that another resource of this plan declares, too.
// Terraform plans a replacement in two calls, the second one without prior state. So that a resource is not taken for its own
// rival, a new one and an existing one are rivals only where their values differ.
func (d *providerData) alsoPlanned(organization string, planned flags, exists bool) []asgardeo.Setting {
	var twice []asgardeo.Setting
	for _, setting := range planned.declared() {
		key, value := organization+"/"+string(setting), planned[setting].String()
		_, same := d.planned.LoadOrStore(fmt.Sprint(key, exists), value)
		other, differs := d.planned.Load(fmt.Sprint(key, !exists))
		if same || differs && other != value {
			twice = append(twice, setting)
		}
	}
	return twice
}

// planFlow notes a resource that plans the login flow of an organization, or a part of it, and refuses a second one: they
// would undo each other's work in every apply. Terraform plans a replacement in two calls, the second one without prior
// state. So that a resource is not taken for its own rival, a new one and an existing one of a type are rivals only
// where what they plan differs.
func (d *providerData) planFlow(organization types.String, typeName, planned string, exists bool) diag.Diagnostics {
	if !d.ready() || organization.IsUnknown() || typeName != loginFlowType && d.myAccountAPI != asgardeo.ApplicationAPI {
		return nil
	}
	name, rival := organization.ValueString(), loginFlowType
	if typeName == loginFlowType {
		rival = myAccountTwoFactor.typeName
	}
	key := func(typeName string, exists bool) string { return fmt.Sprint(name, "/", typeName, "/", exists) }
	_, twice := d.flows.LoadOrStore(key(typeName, exists), planned)
	other, both := d.flows.Load(key(typeName, !exists))
	_, newRival := d.flows.Load(key(rival, false))
	_, oldRival := d.flows.Load(key(rival, true))
	const advice = "Keep one of them, and let Terraform forget the other one if it is in the state: terraform state rm, or a " +
		"removed block with lifecycle { destroy = false }."
	switch {
	case newRival || oldRival:
		return diag.Diagnostics{diag.NewErrorDiagnostic(
			fmt.Sprintf("Two kinds of resources for the login flow of %q", name), fmt.Sprintf(
				"A block %s and a block %s of this configuration are both about organization %q. The second factors are a part of "+
					"the login flow, so each apply would undo what the other resource wrote. %s",
				myAccountTwoFactor.typeName, loginFlowType, name, advice))}
	case typeName == loginFlowType && (twice || both && other != planned):
		return diag.Diagnostics{diag.NewErrorDiagnostic(
			fmt.Sprintf("Two resources for the login flow of %q", name), fmt.Sprintf(
				"More than one block %s of this configuration is about organization %q, so each apply would undo what the other "+
					"resource wrote. %s", loginFlowType, name, advice))}
	}
	return nil
}

// takeFlow notes that a resource of this process has taken the login flow over, and all settings that are in it.
func (d *providerData) takeFlow(organization *asgardeo.Organization) {
	d.take(organization.MyAccount(asgardeo.ApplicationAPI), asgardeo.TwoFactor())
}

// flowTaken reports that another resource of this process has taken a part of the login flow.
func (d *providerData) flowTaken(organization *asgardeo.Organization) bool {
	return slices.ContainsFunc(asgardeo.TwoFactor(), func(setting asgardeo.Setting) bool {
		_, taken := d.taken.Load(takenKey(organization.Name(), asgardeo.ApplicationAPI, setting))
		return taken
	})
}

// takeover lets one resource at a time take an organization's settings over or hand them back, so that a resource which is destroyed
// sees what came of a create that runs at the same time. It returns what ends the turn.
func (d *providerData) takeover(ctx context.Context, organization string) (func(), error) {
	turn, _ := d.turns.LoadOrStore(organization, semaphore.NewWeighted(1))
	if err := turn.(*semaphore.Weighted).Acquire(ctx, 1); err != nil {
		return nil, fmt.Errorf("the operation was interrupted, or its time ran out, while another resource of organization %q was being changed", organization)
	}
	return func() { turn.(*semaphore.Weighted).Release(1) }, nil
}

// take notes that a resource of this process has begun to declare the settings.
func (d *providerData) take(account *asgardeo.MyAccount, settings []asgardeo.Setting) {
	for _, setting := range settings {
		d.taken.Store(takenKey(account.Name(), account.API(), setting), true)
	}
}

func takenKey(organization string, api asgardeo.API, setting asgardeo.Setting) string {
	return fmt.Sprint(organization, "/", api, "/", setting)
}

// leave returns the flags of a resource that is destroyed, without those which a successor has taken: with
// create_before_destroy, or under a new address, it was created first, and those settings are its own now.
func (d *providerData) leave(state settingsModel) flags {
	left := flags{}
	for _, setting := range state.flags.declared() {
		key := takenKey(state.organization.ValueString(), placeOf(state.api), setting)
		if _, taken := d.taken.Load(key); !taken {
			left[setting] = state.flags[setting]
		}
	}
	return left
}
