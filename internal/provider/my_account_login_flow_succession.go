package provider

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// One resource for a login flow that follows another: under a new address, or because it replaces it. The flow stays as it
// is in between, and the record of the earlier flow goes along, as with settings: see ownership.go.

// flowNotes is what a run has seen of the resources for a login flow.
type flowNotes struct {
	inState int          // resources of the state
	records []flowRecord // of those
	leaving int          // resources whose destruction is planned
	undone  bool         // one of these changes the flow
	created bool         // one is planned that is not in the state
	failed  bool         // that one could not be created
	left    *flowRecord  // of a resource that left the flow as it was
}

func (r *run) flow(organization string, look func(notes *flowNotes)) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.loginFlows[organization] == nil {
		r.loginFlows[organization] = &flowNotes{}
	}
	look(r.loginFlows[organization])
}

// noteCreation notes that a resource is planned which is not in the state. If it replaces one, that one's destroy is told,
// by the private state of the plan, to leave the flow as it is.
func (r *loginFlowResource) noteCreation(ctx context.Context, plan loginFlowModel, private privateState) {
	if !r.data.ready() || plan.Organization.IsUnknown() {
		return
	}
	organization := r.data.reach(plan.Organization.ValueString())
	record, _ := loadFlowRecord(ctx, private, plan.Organization, organization)
	told := recorded(ctx, private)
	r.data.flow(plan.Organization.ValueString(), func(notes *flowNotes) {
		notes.created = notes.created || !told
		if !told && len(notes.records) > 0 {
			record = notes.records[0]
		}
	})
	if record.known() {
		saveFlowRecord(ctx, private, record)
		saveLeft(ctx, private, []string{loginFlowType})
	}
}

// undoneFlow refuses a plan that destroys another resource for the same flow, and so would undo this one.
func (r *run) undoneFlow(organization string) diag.Diagnostics {
	undone := false
	r.flow(organization, func(notes *flowNotes) { undone = notes.undone })
	if !undone {
		return nil
	}
	return diag.Diagnostics{diag.NewErrorDiagnostic(
		fmt.Sprintf("Destroying another resource would undo the login flow of %q", organization), fmt.Sprintf(
			"This plan destroys a second %s of that organization, which puts the flow back that was there before Terraform. %s",
			loginFlowType, letItForget))}
}

// leavesFlow reports whether a resource that is destroyed leaves the flow to the one that follows it.
func (r *loginFlowResource) leavesFlow(ctx context.Context, name string, record flowRecord, private privateReader) bool {
	planned := loadLeft(ctx, private)
	leaves := false
	r.data.flow(name, func(notes *flowNotes) {
		if leaves = (len(planned) > 0 || notes.created) && !notes.failed; leaves && record.known() {
			notes.left = &record
		}
	})
	return leaves
}

// inheritFlow is the record of a new resource, with what an earlier one knew of the time before Terraform.
func (r *loginFlowResource) inheritFlow(organization *asgardeo.Organization, found asgardeo.LoginFlow) flowRecord {
	record := newFlowRecord(organization, found)
	r.data.flow(organization.Name(), func(notes *flowNotes) {
		if notes.left != nil && slices.Contains(notes.left.Set, found.Fingerprint()) {
			record.Before = notes.left.Before
		}
	})
	return record
}

// putBackFlow undoes what a create may have written before it failed, so that nothing is left of it to remember.
func (r *loginFlowResource) putBackFlow(
	ctx context.Context, organization *asgardeo.Organization, found asgardeo.LoginFlow, plan loginFlowModel, cause error,
) diag.Diagnostics {
	fingerprints, before, written := []string{plan.flow().Fingerprint()}, found, isUnsettled(cause)
	r.data.flow(organization.Name(), func(notes *flowNotes) {
		notes.failed = true
		if notes.left != nil {
			written, before = true, notes.left.before()
			fingerprints = append(fingerprints, notes.left.Set...)
		}
	})
	if !written {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), putBackFor)
	defer cancel()
	back := false
	err := organization.ChangeLoginFlow(ctx, func(live asgardeo.Application) (asgardeo.LoginFlow, error) {
		if back = slices.Contains(fingerprints, live.Flow.Fingerprint()) && !live.Flow.Same(before); back {
			return before, nil
		}
		return live.Flow, nil
	})
	switch {
	case err != nil:
		return diag.Diagnostics{diag.NewWarningDiagnostic(
			fmt.Sprintf("The login flow of %q may have been changed", organization.Name()),
			"Putting it back has failed, too. The next apply takes what it finds for what was there before Terraform: "+
				"on_destroy = \"restore\" will leave it so.\n\n"+flowText("before", organization, before))}
	case back:
		return diag.Diagnostics{diag.NewWarningDiagnostic(
			fmt.Sprintf("The login flow of %q is what it was", organization.Name()),
			"What Terraform had made of it has been put back.")}
	}
	return nil
}
