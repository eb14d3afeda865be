package loginflow

import (
	"slices"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
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

// recordedFlow is a flow as states keep it, which must not change with the client.
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
func newFlowRecord(organization *asgardeo.Organization, flow portal.LoginFlow) flowRecord {
	before := recordedFlow{flow.Kind, nil, flow.SubjectStep, flow.AttributeStep, flow.Script}
	for _, step := range flow.Steps {
		var options []recordedOption
		for _, option := range step.Options {
			options = append(options, recordedOption{option.Connection, option.Authenticator})
		}
		before.Steps = append(before.Steps, options)
	}
	return flowRecord{
		Version: flowRecordVersion, Installation: organization.Installation(), Organization: organization.Name(),
		Before: before, Set: []string{flow.Fingerprint()}, Type: flow.Kind,
	}
}

// known reports whether there is anything to restore from.
func (r flowRecord) known() bool {
	return r.Version == flowRecordVersion
}

// wrote notes the flow that Terraform made.
func (r flowRecord) wrote(flow portal.LoginFlow) flowRecord {
	r.Set, r.Type = []string{flow.Fingerprint()}, portal.OwnFlow
	return r
}

// mayHaveWritten notes a flow that Terraform has perhaps made.
func (r flowRecord) mayHaveWritten(flow portal.LoginFlow) flowRecord {
	r.Set, r.Type = append(slices.Clone(r.Set), flow.Fingerprint()), portal.OwnFlow
	return r
}

// earlierFlow is the flow that was there before Terraform.
func (r flowRecord) earlierFlow() portal.LoginFlow {
	flow := portal.LoginFlow{
		Kind: r.Before.Type, Script: r.Before.Script,
		SubjectStep: r.Before.SubjectStep, AttributeStep: r.Before.AttributeStep,
	}
	for _, options := range r.Before.Steps {
		var step portal.LoginStep
		for _, o := range options {
			step.Options = append(step.Options, portal.LoginOption{Connection: o.Connection, Authenticator: o.Authenticator})
		}
		flow.Steps = append(flow.Steps, step)
	}
	return flow
}

// Why a destroy leaves a flow as it is. One that is a whole thing cannot be put back by halves.
const (
	flowOfSomebodyElse = "Somebody has changed it since Terraform wrote it, and half of a flow cannot be put back."
	flowWithoutSender  = "The flow that was there before Terraform asks for SMS OTP, and the organization has no SMS " +
		"sender anymore that could send it."
)

// handover decides what a destroy makes of the live flow, and says why that one stays where it should go. It asks for a
// sender only where the earlier flow needs one again.
func (r flowRecord) handover(
	onDestroy string, live portal.LoginFlow, noSender func() bool,
) (after portal.LoginFlow, stays string) {
	before, ours := r.earlierFlow(), slices.Contains(r.Set, live.Fingerprint())
	switch {
	case onDestroy == session.OnDestroyReset:
		return portal.LoginFlow{Kind: portal.ServerFlow}, ""
	case !ours && live.Same(before):
		return live, "" // a destroy that got no answer has put it back already
	case !ours:
		return live, flowOfSomebodyElse
	case before.SendsSMS() && !live.SendsSMS() && noSender():
		return live, flowWithoutSender
	}
	return before, ""
}
