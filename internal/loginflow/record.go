package loginflow

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
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

const recordVersion = 1

// newRecord records a flow as what was there before Terraform.
func newRecord(organization *asgardeo.Organization, flow portal.Flow) flowRecord {
	before := recordedFlow{flow.Kind, nil, flow.SubjectStep, flow.AttributeStep, flow.Script}
	for _, step := range flow.Steps {
		var options []recordedOption
		for _, option := range step.Options {
			options = append(options, recordedOption{option.Connection, option.Authenticator})
		}
		before.Steps = append(before.Steps, options)
	}
	return flowRecord{
		Version: recordVersion, Installation: organization.Installation(), Organization: organization.Name(),
		Before: before, Set: []string{flow.Fingerprint()}, Type: flow.Kind,
	}
}

// loadRecord returns the record, or an empty one where there is none that can be used. The organization is nil while
// it cannot be reached.
func loadRecord(
	ctx context.Context, private session.PrivateReader, name types.String, organization *asgardeo.Organization,
) (flowRecord, diag.Diagnostics) {
	content := session.LoadRecord(ctx, private)
	if len(content) == 0 {
		return flowRecord{}, nil
	}
	var record flowRecord
	err := json.Unmarshal(content, &record)
	switch {
	case err != nil || !record.Knows(handover.WholeFlow):
		return flowRecord{}, warning("Unreadable record of the earlier login flow of %q", name.ValueString(),
			fmt.Sprintf(recordOfAnotherVersion, record.Version))
	case organization != nil &&
		(record.Installation != organization.Installation() || record.Organization != organization.Name()):
		return flowRecord{}, warning("The record is not about the login flow of %q", name.ValueString(),
			fmt.Sprintf(recordOfAnotherPlace, record.Organization, record.Installation))
	}
	return record, nil
}

// encode returns what the state is to keep: nothing of an empty record.
func (r flowRecord) encode() []byte {
	if !r.Knows(handover.WholeFlow) {
		return nil
	}
	content, _ := json.Marshal(r) // texts and numbers never fail
	return content
}

// Knows reports whether there is anything to restore from. It makes a record a [handover.Memory].
func (r flowRecord) Knows(portal.Setting) bool {
	return r.Version == recordVersion
}

// wrote notes the flow that Terraform made.
func (r flowRecord) wrote(flow portal.Flow) flowRecord {
	r.Set, r.Type = []string{flow.Fingerprint()}, portal.OwnFlow
	return r
}

// mayHaveWritten notes a flow that Terraform has perhaps made.
func (r flowRecord) mayHaveWritten(flow portal.Flow) flowRecord {
	r.Set, r.Type = append(slices.Clone(r.Set), flow.Fingerprint()), portal.OwnFlow
	return r
}

// following completes the record of a resource that has the flow after an earlier one, or is the last one that had it:
// one that left the flow as it was knows more of the time before Terraform.
func (r flowRecord) following(earlier flowRecord) flowRecord {
	if earlier.isOurs(r.earlierFlow()) {
		r.Before = earlier.Before
	}
	return r
}

// isOurs reports that a live flow still is what Terraform made of it.
func (r flowRecord) isOurs(live portal.Flow) bool {
	return slices.Contains(r.Set, live.Fingerprint())
}

// earlierFlow is the flow that was there before Terraform.
func (r flowRecord) earlierFlow() portal.Flow {
	flow := portal.Flow{
		Kind: r.Before.Type, Script: r.Before.Script,
		SubjectStep: r.Before.SubjectStep, AttributeStep: r.Before.AttributeStep,
	}
	for _, options := range r.Before.Steps {
		var step portal.Step
		for _, o := range options {
			step.Options = append(step.Options, portal.Option{Connection: o.Connection, Authenticator: o.Authenticator})
		}
		flow.Steps = append(flow.Steps, step)
	}
	return flow
}

// afterDestroy decides what a destroy makes of the live flow, and says why that one stays where it should go: a flow is
// a whole, which cannot be put back by halves. It asks for a sender only where the earlier flow needs one again.
func (r flowRecord) afterDestroy(
	onDestroy string, live portal.Flow, noSender func() bool,
) (after portal.Flow, stays string) {
	before := r.earlierFlow()
	switch {
	case onDestroy == handover.Reset:
		return portal.Flow{Kind: portal.ServerFlow}, ""
	case !r.isOurs(live) && live.Same(before):
		return live, "" // a destroy that got no answer has put it back already
	case !r.isOurs(live):
		return live, flowOfSomebodyElse
	case before.SendsSMS() && !live.SendsSMS() && noSender():
		return live, flowWithoutSender
	}
	return before, ""
}
