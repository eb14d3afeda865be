package provider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// flowRecord keeps, beside the state, the flow that was there before Terraform, so that destroy can put it back.
type flowRecord struct {
	Version      int          `json:"version"`
	Installation string       `json:"installation"`
	Organization string       `json:"organization"`
	Before       recordedFlow `json:"before"`
	// Set holds the fingerprint of what Terraform made of the flow: two of them where nobody can tell if the last change
	// was made. A flow that has none of them was changed by somebody else, and is theirs.
	Set []string `json:"set"`
	// Type is that of the flow that Terraform made, or found at an import.
	Type string `json:"type"`
}

type recordedFlow struct {
	Type          string             `json:"type"`
	Steps         [][]recordedOption `json:"steps"`
	SubjectStep   int                `json:"subject_step"`
	AttributeStep int                `json:"attribute_step"`
	Script        string             `json:"script,omitempty"`
}

type recordedOption struct {
	Connection    string `json:"connection,omitempty"`
	Authenticator string `json:"authenticator"`
}

const flowRecordVersion = 1

// newFlowRecord records a flow as what was there before Terraform.
func newFlowRecord(organization *asgardeo.Organization, before asgardeo.LoginFlow) flowRecord {
	record := flowRecord{
		Version: flowRecordVersion, Installation: organization.Installation(), Organization: organization.Name(),
		Before: recordedFlow{
			Type: before.Kind, SubjectStep: before.SubjectStep, AttributeStep: before.AttributeStep, Script: before.Script,
		},
		Set: []string{before.Fingerprint()}, Type: before.Kind,
	}
	for _, step := range before.Steps {
		options := []recordedOption{}
		for _, option := range step.Options {
			options = append(options, recordedOption{option.Connection, option.Authenticator})
		}
		record.Before.Steps = append(record.Before.Steps, options)
	}
	return record
}

// known reports whether there is anything to restore from.
func (r flowRecord) known() bool {
	return r.Version == flowRecordVersion
}

// wrote notes the flow that Terraform made.
func (r flowRecord) wrote(plan loginFlowModel) flowRecord {
	flow, _ := plan.flow()
	r.Set, r.Type = []string{flow.Fingerprint()}, asgardeo.OwnFlow
	return r
}

// mayHaveWritten notes a flow that Terraform has perhaps made.
func (r flowRecord) mayHaveWritten(plan loginFlowModel) flowRecord {
	flow, _ := plan.flow()
	r.Set, r.Type = append(slices.Clone(r.Set), flow.Fingerprint()), asgardeo.OwnFlow
	return r
}

// before is the flow that was there before Terraform.
func (r flowRecord) before() asgardeo.LoginFlow {
	flow := asgardeo.LoginFlow{
		Kind: r.Before.Type, SubjectStep: r.Before.SubjectStep, AttributeStep: r.Before.AttributeStep,
		Script: r.Before.Script,
	}
	for _, options := range r.Before.Steps {
		var step asgardeo.LoginStep
		for _, option := range options {
			step.Options = append(step.Options, asgardeo.LoginOption{
				Connection: option.Connection, Authenticator: option.Authenticator,
			})
		}
		flow.Steps = append(flow.Steps, step)
	}
	return flow
}

// save does nothing where there is no record: what was there before Terraform will not be known later, either.
func (r flowRecord) save(ctx context.Context, private privateState) diag.Diagnostics {
	if !r.known() {
		return nil
	}
	content, err := json.Marshal(r)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to record the earlier login flow", err.Error())}
	}
	return private.SetKey(ctx, snapshotKey, content)
}

// privateReader is the private state where it is only read.
type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// loadFlowRecord returns the record, or an empty one where there is none that can be used. The organization is nil
// while it cannot be reached.
func loadFlowRecord(
	ctx context.Context, private privateReader, name types.String, organization *asgardeo.Organization,
) (flowRecord, diag.Diagnostics) {
	content, diags := private.GetKey(ctx, snapshotKey)
	if diags.HasError() || len(content) == 0 {
		return flowRecord{}, diags
	}
	var record flowRecord
	if err := json.Unmarshal(content, &record); err != nil || !record.known() {
		diags.AddWarning(fmt.Sprintf("Unreadable record of the earlier login flow of %q", name.ValueString()), fmt.Sprintf(
			"The state's record of the flow that was there before Terraform was written by another version of the provider "+
				"(version %d). It is not used.", record.Version))
		return flowRecord{}, diags
	}
	if organization != nil &&
		(record.Installation != organization.Installation() || record.Organization != organization.Name()) {
		diags.AddWarning(fmt.Sprintf("The record is not about the login flow of %q", name.ValueString()), fmt.Sprintf(
			"The state's record of the flow that was there before Terraform is about organization %q at %s. It is not used.",
			record.Organization, record.Installation))
		return flowRecord{}, diags
	}
	return record, diags
}

