package loginflow

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/explain"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
)

// One resource for a login flow that follows another: under a new address, or because it replaces it. The flow stays
// as it is in between, and the record of the earlier flow goes along, as with settings: see handover.Run.

// Knows makes a record something that a run remembers.
func (r flowRecord) Knows(portal.Setting) bool {
	return r.known()
}

// noteDeclared notes a resource of the configuration, and refuses it where another one would undo its work, or it
// that of another one. It is not asked about the new resource of a replacement.
func (r *flowResource) noteDeclared(organization types.String, exists bool) diag.Diagnostics {
	if r.data == nil || organization.IsUnknown() {
		return nil
	}
	var diags diag.Diagnostics
	name := organization.ValueString()
	others := r.data.NoteDeclared(handover.FlowClaim(name), exists)
	switch {
	case r.data.Ready() && r.data.IsDeclared(handover.FactorsClaim(name)):
		diags.Append(session.WholeFlowAndFactors(name))
	case r.data.Ready() && len(others.Declared) > 0:
		diags.AddError(fmt.Sprintf("Two resources for the login flow of %q", name),
			fmt.Sprintf(twoLoginFlows, TypeName, name, session.KeepOneOfThem))
	}
	if exists && len(others.Undone) > 0 {
		diags.AddError(fmt.Sprintf("Destroying another resource would undo the login flow of %q", name),
			fmt.Sprintf(loginFlowUndone, TypeName, session.LetItForget))
	}
	return diags
}

const (
	twoLoginFlows = "More than one block %s of this configuration is about organization %q, so each apply would undo " +
		"what the other resource wrote. %s"
	loginFlowUndone = "This plan destroys a second %s of that organization, which puts the flow back that was there " +
		"before Terraform. %s"
)

// noteReplacement lets the resource that a replacement destroys know, by the private state of the plan, that it is to
// leave the flow as it is: a new one is planned here. Where Terraform does not tell what that one replaces, what the
// refresh noted has to do.
func (r *flowResource) noteReplacement(ctx context.Context, plan flowModel, private session.PrivateState) {
	if !r.data.Ready() || plan.Organization.IsUnknown() {
		return
	}
	name := plan.Organization.ValueString()
	organization, _ := r.data.Organization(plan.Organization)
	record, _ := loadFlowRecord(ctx, private, plan.Organization, organization)
	if !session.HasRecord(ctx, private) {
		record, _ = r.data.Known(handover.FlowClaim(name)).(flowRecord)
	}
	if record.known() {
		saveFlowRecord(ctx, private, record)
		session.SaveLeftToAnother(ctx, private, handover.NamesOf(handover.FlowClaim(name).Settings))
	}
}

// leavesFlow reports whether a resource that is destroyed leaves the flow to the one that follows it.
func (r *flowResource) leavesFlow(
	ctx context.Context, organization string, record flowRecord, private session.PrivateReader,
) bool {
	return len(
		r.data.NoteDestroyed(handover.FlowClaim(organization), session.LoadLeftToAnother(ctx, private), record),
	) == 0
}

// inheritFlow is the record of a new resource, with what an earlier one knew of the time before Terraform.
func (r *flowResource) inheritFlow(organization *asgardeo.Organization, found portal.LoginFlow) flowRecord {
	record := newFlowRecord(organization, found)
	earlier, left := r.data.Left(handover.FlowClaim(organization.Name())).(flowRecord)
	if left && slices.Contains(earlier.Set, found.Fingerprint()) {
		record.Before = earlier.Before
	}
	return record
}

// putBackFlow undoes what a create may have written before it failed, so that nothing is left of it to remember.
func (r *flowResource) putBackFlow(
	ctx context.Context, organization *asgardeo.Organization, found portal.LoginFlow, plan flowModel, cause error,
) diag.Diagnostics {
	r.data.NoteFailed(handover.FlowClaim(organization.Name()))
	ours := plan.flow()
	fingerprints, before := []string{ours.Fingerprint()}, found
	earlier, left := r.data.Left(handover.FlowClaim(organization.Name())).(flowRecord)
	if left {
		before = earlier.earlierFlow()
		fingerprints = append(fingerprints, earlier.Set...)
	}
	if !left && !explain.IsUnsettled(cause) {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), session.PutBackFor)
	defer cancel()
	back := false
	err := organization.ChangeLoginFlow(ctx, func(live asgardeo.Application) (portal.LoginFlow, error) {
		if back = slices.Contains(fingerprints, live.Flow.Fingerprint()) && !live.Flow.Same(before); back {
			return before, nil
		}
		return live.Flow, nil
	})
	switch {
	case err != nil:
		return diag.Diagnostics{diag.NewWarningDiagnostic(
			fmt.Sprintf("The login flow of %q may have been changed", organization.Name()),
			loginFlowNotPutBack+flowText("before", organization, before))}
	case back:
		return diag.Diagnostics{diag.NewWarningDiagnostic(
			fmt.Sprintf("The login flow of %q is what it was", organization.Name()),
			"What Terraform had made of it has been put back.")}
	}
	return nil
}

const loginFlowNotPutBack = "Putting it back has failed, too. The next apply takes what it finds for what was " +
	"there before Terraform: on_destroy = \"restore\" will leave it so.\n\n"