// handover is what destroy does with a flow.
type flowHandover struct {
	mode   string
	record flowRecord
	// What was decided: the flow that comes back, or why the live one stays.
	target asgardeo.LoginFlow
	stays  string
}

func newFlowHandover(mode types.String, record flowRecord) flowHandover {
	h := flowHandover{mode: mode.ValueString(), record: record}
	if h.mode == "" {
		h.mode = onDestroyRestore
	}
	return h
}

// forgotten reports that there is nothing to restore from.
func (h *flowHandover) forgotten() bool {
	return h.mode == onDestroyRestore && !h.record.known()
}

// decide returns what becomes of the live flow. One that is a whole thing cannot be put back by halves.
func (h *flowHandover) decide(live asgardeo.LoginFlow, noSender func() bool) asgardeo.LoginFlow {
	h.target, h.stays = live, ""
	before := h.record.before()
	switch {
	case h.mode == onDestroyReset:
		h.target = asgardeo.LoginFlow{Kind: asgardeo.ServerFlow}
	case !slices.Contains(h.record.Set, live.Fingerprint()):
		if !live.Same(before) { // a destroy that got no answer has put it back already
			h.stays = "Somebody has changed it since Terraform wrote it, and half of a flow cannot be put back."
		}
	case before.SendsSMS() && !live.SendsSMS() && noSender():
		h.stays = "The flow that was there before Terraform asks for SMS OTP, and the organization has no SMS sender anymore " +
			"that could send it."
	default:
		h.target = before
	}
	return h.target
}

// handBack puts the earlier flow back. A failure keeps the state, so that the next destroy tries again.
func (r *loginFlowResource) handBack(
	ctx context.Context, state loginFlowModel, private privateReader, diags *diag.Diagnostics,
) {
	name := state.Organization.ValueString()
	record, loaded := loadFlowRecord(ctx, private, state.Organization, r.data.reach(name))
	diags.Append(loaded...)
	h := newFlowHandover(state.OnDestroy, record)
	if loaded.HasError() || h.mode == onDestroyKeep {
		return
	}
	if h.forgotten() {
		diags.AddWarning(fmt.Sprintf("Nothing to restore for the login flow of %q", name),
			"The state has no record of the flow that was there before Terraform, so it stays as it is.")
		return
	}
	organization := r.data.use(state.Organization, diags)
	if organization == nil {
		return
	}
	done, err := r.data.Turn(ctx, name)
	if err != nil {
		addError(diags, "hand back the login flow", err)
		return
	}
	defer done()
	if len(r.data.Taken(secondFactors(name))) > 0 {
		diags.AddWarning(fmt.Sprintf("Another resource has the login flow of %q now", name),
			"It took the flow over before this one was destroyed. So the flow stays as it is, and destroying the other resource "+
				"later will not bring back what was there before Terraform. To rename a resource, use a moved block: it keeps the "+
				"record.")
		return
	}
	if r.leavesFlow(ctx, name, record, private) {
		return
	}
	noSender := func() bool { return plannedWithoutSender(ctx, private) || r.data.noSender(ctx, organization) }
	err = organization.ChangeLoginFlow(ctx, func(live asgardeo.Application) (asgardeo.LoginFlow, error) {
		return h.decide(live.Flow, noSender), nil
	})
	if h.stays != "" {
		diags.AddWarning(fmt.Sprintf("The login flow of %q is not restored", name),
			"The login flow stays as it is. "+h.stays+"\n\n"+flowText("now", organization, h.target))
	}
	if isKind(err, asgardeo.InvalidFlow) { // trying again would never help: a connection of the earlier flow is gone perhaps
		diags.AddWarning(fmt.Sprintf("The login flow of %q is not restored", name),
			"The login flow stays as it is. The server refuses the flow that was there before Terraform.\n\n"+
				flowText("before", organization, record.before())+"\n\n"+explain(err))
		return
	}
	if err != nil {
		addError(diags, "hand back the login flow", err)
		return
	}
	r.data.deleteSenderThatStayed(ctx, organization, diags)
}

// isUnsettled reports that the server may have made a change although the call failed.
func isUnsettled(err error) bool {
	failure, ok := errors.AsType[*asgardeo.Error](err)
	return ok && failure.Unsettled
}
